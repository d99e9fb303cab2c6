import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startChild } from "../../../local/stack/childProcess.ts";
import { readReadyLine } from "../../../local/stack/localAzure.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(source: string, onLine: (line: string) => void, readReady = readReadyLine) {
  const script = join(folder, "process.mjs");
  writeFileSync(script, source);
  return startChild({ name: "The process", script, options: {}, onLine }, readReady);
}

const READY = `console.log('{"ready":true,"identityHeader":"hunter2"}');`;

describe("startChild", () => {
  it("keeps the line that says ready, with its secrets, to itself", async () => {
    const lines: string[] = [];
    const source = `console.log("before"); ${READY} console.log("after"); ${READY} console.log("last");
      setInterval(() => {}, 1000);`;
    const { child, ready } = await start(source, (line) => lines.push(line));
    expect(ready).toEqual({ ready: true, identityHeader: "hunter2" });
    await expect.poll(() => lines).toEqual(["before", "after", "last"]);
    await child.kill();
  });

  it("quotes the last lines of a process that ends before it is ready", async () => {
    const started = start(`console.error("no such folder"); process.exitCode = 3;`, () => {});
    await expect(started).rejects.toThrow("The process ended before it was ready (exit code 3):\n  no such folder");
  });
});
