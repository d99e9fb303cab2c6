import { describe, expect, it } from "vitest";
import type { Attempt } from "../../src/domain/plan.ts";
import type { TemplateState } from "../../src/domain/templateState.ts";
import { WAKE } from "../../src/durable/wake.ts";
import { firstLookout } from "../../src/orchestrators/lookout.ts";
import { makeTemplate } from "../../src/orchestrators/makeTemplate.ts";
import { removeTemplate } from "../../src/orchestrators/removeTemplate.ts";
import { waitForRun } from "../../src/orchestrators/waitForRun.ts";
import { type Functions, type RaisedEvent, type Ran, runOrchestration } from "../support/orchestration.ts";

const START = Date.UTC(2026, 0, 15, 2, 0, 0);
const HOUR = 3600;
const attempt: Attempt = { number: 1, templateName: "t-a1", stagingResourceGroup: "/subscriptions/s/resourceGroups/g" };
const hint = (afterSeconds: number) => ({ afterSeconds, name: WAKE, data: { stop: false } });
const stop = (afterSeconds: number) => ({ afterSeconds, name: WAKE, data: { stop: true } });

/** Seconds from the start at which an activity was called, whatever generation did. */
function times({ executions }: Ran, activity: string): number[] {
  return executions
    .flatMap(({ history }) => history)
    .filter((event) => event.EventType === 4 && event["Name"] === activity)
    .map(({ Timestamp }) => Math.round((Date.parse(Timestamp) - START) / 1000));
}

const looksIn = (seconds: number, ran: Ran) => times(ran, "readTemplate").filter((at) => at < seconds).length;
const longest = ({ executions }: Ran) => Math.max(...executions.map(({ history }) => history.length));

const provisioning = { state: "Succeeded" };
const running = (phase: string): TemplateState => ({
  kind: "present",
  provisioning,
  run: { state: "Running", phase, message: "" },
});
const succeeded: TemplateState = { kind: "present", provisioning, run: { state: "Succeeded", message: "" } };

/** Waits for a run that ends with the look of that number. */
async function wait(
  { lasts, phase = () => "Building" }: { lasts: number; phase?: (look: number) => string },
  ...events: RaisedEvent[]
): Promise<Ran> {
  let looks = 0;
  const functions: Functions = {
    orchestrators: [waitForRun],
    entities: [],
    activities: { readTemplate: async () => (++looks < lasts ? running(phase(looks)) : succeeded) },
  };
  const deadline = new Date(START + 100 * HOUR * 1000).toISOString();
  const askedAt = new Date(START).toISOString();
  const input = { attempt, askedAt, expectedSeconds: HOUR, deadline, lookout: firstLookout() };
  return runOrchestration(functions, { instanceId: "b-wait-1", input }, ...events);
}

