import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { chanceOf } from "../../local/chance.ts";
import { installChance } from "../support/simulation/installChance.ts";

const draw = (seed: number, purpose = "test") => {
  const chance = chanceOf(seed, purpose);
  return Array.from({ length: 20 }, () => chance.whole(0, 1000));
};

const drawnByProcess = () => {
  const uninstall = installChance(chanceOf(3, "process"));
  try {
    return [Math.random(), randomUUID(), crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(4))]];
  } finally {
    uninstall();
  }
};

describe("chanceOf", () => {
  it("draws the same for the same seed and purpose, and other things for others", () => {
    expect(draw(1)).toEqual(draw(1));
    expect(draw(2)).not.toEqual(draw(1));
    expect(draw(1, "other")).not.toEqual(draw(1));
  });

  it("draws evenly", () => {
    const chance = chanceOf(7, "even");
    const counts = [0, 0, 0, 0];
    for (let n = 0; n < 40_000; n++) counts[chance.whole(0, 3)]! += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it("gives ids of 32 hex digits, no two the same", () => {
    const chance = chanceOf("seed", "ids");
    const ids = new Set(Array.from({ length: 10_000 }, () => chance.id()));
    expect(ids.size).toBe(10_000);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe("installChance", () => {
  it("lets the process draw from the seed, and puts its own randomness back", () => {
    expect(drawnByProcess()).toEqual(drawnByProcess());
    expect(drawnByProcess()[1]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect([Math.random(), randomUUID()]).not.toEqual([Math.random(), randomUUID()]);
  });
});
