import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { traceOf } from "./traceOf.ts";
import digests from "./digests.json" with { type: "json" };
import { seeMany } from "../support/simulation/seeWorlds.ts";

const script = join(import.meta.dirname, "..", "support", "simulation", "simulate.ts");
const simulate = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });

describe("npm run simulate", () => {
  it("prints the same timeline in two processes, byte for byte, wherever and however they are started", () => {
    const one = simulate("--seed", "7");
    const other = spawnSync(process.execPath, ["--hash-seed=1", script, "--seed", "7"], {
      encoding: "utf8",
      cwd: tmpdir(),
      env: { ...process.env, TZ: "Asia/Tokyo" },
    });
    expect(one.status).toBe(0);
    expect(one.stdout).toContain("build    planned");
    expect(one.stdout).toMatch(/\ntrace: \d{3,} things, sha256 [0-9a-f]{64}\n$/);
    expect(other.stdout).toBe(one.stdout);
  });

  it("leads to what it has led to on other machines, down to the last byte of every request and answer", () => {
    for (const [seed, trace] of Object.entries(digests)) {
      expect(traceOf(seed), "where that is meant: node test/simulation/recordDigests.ts").toBe(trace);
    }
  });

  it("counts the worlds of many seeds in one line", () => {
    expect(simulate("--seeds", "3", "--from", "5").stdout).toMatch(/^3 worlds: .*; 0 broken\n$/);
  });

  it("stops at the first world that breaks an invariant, and ends with the counts up to there", async () => {
    const lines = vi.spyOn(console, "log").mockImplementation(() => {});
    const seen: number[] = [];
    const status = await seeMany(
      (seed) => {
        seen.push(seed);
        const broken = seed === 12 ? ["G: a grant is left"] : [];
        return Promise.resolve({ broken, timeline: () => `timeline ${seed}`, outcomes: ["built clean"] });
      },
      5,
      10,
    );
    const printed = lines.mock.calls.flat();
    lines.mockRestore();
    expect(status).toBe(1);
    expect(seen).toEqual([10, 11, 12]);
    expect(printed).toEqual([
      "timeline 12",
      "BROKEN  G: a grant is left",
      "3 worlds: 3 built clean; 1 broken: see it again with --seed 12",
    ]);
  });

  it("counts a world that falls over as broken, and names its seed", async () => {
    const lines = vi.spyOn(console, "log").mockImplementation(() => {});
    const status = await seeMany(
      (seed) =>
        seed === 3
          ? Promise.reject(new Error("no such place"))
          : Promise.resolve({ broken: [], timeline: () => "", outcomes: ["built clean"] }),
      5,
      2,
    );
    const printed = lines.mock.calls.flat() as string[];
    lines.mockRestore();
    expect(status).toBe(1);
    expect(printed[0]).toContain("no such place");
    expect(printed.at(-1)).toBe("2 worlds: 1 built clean; 1 broken: see it again with --seed 3");
  });

  it("has a help, and refuses what is no seed", () => {
    expect(simulate("--help")).toMatchObject({ status: 0, stdout: expect.stringContaining("--seeds") });
    expect(simulate("--seed", "x")).toMatchObject({ status: 2, stderr: expect.stringContaining("--seed takes") });
    expect(simulate("--seed", "1", "--seeds", "2")).toMatchObject({ status: 2, stdout: "" });
    expect(simulate("--sede", "1").status).toBe(2);
  });
});
