import { expect, it } from "vitest";
import { sweepId } from "../../src/domain/sweepId.ts";
import { sweeperSeen } from "../../src/functions/healthChecks.ts";
import { appSettingsOf, deployInfra } from "../support/bicep/infraFiles.ts";
import { leastParameters } from "../support/bicep/parameters.ts";

/** What alerts take, in minutes. */
const WINDOWS: Record<string, number> = { PT15M: 15, PT30M: 30, PT45M: 45, PT1H: 60, PT2H: 120, PT3H: 180 };
const began = new Date("2030-01-01T00:00:00Z");

it.each([5, 10, 15, 20, 30])(
  "with %i minutes between sweeps, the alert of a silent one is told once health has told of it, and no window later",
  (sweepMinutes) => {
    const deployed = deployInfra({ ...leastParameters, sweepMinutes });
    const alert = deployed.resources.find(({ name }) => name.endsWith("-sweeper-silent"));
    const { windowSize = "" } = (alert?.body.properties ?? {}) as { windowSize?: string };
    const schedule = appSettingsOf(deployed).find(({ name }) => name === "GOLDSMITH_SWEEP_SCHEDULE")?.value ?? "";
    const minutes = WINDOWS[windowSize] ?? 0;
    const shorter = Math.max(...Object.values(WINDOWS).filter((one) => one < minutes));
    const seenAfter = (wait: number) =>
      sweeperSeen({ id: sweepId(began, "timer") } as never, schedule, new Date(began.getTime() + wait * 60_000)).state;
    expect(seenAfter(minutes + 1)).toBe("fails");
    expect(seenAfter(shorter)).toBe("passes");
  },
);
