import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import { HOUR, MINUTE, onStage, type Stage } from "../support/faults/stage.ts";
import { ticketSystem } from "../support/simulation/receiver.ts";
import { warmUp } from "../support/simulation/simulation.ts";
import { worldFaults } from "../support/simulation/world.ts";

beforeAll(warmUp, 60_000);
afterEach(() => void worldFaults.splice(0));

const nowWrong = (setting: string) => void worldFaults.push({ setting, state: "wrong", mend: "" });
const held = ({ seen }: Stage) => seen.held.filter(({ to }) => to === undefined);

describe("a build that holds its grants when a setting goes wrong", () => {
  it.each(["GOLDSMITH_ALLOWED_ORIGINS", "GOLDSMITH_CALLBACK_SECRET_NEW"])(
    "gives them back, ends clean, and has its end told once that is mended: %s",
    async (setting) => {
      const tickets = ticketSystem();
      const evidence = await onStage(tickets, async (stage) => {
        const id = await tickets.ask(stage);
        await stage.sleep(10 * MINUTE);
        expect(held(stage)).toHaveLength(2);
        const told = tickets.told.length;
        nowWrong(setting);
        await stage.ended(id);
        expect(held(stage)).toEqual([]);
        expect(stage.receipt(id)).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
        expect(await stage.post("/api/images/aks-jumpbox/builds")).toBe(503);
        await stage.sleep(HOUR);
        expect(tickets.told).toHaveLength(told);
        worldFaults.splice(0);
      });
      expect(brokenPromises(evidence)).toEqual([]);
      expect(tickets.told.at(-1)?.event.type).toBe("goldsmith.build.finished");
    },
  );

  it.each(["GOLDSMITH_ALLOWED_ORIGINS", "GOLDSMITH_TEMPLATE_RESOURCE_GROUP"])(
    "loses them to the sweeper when their time is over, where it cannot itself: %s",
    async (setting) => {
      const evidence = await onStage({}, async (stage) => {
        const id = await stage.ask();
        await stage.sleep(10 * MINUTE);
        await stage.post(`/runtime/webhooks/durabletask/instances/${id}/suspend?reason=test`);
        nowWrong(setting);
        await stage.sleep(10 * HOUR);
        expect(stage.seen.held).toHaveLength(2);
        expect(held(stage)).toEqual([]);
        worldFaults.splice(0);
        await stage.post(`/runtime/webhooks/durabletask/instances/${id}/resume?reason=test`);
      });
      expect(brokenPromises(evidence)).toEqual([]);
      for (const grant of evidence.builds[0]?.receipt?.grants ?? []) expect(grant.takenBy).toBe("sweeper");
    },
  );
});
