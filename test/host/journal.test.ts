import { appendFileSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fileJournal } from "../../local/functionsHost/journal/fileJournal.ts";
import { lockFolder } from "../../local/functionsHost/journal/folderLock.ts";
import { startHost } from "../support/host.ts";
import { run, shown, startInstance } from "../support/hostClient.ts";
import { temporaryFolder } from "../support/hostProcess.ts";

const fileIn = (folder: string) =>
  join(folder, readdirSync(folder).find((name) => name.startsWith("journal-")) ?? "none");

const open = (folder: string, records: unknown[] = [], compactAboveBytes?: number) =>
  fileJournal<unknown>({ folder, snapshot: () => records, compactAboveBytes });

async function written(...records: unknown[]): Promise<string> {
  const folder = temporaryFolder();
  const journal = open(folder);
  for (const record of records) journal.append(record);
  await journal.durable();
  journal.close();
  return folder;
}

describe("a journal file", () => {
  test("gives back what was written, in order", async () => {
    const folder = await written({ a: "ä\n" }, [1], "text");
    expect([...open(folder).recovered()]).toEqual([{ a: "ä\n" }, [1], "text"]);
  });

  test.each([
    ["half a line", 'deadbeef {"a":'],
    ["a whole line with a wrong checksum", 'deadbeef {"a":1}\n'],
    ["zeros, as some file systems leave them", "\0\0\0\0"],
  ])("is cut where a crash left %s, and can be written on", async (_, torn) => {
    const folder = await written(1, 2);
    appendFileSync(fileIn(folder), torn);
    const journal = open(folder);
    expect([...journal.recovered()]).toEqual([1, 2]);
    journal.append(3);
    await journal.durable();
    journal.close();
    expect([...open(folder).recovered()]).toEqual([1, 2, 3]);
  });

  test("is refused when a record in the middle is damaged: what followed would be lost", async () => {
    const folder = await written({ first: 1 }, { second: 2 });
    const content = readFileSync(fileIn(folder), "utf8");
    writeFileSync(fileIn(folder), content.replace("first", "fxrst"));
    expect(() => open(folder)).toThrow(/damaged: record 1/);
  });

  test("is written anew when it has grown, and only the newest whole file counts", async () => {
    const folder = temporaryFolder();
    const state = ["the state"];
    const journal = open(folder, state, 200);
    for (let count = 0; count < 20; count++) {
      journal.append(`record ${count}`);
      await journal.durable();
    }
    journal.close();
    expect(readdirSync(folder)).toHaveLength(1);
    expect([...open(folder).recovered()][0]).toBe("the state");
  });

  test("gives back a beginning of what was written, wherever a crash cut it, and can be written on", async () => {
    const records = [{ a: "ä" }, [1, 2, 3], "text", { b: { c: null } }];
    const whole = readFileSync(fileIn(await written(...records)));
    for (let length = 0; length < whole.length; length++) {
      const folder = temporaryFolder();
      writeFileSync(join(folder, "journal-1.log"), whole.subarray(0, length));
      const journal = open(folder);
      const found = [...journal.recovered()];
      expect(found).toEqual(records.slice(0, found.length));
      journal.append("after");
      await journal.durable();
      journal.close();
      expect([...open(folder).recovered()]).toEqual([...found, "after"]);
    }
  });

  test("notices any byte that was altered: at the end it is cut, before that it is refused", async () => {
    const whole = readFileSync(fileIn(await written({ first: 1 }, { second: 2 })));
    const lastBegins = whole.indexOf(0x0a) + 1;
    for (let at = 0; at < whole.length; at++) {
      // The end of the last line but one makes one torn line of both.
      if (at === lastBegins - 1) continue;
      const folder = temporaryFolder();
      const altered = Buffer.from(whole);
      altered[at] = (altered[at] ?? 0) ^ 1;
      writeFileSync(join(folder, "journal-1.log"), altered);
      if (at >= lastBegins) expect([...open(folder).recovered()]).toEqual([{ first: 1 }]);
      else expect(() => [...open(folder).recovered()]).toThrow(/damaged: record 1/);
    }
  });

  test("never grows beyond its limit and twice its state, however much is written", async () => {
    const folder = temporaryFolder();
    const state = Array.from({ length: 100 }, (_, at) => ({ at, text: "s".repeat(500) }));
    const stateSize = JSON.stringify(state).length;
    const limit = 20_000;
    const journal = open(folder, state, limit);
    let largest = 0;
    for (let count = 0; count < 3_000; count++) {
      journal.append({ count, text: "r".repeat(200) });
      if (count % 10 > 0) continue;
      await journal.durable();
      largest = Math.max(largest, statSync(fileIn(folder)).size);
    }
    journal.close();
    expect(largest).toBeLessThan(Math.max(limit, 2.2 * stateSize) + 10 * 250);
    expect([...open(folder).recovered()].slice(0, state.length)).toEqual(state);
  });

  test("takes the newer of two whole files: a crash came between a compaction and the removal of the old one", async () => {
    const folder = await written("new state");
    renameSync(join(folder, "journal-1.log"), join(folder, "journal-2.log"));
    writeFileSync(join(folder, "journal-1.log"), readFileSync(fileIn(await written("old", "older"))));
    expect([...open(folder).recovered()]).toEqual(["new state"]);
    expect(readdirSync(folder)).toEqual(["journal-2.log"]);
  });

  test("ignores a compaction that a crash interrupted", async () => {
    const folder = await written(1);
    writeFileSync(join(folder, "journal-2.log.tmp"), "half");
    expect([...open(folder).recovered()]).toEqual([1]);
    expect(readdirSync(folder)).toEqual(["journal-1.log"]);
  });
});

describe("a state folder", () => {
  test("is one host's alone, until it is closed", () => {
    const folder = temporaryFolder();
    const unlock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(/is in use by another host \(process \d+\)/);
    unlock();
    lockFolder(folder)();
  });

  test.each([
    ["a process that has ended", { pid: 2 ** 22 + 1, startedAt: "1" }],
    ["an older process with the number of one that runs", { pid: 1, startedAt: "0" }],
    ["an older process with our own number", { pid: process.pid, startedAt: "0" }],
  ])("is free when %s left its lock", (_, holder) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "host.lock"), JSON.stringify(holder));
    lockFolder(folder)();
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("a host on a journal", () => {
  const app = join(import.meta.dirname, "app");
  const env = { NIGHTLY: "0 30 1 * * *", "AzureWebJobs.everyTenSeconds.Disabled": "true" };

  test("finds its instances and keys again, compacted many times", async () => {
    const stateFolder = join(temporaryFolder(), "state");
    const first = await startHost({ app, env, stateFolder, compactAboveBytes: 2_000 });
    const before = await run(first, "sequence", { names: ["a", "b", "c", "d", "e", "f"] });
    await startInstance(first, "eventOrTimeout", "two", { milliseconds: 3_600_000 });
    await first.instance("two", ({ runtimeStatus }) => runtimeStatus === "Running");
    await first.close();
    expect(readdirSync(stateFolder)[0]).not.toBe("journal-1.log");

    const second = await startHost({ app, env, stateFolder, clock: first.clock });
    expect(second.masterKey).toBe(first.masterKey);
    expect(await shown(second, "one")).toEqual(before);
    expect((await second.instance("two")).output).toBe('"timed out"');
  });
});
