/** Bundles the service into `dist/main.js`, the one file that a Functions host loads. */
import { build } from "esbuild";

await build({
  entryPoints: ["src/main.ts"],
  outfile: "dist/main.js",
  bundle: true,
  platform: "node",
  target: "node22",
  format: "esm",
  sourcemap: true,
  // Some packages have a CommonJS build that no bundler can follow, beside a proper one.
  mainFields: ["module", "main"],
  // Names end up in durable histories and in stack traces.
  keepNames: true,
  // The Functions worker hands this module to `require`, it is on no disk.
  external: ["@azure/functions-core"],
  // Some of the SDKs are CommonJS inside: they ask for `require`, which an ES module does not have.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: "warning",
});
