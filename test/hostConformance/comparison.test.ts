import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { recordingOf } from "./conformance.ts";
import { ALLOWED_DIFFERENCES } from "./probe/allowedDifferences.ts";
import { compare, isUnstable } from "./probe/compare.ts";
import { normaliser } from "./probe/normalise.ts";
import { administration } from "./scenarios/administration.ts";
import { asking } from "./scenarios/asking.ts";
import { continueAsNew, fanOuts, subOrchestrations } from "./scenarios/compositions.ts";
import { data } from "./scenarios/data.ts";
import { entities } from "./scenarios/entities.ts";
import { http } from "./scenarios/http.ts";
import { purging } from "./scenarios/purging.ts";
import { failures, sequences } from "./scenarios/sequences.ts";
import { starting } from "./scenarios/starting.ts";
import { steering } from "./scenarios/steering.ts";
import { events, timers } from "./scenarios/timersAndEvents.ts";

const ALL = [
  administration,
  asking,
  continueAsNew,
  data,
  entities,
  events,
  failures,
  fanOuts,
  http,
  purging,
  sequences,
  starting,
  steering,
  subOrchestrations,
  timers,
].flat();

test("every recording has its scenario, and every scenario its recording", () => {
  const files = readdirSync(join(import.meta.dirname, "recordings")).filter((file) => file.endsWith(".json"));
  const recordings = files.map((file) => file.slice(0, -".json".length));
  expect([...ALL.map(({ name }) => name), "recovery-after"].toSorted()).toEqual(recordings.toSorted());
});

test("every allowed difference is about a scenario that there is", () => {
  const names = new Set(ALL.map(({ name }) => name));
  expect(ALLOWED_DIFFERENCES.filter(({ scenario }) => scenario && !names.has(scenario))).toEqual([]);
});

interface Seq {
  instance: { events: string[]; episodes: unknown[] };
}

/** What is found when a recording is changed. */
function altered(change: (recording: Seq) => void) {
  const copy = structuredClone(recordingOf("seq")) as Seq;
  change(copy);
  return compare("seq", recordingOf("seq"), copy);
}

describe("a comparison", () => {
  test("finds nothing between a recording and itself", () => {
    expect(altered(() => {})).toEqual([]);
  });

  test("finds what was changed, added and taken away", () => {
    expect(altered(({ instance }) => instance.events.splice(1, 1, "4 other id=0"))).toMatchObject([
      { path: "instance.events[1]", actual: "4 other id=0" },
    ]);
    expect(altered(({ instance }) => instance.events.push("more"))).toHaveLength(1);
    expect(altered(({ instance }) => instance.episodes.pop())).toHaveLength(1);
  });
});

/** A recording in which every value is another one. */
function distorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(distorted);
  if (typeof value !== "object" || value === null) return { not: value };
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, distorted(field)]));
}

/** How many values there are, but for those that the real host's own runs did not agree on. */
function placesIn(value: unknown): number {
  if (isUnstable(value)) return 0;
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce((sum: number, field) => sum + placesIn(field), 0);
}

test("another value is found wherever it stands in a recording, but in the few places that may differ", () => {
  const missed = ALL.map(({ name }) => {
    const recording = recordingOf(name);
    return [name, placesIn(recording) - compare(name, recording, distorted(recording)).length] as const;
  });
  expect(Object.fromEntries(missed.filter(([, places]) => places > 0))).toEqual({
    admin: 6,
    determinism: 3,
    "http-bodies": 1,
    wrapper: 16,
  });
});

test("signs take the place of what differs from run to run, and of nothing else", () => {
  const normalise = normaliser({ run: "rX", host: "127.0.0.1:7071", keys: ["secret=="] });
  expect(
    normalise({
      id: "one-rX",
      url: "http://127.0.0.1:7071/api?code=secret%3D%3D&x=1",
      at: "2030-01-01T00:00:00.123Z",
      guid: "0a1b2c3d-0000-1111-2222-0123456789ab",
      count: 5,
      status: "Completed",
    }),
  ).toEqual({
    id: "one-RUN",
    url: "http://HOST/api?code=<key>&x=1",
    at: "<time>",
    guid: "<guid>",
    count: 5,
    status: "Completed",
  });
});
