import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { managementLeaks } from "../support/leaks.ts";

const KEYS = '{"kind":"keysIssued","keys":{"master":"m-key","host":"h-key","system":{"durabletask":"d-key"}}}';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-leaks-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const keep = (...records: string[]) =>
  writeFileSync(join(folder, "journal-1.log"), records.map((record) => `00000000 ${record}\n`).join(""));

describe("what every test of the whole stack looks for when it ends", () => {
  it.each(["m-key", "h-key", "d-key", "/runtime/webhooks/durabletask/instances/x/terminate"])(
    "is found in an answer and in a history: %s",
    (secret) => {
      keep(KEYS, `{"kind":"instanceStarted","input":"${secret}"}`);
      expect(managementLeaks(folder, [["answer", `{"url":"${secret}"}`]])).toHaveLength(2);
    },
  );

  it("is not found where it is not, and not in the host's own record of its keys", () => {
    keep(KEYS, '{"kind":"instanceStarted","input":"x"}');
    expect(managementLeaks(folder, [["log", "all is well"]])).toEqual([]);
  });

  it("is never missed because the keys are not known", () => {
    keep('{"kind":"instanceStarted"}');
    expect(() => managementLeaks(folder, [])).toThrow(/keys/);
  });
});
