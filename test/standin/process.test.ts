import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setStateClock } from "../../local/clock/stateClock.ts";
import { landscape, operatorIdentity } from "../../local/landscape.ts";
import { tokenFrom } from "../support/token.ts";

interface Ready {
  url: string;
  identityUrl: string;
  identityHeader: string;
}

/** The local Azure as a process of its own, stopped and started. */
describe("the process", () => {
  let folder: string;
  const started: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "local-azure-"));
    setStateClock(folder, 60);
  });
  afterEach(async () => {
    for (const child of started.splice(0)) await stop(child, "SIGKILL");
    rmSync(folder, { recursive: true });
  });

  const start = (...options: string[]) => {
    const child = spawn(process.execPath, ["local/azure/main.ts", ...options], { stdio: ["ignore", "pipe", "pipe"] });
    started.push(child);
    return child;
  };
  const startReady = async (port = "0", identityPort = "0") => {
    const child = start("--state", folder, "--port", port, "--identity-port", identityPort, "--seed", "3");
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const [line] = await once(lines, "line");
    return { child, ready: JSON.parse(String(line)) as Ready & { ready: true } };
  };
  const send = (ready: Ready, method: string, path: string, token: string, body = "") =>
    new Promise<number>((resolve, reject) => {
      const ca = readFileSync(join(folder, "ca.pem"));
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      request(ready.url + path, { method, ca, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      })
        .on("error", reject)
        .end(body);
    });
  const group = `/subscriptions/${landscape.subscriptionId}/resourceGroups/rg-mine?api-version=2021-04-01`;

  it("says when it answers, and stops when it is asked to", async () => {
    const { child, ready } = await startReady();
    expect(ready).toEqual({
      ready: true,
      url: expect.stringMatching(/^https:\/\/localhost:\d+$/),
      identityUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/msi\/token$/),
      identityHeader: expect.any(String),
    });
    expect(await stop(child, "SIGTERM")).toBe(0);
    expect(await stop((await startReady()).child, "SIGINT")).toBe(0);
  });

  it.each<NodeJS.Signals>(["SIGTERM", "SIGKILL"])(
    "goes on after %s with the same state, authority, tokens and secret",
    async (signal) => {
      const { child, ready } = await startReady();
      const token = await tokenFrom(ready, operatorIdentity);
      expect(await send(ready, "PUT", group, token, '{"location":"westeurope"}')).toBe(201);
      if (signal === "SIGKILL") await new Promise((resolve) => setTimeout(resolve, 500));
      await stop(child, signal);
      const again = (await startReady()).ready;
      expect(again.identityHeader).toBe(ready.identityHeader);
      expect(await send(again, "GET", group, token)).toBe(200);
    },
  );

  it("does not take a state that another version has written", async () => {
    await stop((await startReady()).child, "SIGTERM");
    const file = join(folder, "azure.json");
    writeFileSync(file, readFileSync(file, "utf8").replace(/"version":\d+/, '"version":1'));
    const { code, errors } = await output(start("--state", folder, "--port", "0", "--identity-port", "0"));
    expect({ code, errors }).toEqual({
      code: 1,
      errors: expect.stringContaining("another version of the local Azure"),
    });
  });

  it("says which port is in use", async () => {
    const { ready } = await startReady();
    for (const ports of [
      ["--port", new URL(ready.url).port, "--identity-port", "0"],
      ["--port", "0", "--identity-port", new URL(ready.identityUrl).port],
    ]) {
      const { code, errors } = await output(start("--state", folder, ...ports));
      expect(code).toBe(1);
      expect(errors).toMatch(/^local Azure: Port \d+ is in use\.$/m);
    }
  });

  it("has help, and says what is wrong with its options", async () => {
    const help = await output(start("--help"));
    expect(help).toMatchObject({ code: 0, text: expect.stringContaining("--identity-port") });
    expect(help.text).toMatch(/^ {2}missing-destination-role {2,}the template's identity may not write the image/m);
    expect(
      await output(start("--state", folder, "--scenario", "cancel-hangs", "--scenario", "earthquake")),
    ).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/There is no scenario 'earthquake'\. There are: missing-destination-role, /),
    });
    expect(await output(start("--port", "1"))).toMatchObject({
      code: 1,
      errors: expect.stringContaining("--state is missing"),
    });
    expect(await output(start("--state", folder, "--port", "many"))).toMatchObject({
      code: 1,
      errors: expect.stringContaining("--port takes"),
    });
    expect(await output(start("--colour", "red"))).toMatchObject({
      code: 1,
      errors: expect.stringContaining("--colour"),
    });
  });
});

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.kill(signal);
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
}

async function output(child: ChildProcess): Promise<{ code: number | null; text: string; errors: string }> {
  let text = "";
  let errors = "";
  child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, text, errors };
}
