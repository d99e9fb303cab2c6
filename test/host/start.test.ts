import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startHost } from "../support/host.ts";
import { startHostProcess, stateFolder, temporaryFolder } from "../support/hostProcess.ts";

const testApp = join(import.meta.dirname, "app");
const env = { NIGHTLY: "0 30 1 * * *" };

/** An app of one file. */
function appOf(code: string, files: Record<string, string> = {}): string {
  const folder = join(temporaryFolder(), "app");
  mkdirSync(folder);
  const all = {
    "host.json": '{ "version": "2.0" }',
    "package.json": '{ "type": "module", "main": "main.mjs" }',
    "main.mjs": code,
    ...files,
  };
  for (const [name, content] of Object.entries(all)) writeFileSync(join(folder, name), content);
  symlinkSync(join(import.meta.dirname, "../../node_modules"), join(folder, "node_modules"));
  return folder;
}

test.each([
  [
    "an app that does not load",
    'throw new Error("broken on purpose");',
    {},
    /unable to load entry point "main.mjs": broken on purpose/,
  ],
  ["an app without functions", "export {};", {}, /No functions were found/],
  [
    "an entry point that is not there",
    "",
    { "package.json": '{ "main": "dist/main.js" }' },
    /"dist\/main.js": File does not exist/,
  ],
  ["a host.json of another version", "", { "host.json": "{}" }, /must have "version": "2.0"/],
])("%s is a clear error", async (_, code, files, message) => {
  await expect(startHost({ app: appOf(code, files) })).rejects.toThrow(message);
});

test("a function with a binding that this host does not have is left out, and said so", async () => {
  const app = appOf(`
    import { app } from "@azure/functions";
    app.storageQueue("queued", { queueName: "q", connection: "", handler: () => {} });
    app.get("fine", { handler: () => ({ body: "ok" }) });`);
  const host = await startHost({ app });
  expect(host.functionNames).toEqual(["fine"]);
  expect(host.logs).toContain(
    "The 'queued' function is in error: The binding type(s) 'queueTrigger' are not registered.",
  );
});

test("a function is disabled by a setting", async () => {
  const host = await startHost({ app: testApp, env: { ...env, "AzureWebJobs.show.Disabled": "true" } });
  expect((await fetch(`${host.url}/api/show`)).status).toBe(404);
  expect((await fetch(`${host.url}/api/params/x`)).status).toBe(200);
});

test("start and terminate hooks run, and the environment is as it was afterwards", async () => {
  const trace = join(temporaryFolder(), "hooks");
  const app = appOf(`
    import { appendFileSync } from "node:fs";
    import { app } from "@azure/functions";
    const say = (line) => appendFileSync(process.env.HOOKS, line);
    app.hook.appStart(() => say("start "));
    app.hook.appTerminate(() => say("end"));
    app.hook.preInvocation((context) => say(context.invocationContext.functionName + " "));
    app.get("fine", { handler: () => ({ body: "ok" }) });`);
  const host = await startHost({ app, env: { HOOKS: trace } });
  await fetch(`${host.url}/api/fine`);
  await host.close();
  const { readFileSync } = await import("node:fs");
  expect(readFileSync(trace, "utf8")).toBe("start fine end");
  expect(process.env["HOOKS"]).toBeUndefined();
});

test("hosts can follow one another in a process, each with functions of its own", async () => {
  const first = await startHost({ app: testApp, env });
  await first.close();
  const second = await startHost({ app: testApp, env });
  expect(second.functionNames).toEqual(first.functionNames);
});

test("as a process it takes settings from a file, but the environment wins, and SIGTERM ends it", async () => {
  const app = appOf(`
    import { app } from "@azure/functions";
    app.get("fine", { handler: () => ({ body: process.env.ONE + process.env.TWO }) });`);
  const settings = join(app, "local.settings.json");
  writeFileSync(settings, '{ // with a comment\n "Values": { "ONE": "file", "TWO": "file" } }');
  const host = await startHostProcess({
    app,
    stateFolder: stateFolder(1),
    env: { TWO: "env" },
    args: ["--settings", settings],
  });
  expect(await (await fetch(`${host.url}/api/fine`)).text()).toBe("fileenv");
  expect(await host.stop()).toBe(0);
});

test("the master key is printed only when keys are asked for: output lands in logs", async () => {
  const open = await startHostProcess({ app: testApp, stateFolder: stateFolder(1), env });
  expect(Object.keys(open.ready)).toEqual(["ready", "url"]);
  const guarded = { app: testApp, stateFolder: stateFolder(1), env, args: ["--require-keys"] };
  const { masterKey } = (await startHostProcess(guarded)).ready;
  expect(masterKey).toMatch(/^[\w-]{50,}$/);
});

test("a port in use is a clear error", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const starting = startHostProcess({ app: testApp, stateFolder: stateFolder(1), env, args: ["--port", `${port}`] });
  await expect(starting).rejects.toThrow(/The port is in use/);
});

test("a state folder that another host has is a clear error, and is free at once when that one is killed", async () => {
  const folder = stateFolder(1);
  const first = await startHostProcess({ app: testApp, stateFolder: folder, env });
  const second = startHostProcess({ app: testApp, stateFolder: folder, env });
  await expect(second).rejects.toThrow(/is in use by another host/);
  await first.kill();
  const third = await startHostProcess({ app: testApp, stateFolder: folder, env });
  expect((await fetch(`${third.url}/api/show`)).status).toBe(200);
});

test("a timer whose schedule is none is left out, and said so; the other functions run", async () => {
  const app = appOf(`
    import { app } from "@azure/functions";
    app.timer("never", { schedule: "every day", handler: () => {} });
    app.timer("unset", { schedule: "%NO_SUCH%", handler: () => {} });
    app.get("fine", { handler: () => ({ body: "ok" }) });`);
  const host = await startHost({ app });
  expect((await fetch(`${host.url}/api/fine`)).status).toBe(200);
  const errors = host.logs.filter((line) => line.includes("is in error"));
  expect(errors).toEqual([
    expect.stringMatching(/^The 'never' function is in error: The schedule expression 'every day'/) as string,
    "The 'unset' function is in error: '%NO_SUCH%' does not resolve to a value.",
  ]);
});

test("an app that streams HTTP is told by each HTTP function that this host does not", async () => {
  const app = appOf(
    `import { app } from "@azure/functions";
     app.setup({ enableHttpStream: true });
     app.http("one", { authLevel: "anonymous", handler: () => ({ body: "never" }) });`,
  );
  // The library's settings are a process's.
  const host = await startHostProcess({ app, stateFolder: stateFolder(1) });
  const answer = await fetch(`${host.url}/api/one`);
  expect(answer.status).toBe(501);
  expect(await answer.text()).toMatch(/does not stream HTTP/);
  expect((await fetch(`${host.url}/api/none`)).status).toBe(404);
});
