import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const script = join(import.meta.dirname, "..", "support", "simulation", "simulate.ts");
const simulate = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });

describe("npm run simulate", () => {
  it("prints the same timeline in two processes, byte for byte", () => {
    const [one, other] = [simulate("--seed", "7"), simulate("--seed", "7")];
    expect(one.status).toBe(0);
    expect(one.stdout).toContain("build    planned");
    expect(other.stdout).toBe(one.stdout);
  });

  it("counts the worlds of many seeds in one line", () => {
    expect(simulate("--seeds", "3", "--from", "5").stdout).toMatch(/^3 worlds: .*; 0 broken\n$/);
  });

  it("has a help, and refuses what is no seed", () => {
    expect(simulate("--help")).toMatchObject({ status: 0, stdout: expect.stringContaining("--seeds") });
    expect(simulate("--seed", "x")).toMatchObject({ status: 2, stderr: expect.stringContaining("--seed takes") });
    expect(simulate("--sede", "1").status).toBe(2);
  });
});
