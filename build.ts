/**
 * Bundles the service into `dist/main.js`, which a Functions host loads, with what is only loaded where settings ask for it in
 * files beside it; and the command.
 */
import { globSync, rmSync } from "node:fs";
import { build, type BuildOptions } from "esbuild";

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
};

// What is in them now may be cut in another way.
for (const file of globSync("dist/part-*.js*")) rmSync(file);

await build({
  ...common,
  entryPoints: ["src/main.ts"],
  outdir: "dist",
  splitting: true,
  chunkNames: "part-[hash]",
  sourcemap: true,
  // Names end up in durable histories and in stack traces.
  keepNames: true,
  // The Functions worker hands this module to `require`, it is on no disk.
  external: ["@azure/functions-core"],
  banner: { js: REQUIRE },
});

await build({
  ...common,
  entryPoints: ["src/cli/main.ts"],
  outfile: "dist/goldsmith.js",
  banner: { js: `#!/usr/bin/env node\n${REQUIRE}` },
});
