import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const check = (...args: string[]) =>
  spawnSync(process.execPath, ["dist/goldsmith.js", "check", ...args], { encoding: "utf8" });

test("the bundled command finds the shipped recipes sound, and exits 1 for a folder with a broken one", () => {
  expect(check()).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+ recipes?, 0 broken\n$/), stderr: "" });

  const folder = mkdtempSync(join(tmpdir(), "goldsmith-check-"));
  try {
    writeFileSync(join(folder, "broken.yaml"), "name: broken\nlocaton: westeurope\n");
    const { status, stdout } = check(folder);
    expect(status).toBe(1);
    expect(stdout).toContain(`${join(folder, "broken.yaml")}:2:1: error: locaton: `);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
