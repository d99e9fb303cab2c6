import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort } from "../support/stack.ts";

const root = join(import.meta.dirname, "..", "..");
let state: string;
const running: ChildProcessWithoutNullStreams[] = [];

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "goldsmith-"));
});
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGTERM");
    await once(child, "exit");
  }
  rmSync(state, { recursive: true, force: true });
});

async function ports() {
  const options = { port: await freePort(), "azure-port": await freePort(), "identity-port": await freePort() };
  return { ...options, "storage-port": await freePort(3) };
}

type Options = Record<string, string | number | true>;

const argumentsOf = (options: Options) =>
  Object.entries(options).flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, String(value)]));

const run = (script: string, options: Options, env: Record<string, string> = {}) =>
  follow(process.execPath, [join(root, "local", script), ...argumentsOf(options)], env);

/** Starts a command; it is ended with its test. */
function follow(command: string, args: string[], env: Record<string, string> = {}) {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env } });
  running.push(child);
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (data: Buffer) => (output.stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (output.stderr += data.toString()));
  const ended = once(child, "exit").then(([code]) => code as number | null);
  return { child, output, ended };
}

/** Whether a process is there. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
}

describe("npm start", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "says ready with a curl that works, and stops everything at %s",
    async (signal) => {
      const chosen = await ports();
      const { child, output, ended } = follow("npm", ["start", "--", ...argumentsOf({ ...chosen, state })]);
      await expect.poll(() => output.stdout, { timeout: 30_000 }).toMatch(/^ready[^]*curl .*\n/m);
      expect(output.stdout).toContain(`http://127.0.0.1:${chosen.port}`);
      expect(output.stdout + output.stderr).not.toContain("identityHeader");
      expect(readFileSync(join(state, "ca.pem"), "utf8")).toContain("BEGIN CERTIFICATE");

      const [curl] = /curl .*/.exec(output.stdout) ?? [""];
      const shell = spawn("sh", ["-c", `${curl} --silent --output /dev/null --write-out '%{http_code}'`]);
      let status = "";
      shell.stdout.on("data", (data: Buffer) => (status += data.toString()));
      await once(shell, "exit");
      expect(status).toBe("202");

      const [start = 0] = childrenOf(child.pid ?? 0);
      const children = childrenOf(start);
      expect(children).toHaveLength(3);
      child.kill(signal);
      expect(await ended).toBe(0);
      expect(children.filter(isAlive)).toEqual([]);
    },
  );

  it("says which port is in use, and how to choose another", async () => {
    const chosen = await ports();
    const server = createServer().listen(chosen["azure-port"], "127.0.0.1");
    const { output, ended } = run("start.ts", { ...chosen, state });
    expect(await ended).not.toBe(0);
    server.close();
    expect(output.stderr).toMatch(new RegExp(`Port ${chosen["azure-port"]}.*in use.*--azure-port`));
  });

  it("says which two options name one port", async () => {
    const chosen = await ports();
    const { output, ended } = run("start.ts", { ...chosen, "azure-port": chosen.port, state });
    expect(await ended).not.toBe(0);
    expect(output.stderr).toMatch(new RegExp(`^Port ${chosen.port} is chosen twice.*--port or --azure-port\\.\n$`));
  });

  it("keeps its state folder from a second start and from the demo, whatever their ports", async () => {
    const first = run("start.ts", { ...(await ports()), state });
    await expect.poll(() => first.output.stdout, { timeout: 30_000 }).toMatch(/^ready/m);
    const before = readdirSync(state);
    for (const script of ["start.ts", "demo.ts"]) {
      const second = run(script, { ...(await ports()), state });
      expect(await second.ended).not.toBe(0);
      expect(second.output.stderr).toContain(`${state} is in use by process ${first.child.pid}`);
    }
    expect(readdirSync(state)).toEqual(before);

    first.child.kill("SIGTERM");
    expect(await first.ended).toBe(0);
    expect(readdirSync(state)).not.toContain("stack.lock");
  });

  it("refuses an option that it does not know, and a speed that is none", async () => {
    const unknown = run("start.ts", { state, spede: 5 });
    expect(await unknown.ended).not.toBe(0);
    expect(unknown.output.stderr).toContain("spede");
    const wrong = run("start.ts", { state, speed: "fast" });
    expect(await wrong.ended).not.toBe(0);
    expect(wrong.output.stderr).toContain("--speed");
  });

  it.each(["start.ts", "demo.ts"])("has a help: %s", async (script) => {
    const { output, ended } = run(script, { help: true });
    expect(await ended).toBe(0);
    expect(output.stdout).toContain("--storage-port");
  });
});

describe("npm run demo", () => {
  it("shows progress and the receipt, and exits 0", async () => {
    const { output, ended } = run("demo.ts", { ...(await ports()), state, speed: 240 });
    expect(await ended).toBe(0);
    expect(output.stdout).toMatch(/running: \w+ +grants held: image creation, network join/);
    expect(output.stdout).toMatch(/\d\d:\d\d {2}granted[^]*archived[^]*deleted[^]*revoked[^]*leftovers: +none/);
    expect(readFileSync(join(state, "customization.log"), "utf8")).toContain("kubectl");
  });

  it("does not begin in a folder with files that are not its own", async () => {
    writeFileSync(join(state, "thesis.txt"), "years of work");
    const { output, ended } = run("demo.ts", { ...(await ports()), state });
    expect(await ended).not.toBe(0);
    expect(output.stderr).toContain(`The folder ${state} holds files that are no local state`);
    expect(readdirSync(state)).toEqual(["thesis.txt"]);
  });

  it("exits non-zero where the build does not succeed", async () => {
    const unknownRole = "00000000-0000-4000-8000-000000000000";
    const env = { GOLDSMITH_NETWORK_JOIN_ROLE: unknownRole };
    const { output, ended } = run("demo.ts", { ...(await ports()), state, speed: 240 }, env);
    expect(await ended).toBe(1);
    expect(output.stdout).toContain("what to do:");
    expect(output.stderr).toContain("The build did not succeed");
  });

  it("exits non-zero where something is left behind, and names it", async () => {
    const chosen = await ports();
    const { output, ended } = run("demo.ts", { ...chosen, state, speed: 240 });
    const refused = { method: "DELETE", path: "rg-images.*roleAssignments", kind: "respond", status: 403 };
    await expect.poll(() => addFault(chosen["azure-port"], refused), { timeout: 20_000 }).toBe(true);
    expect(await ended).toBe(1);
    expect(output.stdout).toMatch(/leftovers:[^]*az role assignment delete --ids/);
    expect(output.stderr).toContain("holds 1 roleAssignments, not 0");
  });
});

/** Lets something go wrong in the local Azure of a running demo. @returns whether it answers yet. */
function addFault(port: number, fault: object): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { method: "POST", rejectUnauthorized: false };
    const sent = request(`https://localhost:${port}/_control/faults`, options, (answer) => {
      answer.resume();
      resolve((answer.statusCode ?? 500) < 300);
    });
    sent.on("error", () => resolve(false));
    sent.end(JSON.stringify(fault));
  });
}
