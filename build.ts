/** Bundles the service into `dist/main.js`, the one file that a Functions host loads, and the command beside it. */
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

await build({
  ...common,
  entryPoints: ["src/main.ts"],
  outfile: "dist/main.js",
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
