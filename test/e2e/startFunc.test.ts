import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { APP_FOLDER } from "../../local/stack/functionsHost.ts";
import { freePort } from "../support/stack.ts";

const script = join(APP_FOLDER, "local", "startFunc.ts");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A command of that name, which says which version it is, and notes what else it is asked to do until it is stopped. */
function writeFunc(version: string, { isKilled = false, isHeedless = false } = {}): void {
  const source = `#!${process.execPath}
    const [first] = process.argv.slice(2);
    if (first === "--version") console.log(${JSON.stringify(version)});
    else {
      const { env, argv } = process;
      const told = { args: argv.slice(2), cwd: process.cwd(), env };
      require("node:fs").writeFileSync(${JSON.stringify(join(folder, "told.json"))}, JSON.stringify(told));
      if (${isKilled}) process.kill(process.pid, "SIGKILL");
      if (!${isHeedless}) process.on("SIGINT", () => process.exit(7));
      setInterval(() => {}, 1000);
    }`;
  writeFileSync(join(folder, "func"), source, { mode: 0o755 });
}

async function freePorts(): Promise<string[]> {
  const [port, azurePort, identityPort] = [await freePort(), await freePort(), await freePort()];
  const ports = [
    ["port", port],
    ["azure-port", azurePort],
    ["identity-port", identityPort],
    ["storage-port", await freePort(3)],
  ] as const;
  return ports.map(([name, value]) => `--${name}=${value}`);
}

/** Starts the command until Core Tools have told what they were given, and stops it. */
async function startAndStop(ports: string[]) {
  const args = [...ports, "--state", join(folder, "state")];
  const child = spawn(process.execPath, [script, ...args], { env: { ...process.env, PATH: folder } });
  const ended = once(child, "exit");
  const file = join(folder, "told.json");
  await expect.poll(() => existsSync(file) && readFileSync(file, "utf8").endsWith("}"), { timeout: 60_000 }).toBe(true);
  const told = JSON.parse(readFileSync(file, "utf8")) as { args: string[]; cwd: string; env: Record<string, string> };
  child.kill("SIGTERM");
  return { told, ended: await ended };
}

const run = (args: string[]) =>
  spawnSync(process.execPath, [script, ...args], { encoding: "utf8", env: { ...process.env, PATH: folder } });

describe("npm run start:func", () => {
  it("says how to get Core Tools where there are none, and exits as a shell does", () => {
    const { status, stderr } = run([]);
    expect(status).toBe(127);
    expect(stderr).toMatch(/no command func[^]*npm install --global azure-functions-core-tools@4[^]*npm start/);
  });

  it("does not begin with Core Tools that cannot run the app", () => {
    writeFunc("3.0.5");
    expect(run([])).toMatchObject({ status: 127, stderr: expect.stringContaining("is of version 3.0.5") });
  });

  it("tells its options, with or without them", () => {
    expect(run(["--help"])).toMatchObject({ status: 0, stdout: expect.stringContaining("npm run start:func") });
  });

  it("refuses what Core Tools cannot do", () => {
    for (const option of ["--speed=60", "--auth"]) {
      expect(run([option])).toMatchObject({ status: 2, stderr: expect.stringContaining(option.split("=")[0] ?? "") });
    }
    expect(run(["--help"]).stdout).not.toMatch(/--speed|--auth/);
  });

  it("exits as a shell does where a signal has ended them", async () => {
    writeFunc("4.0.7030", { isKilled: true });
    expect(run([...(await freePorts()), "--state", join(folder, "state")])).toMatchObject({ status: 137 });
  });

  it("exits with 0 where they end by being stopped", async () => {
    writeFunc("4.0.7030", { isHeedless: true });
    expect((await startAndStop(await freePorts())).ended).toEqual([0, null]);
  });

  it("starts them on the built app beside the local Azure, with settings that fit, and stops with them", async () => {
    writeFunc("4.0.7030");
    const ports = await freePorts();
    const [port, azurePort, identityPort] = ports.map((option) => option.split("=")[1]);
    const { told, ended } = await startAndStop(ports);
    expect(ended).toEqual([7, null]);

    expect(told.args).toEqual(["start", "--javascript", "--port", port]);
    expect(told.cwd).toBe(APP_FOLDER);
    expect(existsSync(join(told.cwd, "dist", "main.js"))).toBe(true);
    expect(told.env).toMatchObject({
      FUNCTIONS_WORKER_RUNTIME: "node",
      GOLDSMITH_ARM_ENDPOINT: `https://localhost:${azurePort}`,
      NODE_EXTRA_CA_CERTS: join(folder, "state", "ca.pem"),
    });
    expect(told.env.IDENTITY_ENDPOINT).toContain(identityPort);
  });
});
