import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..", "..");
const file = join(tmpdir(), `goldsmith-baseline-${process.pid}.json`);
const measured = { "requests-refused": 0, "requests-written": 2, "requests-asked": 2 };
const ONE = ["--only", "requests", "--baseline", file];
/** What is measured takes seconds, on a machine that does nothing else. */
const LONG = 120_000;

afterAll(() => rmSync(file, { force: true }));

function run(command: string, args: readonly string[]) {
  return spawnSync(command, args, { cwd: root, encoding: "utf8" });
}

const bench = (...args: string[]) => run(process.execPath, [join("bench", "bench.ts"), ...args]);

describe("npm run --silent bench -- --json", () => {
  it(
    "writes only JSON to standard output: the machine, each figure with its seeds, the baseline",
    { timeout: LONG },
    () => {
      writeFileSync(file, JSON.stringify(measured));
      // Without what comes before it: that builds the bundle anew, under the feet of other tests.
      const { stdout, stderr, status } = run("npm", [
        "run",
        "--silent",
        "--ignore-scripts",
        "bench",
        "--",
        "--json",
        ...ONE,
      ]);
      const { machine, figures, baseline } = JSON.parse(stdout) as Record<string, unknown>;
      expect(machine).toEqual({
        node: process.version,
        processor: expect.any(String) as string,
        cores: expect.any(Number) as number,
        gibibytes: expect.any(Number) as number,
      });
      expect(figures).toEqual(
        Object.entries(measured).map(([id, figure]) => expect.objectContaining({ id, figure, seeds: [1] }) as unknown),
      );
      expect(baseline).toEqual(measured);
      expect(stderr).toContain("measuring: requests");
      expect(status).toBe(0);
    },
  );

  it.each(["CONTRIBUTING.md", "bench/bench.ts"])("is how %s says it, wherever it does", (page) => {
    const text = readFileSync(join(root, page), "utf8");
    const told = [...text.matchAll(/(npm run [^`\n]*)--json/g)].map(([, before]) => before);
    expect(told.length).toBeGreaterThan(0);
    for (const before of told) expect(before).toMatch(/^npm run --silent /);
  });
});

describe("npm run bench", () => {
  it("prints a line a figure, and exits with 1 where one has grown by a fifth", { timeout: LONG }, () => {
    writeFileSync(file, JSON.stringify({ ...measured, "requests-written": 1.6 }));
    const { stdout, status } = bench(...ONE);
    expect(stdout).toMatch(/^blobs written for each +2 {2}.*seed 1.*, GROWN to 1\.25 times the baseline$/m);
    expect(status).toBe(1);
  });

  it("tells its options and the names of what it measures, and measures nothing", () => {
    const { stdout, stderr, status } = bench("--help");
    expect(stdout).toContain("npm run --silent bench -- --json");
    for (const name of ["build", "billed", "thousand"]) expect(stdout).toMatch(new RegExp(`--only .*\\b${name}\\b`));
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  });

  it("refuses a name that it does not know", () => {
    const { stdout, stderr, status } = bench("--only", "nothing");
    expect({ stdout, status }).toEqual({ stdout: "", status: 2 });
    expect(stderr).toContain("nothing");
  });
});
