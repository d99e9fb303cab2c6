import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, test } from "vitest";
import { elsewhereIn, missing, readBaseline, regression, unguarded, writeBaseline } from "../../../bench/baseline.ts";
import { type Figure, isMissed } from "../../../bench/figure.ts";
import { KNOWN_MISSES } from "../../../bench/knownMisses.ts";
import { missedOf } from "../../../bench/missed.ts";
import { lineOf } from "../../../bench/table.ts";

const calls = (figure: number, more: Partial<Figure> = {}): Figure => ({
  id: "arm-calls",
  what: "ARM calls",
  figure,
  seeds: [1, 2, 3],
  counted: true,
  ...more,
});
const baseline = { "arm-calls": 40 };

describe("a figure that is counted", () => {
  it.each([
    [48, undefined],
    [49, 1.225],
    [10, undefined],
  ])("of 40 before and %d now has grown by too much: %s", (figure, factor) => {
    expect(regression(calls(figure), baseline)).toBe(factor);
  });

  it("has to be in the baseline", () => {
    expect(unguarded([calls(40), calls(1, { id: "new" })], baseline)).toEqual(["new"]);
    const { counted: _, ...timed } = calls(1, { id: "timed" });
    expect(unguarded([timed], baseline)).toEqual([]);
  });

  it("is missed where it is not measured any more", () => {
    expect(missing([], baseline)).toEqual(["arm-calls"]);
    expect(missing([calls(40)], baseline)).toEqual([]);
  });
});

test("a figure that is steady is kept in the baseline, and compared with nothing", () => {
  const { counted: _, ...steady } = calls(4000, { steady: true });
  expect(regression(steady, baseline)).toBeUndefined();
  expect(unguarded([steady], {})).toEqual(["arm-calls"]);
  expect(missing([steady], baseline)).toEqual([]);
});

test.each([
  [true, ["requests"], ["arm-calls", "thousand-left"]],
  [false, ["build"], ["thousand-left"]],
  [false, ["build", "thousand"], []],
])("what is measured elsewhere need not be measured (one alone: %s, of %j): %j", (isOne, names, ids) => {
  expect(elsewhereIn({ "arm-calls": 40, "thousand-left": 0 }, { isOne, names })).toEqual(ids);
});

test("a baseline that is written keeps what was not measured", () => {
  const folder = mkdtempSync(join(tmpdir(), "baseline-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "baseline.json");
  const { counted: _, ...timed } = calls(1, { id: "timed" });
  writeBaseline([calls(41), timed, calls(2, { id: "new" })], { "arm-calls": 40, "thousand-left": 0 }, file);
  expect(readBaseline(file)).toEqual({ "arm-calls": 41, "thousand-left": 0, new: 2 });
});

test("where only what is counted is looked at, what is steady may miss no target either", () => {
  const missed = { target: { atMost: 10 } };
  const { counted: _, ...timed } = calls(40, { id: "timed", ...missed });
  const known = calls(40, { id: Object.keys(KNOWN_MISSES)[0] ?? "", ...missed });
  const figures = [
    calls(40, missed),
    { ...timed, id: "steady", steady: true as const },
    timed,
    known,
    calls(11, missed),
  ];
  expect(missedOf(figures, true).map(({ id }) => id)).toEqual(["arm-calls", "steady"]);
  expect(missedOf(figures, false)).toEqual(figures);
});

test("a figure that is timed is compared with nothing", () => {
  const { counted: _, ...timed } = calls(4000);
  expect(regression(timed, baseline)).toBeUndefined();
});

test.each([
  [{ atMost: 45 }, 45, false],
  [{ atMost: 45 }, 45.1, true],
  [{ atLeast: 200 }, 199, true],
  [{ atLeast: 200 }, 200, false],
])("the target %j is missed by %d: %s", (target, figure, isIt) => {
  expect(isMissed(calls(figure, { target }))).toBe(isIt);
});

test("a target can be missed by a little where that is allowed", () => {
  expect(isMissed(calls(49, { target: { atMost: 45 } }), 1.1)).toBe(false);
  expect(isMissed(calls(50, { target: { atMost: 45 } }), 1.1)).toBe(true);
});

test("a line says what was aimed at, that it was missed, and that it has grown", () => {
  const line = lineOf(calls(60, { target: { atMost: 45 }, note: "of a build" }), baseline);
  expect(line).toMatch(
    /^ARM calls +60 {2}of a build, seeds 1–3, target ≤ 45, MISSED, GROWN to 1\.50 times the baseline$/,
  );
});

test("only what is measured is known to miss its target, each with its reason", () => {
  for (const [id, why] of Object.entries(KNOWN_MISSES)) {
    expect(readBaseline()).toHaveProperty([id]);
    expect(why).toMatch(/^[A-Z].*\.$/);
  }
});

test("the baseline has a figure for each name", () => {
  const kept = Object.entries(readBaseline());
  expect(kept.length).toBeGreaterThan(10);
  for (const [id, figure] of kept) expect({ id, isFigure: Number.isFinite(figure) }).toEqual({ id, isFigure: true });
});

test.each([
  [[], "no seed"],
  [[7], "seed 7"],
  [[1, 2, 3], "seeds 1–3"],
  [[1, 3], "seeds 1, 3"],
])("a line tells the seeds %j as %s", (seeds, words) => {
  expect(lineOf(calls(40, { seeds }), baseline)).toMatch(new RegExp(` 40 {2}${words}$`));
});
