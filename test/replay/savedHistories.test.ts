import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildImage } from "../../src/orchestrators/buildImage.ts";
import { waitForRun } from "../../src/orchestrators/waitForRun.ts";
import { replay, type SavedHistory, scheduledIn } from "../support/orchestration.ts";

const saved = (name: string): SavedHistory =>
  JSON.parse(readFileSync(join(import.meta.dirname, "histories", `${name}.json`), "utf8"));

describe("a build that an earlier version began", () => {
  it.each([buildImage, waitForRun])("goes on under this one: $name", async (orchestrator) => {
    const { instanceId, input, history } = saved(orchestrator.name);
    const replayed = await replay(orchestrator, { instanceId, input, history });
    expect(replayed.isDone).toBe(true);
    expect(replayed.scheduled).toEqual(scheduledIn(history));
  });

  it("is seen to differ where its history has other steps than the code", async () => {
    const { instanceId, input, history } = saved("buildImage");
    const altered = history.map((event) =>
      event.EventType === 4 && event.Name === "archiveLogs" ? { ...event, Name: "revokeRole" } : event,
    );
    const replayed = await replay(buildImage, { instanceId, input, history: altered });
    expect(replayed.scheduled).not.toEqual(scheduledIn(altered));
  });

  it("is seen to differ where its history lacks a step of the code", async () => {
    const { instanceId, input, history } = saved("buildImage");
    const from = history.findIndex((event) => event.EventType === 4 && event.Name === "validateSubnet");
    const replayed = await replay(buildImage, { instanceId, input, history: history.slice(0, from) });
    expect(replayed.isDone).toBe(false);
  });
});