describe("a wait for a run", () => {
  it("looks at once where it is hinted, twice more soon after, and then when it would have without", async () => {
    const [first = 0] = times(await wait({ lasts: 9 }), "readTemplate");
    expect(first).toBeGreaterThan(500);
    // Timers are up to a second early here. The first look shows a phase that is new, which is what the hint has told.
    const seen = times(await wait({ lasts: 9 }, hint(100), hint(200)), "readTemplate");
    expect(seen.slice(0, 5)).toEqual([100, 200, 204, 218, first]);
  });

  it("is told of the end by nothing but a look", async () => {
    const ran = await wait({ lasts: 3 }, hint(100), hint(100), hint(100));
    expect(ran.output).toMatchObject({ kind: "succeeded" });
    expect(times(ran, "readTemplate")).toHaveLength(3);
  });

  it("stops where it is told to, whatever hints have come before", async () => {
    const ran = await wait({ lasts: 9 }, hint(100), hint(200), stop(207));
    expect(ran).toMatchObject({ output: { kind: "stopped" } });
    expect(ran.seconds).toBeLessThan(212);
  });

  it("looks ever more seldom at what hints without end tell, and its history stays short", async () => {
    const flood = Array.from({ length: 6 * 60 * 4 }, (_, at) => hint(60 + at * 10));
    const ran = await wait({ lasts: 60 }, ...flood);
    expect(looksIn(HOUR, ran)).toBeLessThan(35);
    expect(longest(ran)).toBeLessThan(300);
    expect(ran.output).toMatchObject({ kind: "succeeded" });
  });

  it("follows hints again as soon as one has shown something new", async () => {
    const ran = await wait(
      { lasts: 9, phase: (look) => (look < 8 ? "Building" : "Distributing") },
      hint(50),
      hint(100),
      hint(151),
      hint(250),
      hint(252),
    );
    // 50 shows a phase, 100 and 151 nothing new, and are followed by rests of 30 and 60 s; 250 shows another phase.
    expect(times(ran, "readTemplate").slice(0, 9)).toEqual([50, 100, 104, 118, 151, 155, 169, 250, 252]);
  });

  it("looks less often once events have come", async () => {
    const [alone, told] = [await wait({ lasts: 12 }), await wait({ lasts: 12 }, hint(5))];
    expect(looksIn(1.05 * HOUR, told)).toBeLessThan(looksIn(1.05 * HOUR, alone));
  });
});

async function make(isReady: (look: number) => boolean, ...events: RaisedEvent[]): Promise<Ran> {
  let looks = 0;
  const functions: Functions = {
    orchestrators: [makeTemplate],
    entities: [],
    activities: {
      createTemplate: async () => {},
      readTemplate: async () => ({
        kind: "present",
        provisioning: { state: isReady(++looks) ? "Succeeded" : "Creating" },
      }),
    },
  };
  const order = { image: "i", buildId: "b", sentHash: "h", attempt };
  const input = { ...order, asked: false, since: new Date(START).toISOString(), lookout: firstLookout() };
  return runOrchestration(functions, { instanceId: "b-template-1", input }, ...events);
}

describe("a wait for a template", () => {
  it("is over with the look that a hint leads to, and tells that events come", async () => {
    const ran = await make(() => true, hint(12));
    expect(ran.output).toEqual({ kind: "made", eventsCome: true });
    expect(times(ran, "readTemplate")).toEqual([12]);
    expect(await make(() => true)).toMatchObject({ output: { kind: "made", eventsCome: false } });
  });

  it("goes on where a hint comes too early, and is refused only where it is told to stop", async () => {
    expect((await make((look) => look === 3, hint(3), hint(4))).output).toMatchObject({ kind: "made" });
    expect((await make(() => false, hint(3), stop(10))).output).toMatchObject({ kind: "refused" });
  });
});

async function remove(goneAfter: number, ...events: RaisedEvent[]): Promise<Ran> {
  let asked = 0;
  const functions: Functions = {
    orchestrators: [removeTemplate],
    entities: [],
    activities: {
      deleteTemplate: async () => (++asked > goneAfter ? "absent" : "accepted"),
      stagingGroupExists: async () => false,
    },
  };
  const since = new Date(START).toISOString();
  const removal = { image: "i", buildId: "b", attempt, since, seconds: HOUR, sparesRun: false, proven: true };
  const input = { ...removal, found: false, gone: false, lookout: firstLookout() };
  return runOrchestration(functions, { instanceId: "b-remove-1", input }, ...events);
}

describe("a removal", () => {
  it("is over with the look that a hint leads to", async () => {
    const ran = await remove(1, hint(20));
    expect(ran.output).toMatchObject({ left: "nothing", found: true });
    expect(times(ran, "deleteTemplate")).toEqual([0, 20]);
  });

  it("is stopped by nobody, and asks no more often than for any hint", async () => {
    const ran = await remove(6, ...Array.from({ length: 40 }, (_, at) => stop(5 + at)));
    expect(ran.output).toMatchObject({ left: "nothing", found: true });
    expect(times(ran, "deleteTemplate").filter((at) => at < 45)).toHaveLength(4);
  });
});
