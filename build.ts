/**
 * Bundles the service into `dist/main.js`, which a Functions host loads, with what is only loaded where settings ask for it in
 * files beside it; and the command.
 */
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { build, type BuildOptions, type OutputFile } from "esbuild";

// Some libraries are CommonJS inside: they ask for `require`, which an ES module does not have.
const REQUIRE =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

const common: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node22",
  format: "esm",
  // Some packages have a CommonJS build that no bundler can follow, beside a proper one.
  mainFields: ["module", "main"],
  logLevel: "warning",
  write: false,
};

const service = await build({
  ...common,
  entryPoints: ["src/main.ts"],
  outdir: "dist",
  splitting: true,
  chunkNames: "part-[hash]",
  sourcemap: true,
  // The Functions worker hands this module to `require`, it is on no disk.
  external: ["@azure/functions-core"],
  banner: { js: REQUIRE },
});

const command = await build({
  ...common,
  entryPoints: ["src/cli/main.ts"],
  outfile: "dist/goldsmith.js",
  banner: { js: `#!/usr/bin/env node\n${REQUIRE}` },
});

const files = [...(service.outputFiles ?? []), ...(command.outputFiles ?? [])];
files.forEach(write);
// Others than the last time, where the code is cut in another way.
const written = new Set(files.map(({ path }) => relative(".", path)));
for (const part of globSync("dist/part-*.js*")) if (!written.has(part)) rmSync(part);

/** A service that runs meanwhile finds each of its files, whole. */
function write({ path, contents }: OutputFile): void {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, contents);
  renameSync(beside, path);
}
