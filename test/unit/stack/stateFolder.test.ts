import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptyStateFolder, takeStateFolder } from "../../../local/stack/stateFolder.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, text = "{}") => writeFileSync(join(folder, name), text);

/** A process that holds the folder as another launcher would. */
async function otherLauncher() {
  const module = join(import.meta.dirname, "../../../local/stack/stateFolder.ts");
  const script = `import { takeStateFolder } from ${JSON.stringify(module)};
    takeStateFolder(${JSON.stringify(folder)}); console.log("taken"); setInterval(() => {}, 1000);`;
  const other = spawn(process.execPath, ["--input-type=module", "--eval", script]);
  await once(other.stdout, "data");
  return {
    pid: other.pid,
    async kill() {
      other.kill("SIGKILL");
      await once(other, "exit");
    },
  };
}

describe("a state folder", () => {
  it("comes into being where there is none", () => {
    const absent = join(folder, "a", "b");
    takeStateFolder(absent)();
    expect(statSync(absent).isDirectory()).toBe(true);
  });

  it("is refused where it holds a person's files, which stay, and nothing is added to them", () => {
    put("thesis.txt", "years of work");
    expect(() => takeStateFolder(folder)).toThrow(`The folder ${folder} holds files that are no local state`);
    expect(() => takeStateFolder(folder)).toThrow("--state");
    expect(() => emptyStateFolder(folder)).toThrow("no local state");
    expect(readdirSync(folder)).toEqual(["thesis.txt"]);
    expect(readFileSync(join(folder, "thesis.txt"), "utf8")).toBe("years of work");
  });

  it("is emptied where it is ours, and stays the folder that it was", () => {
    put("clock.json");
    mkdirSync(join(folder, "azurite"));
    put("azurite/blobs.json");
    const { ino } = statSync(folder);
    const giveBack = takeStateFolder(folder);
    emptyStateFolder(folder);
    expect(readdirSync(folder)).toEqual(["stack.lock"]);
    expect(statSync(folder).ino).toBe(ino);
    giveBack();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("can be taken again where a launcher ended before it wrote anything", () => {
    put("stack.lock", "");
    takeStateFolder(folder)();
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("a state folder in use", () => {
  it("is refused with the process that uses it, and keeps what it holds", async () => {
    put("clock.json");
    const other = await otherLauncher();
    expect(() => takeStateFolder(folder)).toThrow(`is in use by process ${other.pid}`);
    expect(readdirSync(folder)).toEqual(["clock.json", "stack.lock"]);
    await other.kill();
  });

  it("is refused a second time in one process", () => {
    const giveBack = takeStateFolder(folder);
    expect(() => takeStateFolder(folder)).toThrow(`is in use by process ${process.pid}`);
    giveBack();
    takeStateFolder(folder)();
  });

  it("is refused where a Functions host has outlived its launcher", async () => {
    const other = await otherLauncher();
    put("clock.json");
    put("host.lock", readFileSync(join(folder, "stack.lock"), "utf8"));
    rmSync(join(folder, "stack.lock"));
    expect(() => takeStateFolder(folder)).toThrow(`is in use by process ${other.pid}`);
    expect(existsSync(join(folder, "stack.lock"))).toBe(false);
    await other.kill();
  });

  it("is free again after kill -9", async () => {
    const other = await otherLauncher();
    await other.kill();
    expect(existsSync(join(folder, "stack.lock"))).toBe(true);
    takeStateFolder(folder)();
  });

  it("is free where its process's number has come back to another", () => {
    put("stack.lock", JSON.stringify({ pid: process.pid, startedAt: "1" }));
    takeStateFolder(folder)();
  });
});
