import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { APP_FOLDER } from "../../local/stack/functionsHost.ts";
import { TestStack } from "../support/stack.ts";

let folder: string;
let zipped: Buffer;
let files: Record<string, Uint8Array>;

const command = (args: string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, [join(APP_FOLDER, "packaging", "package.ts"), ...args], {
    cwd: tmpdir(),
    encoding: "utf8",
    env: { ...process.env, ...env },
  });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-"));
  const { status, stderr } = command(["--out", join(folder, "one.zip")], { TZ: "Europe/Berlin" });
  if (status !== 0) throw new Error(stderr);
  zipped = readFileSync(join(folder, "one.zip"));
  files = unzipSync(zipped);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("npm run package", () => {
  it("packs the bundle, host.json, a package.json without dependencies, the recipes, and nothing else", () => {
    const images = readdirSync(join(APP_FOLDER, "images"), { recursive: true, encoding: "utf8" });
    const recipes = images.filter((name) => name.endsWith(".yaml")).map((name) => `images/${name}`);
    const paths = Object.keys(files);
    const others = paths.filter((path) => !recipes.includes(path) && !/^dist\/[\w.-]+\.js$/.test(path));
    expect(others).toEqual(["host.json", "package.json"]);
    expect(paths.filter((path) => path.startsWith("images/"))).toEqual(recipes.toSorted());
    expect(paths).toContain("dist/main.js");
    expect(paths).not.toContain("dist/goldsmith.js");
    expect(paths).toEqual(paths.toSorted());
    expect(JSON.parse(Buffer.from(files["package.json"] ?? []).toString())).toEqual({
      name: "goldsmith",
      version: expect.any(String),
      private: true,
      type: "module",
      main: "dist/main.js",
    });
  });

  it("stays small: a host that comes up has to fetch it first", () => {
    expect(zipped.length).toBeLessThan(3 * 1024 * 1024);
  });

  it("makes the same bytes again, wherever and whenever", () => {
    const { status } = command(["--out", join(folder, "two.zip")], { TZ: "Pacific/Kiritimati" });
    expect(status).toBe(0);
    expect(readFileSync(join(folder, "two.zip")).equals(zipped)).toBe(true);
  });

  it("tells what it does, and refuses what it does not know", () => {
    expect(command(["--help"])).toMatchObject({ status: 0, stdout: expect.stringContaining("--out <file>") });
    expect(command(["--ouut", "x"])).toMatchObject({ status: 2, stderr: expect.stringContaining("--ouut") });
    expect(existsSync(join(tmpdir(), "x"))).toBe(false);
  });
});

describe("the package, unpacked into an empty folder,", () => {
  it("is the service: it is well, and plans a build", async () => {
    const app = join(folder, "app");
    for (const [path, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(app, path)), { recursive: true });
      writeFileSync(join(app, path), bytes);
    }
    const stack = await TestStack.start({ speed: 1 });
    try {
      await stack.crashAndRestart(app);
      const health = await stack.request("/api/health");
      expect([health.status, await health.json()]).toMatchObject([
        200,
        { state: "healthy", version: manifest.version },
      ]);
      const dryRun = await stack.request("/api/images/aks-jumpbox/builds", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ dryRun: true }),
      });
      expect([dryRun.status, await dryRun.json()]).toMatchObject([200, { state: "ready" }]);
    } finally {
      await stack.stop();
    }
  });
});
