/** `npm run package`: writes the zip that is deployed, made of a fresh bundle. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { packageFiles } from "./packageFiles.ts";
import { zip } from "./zip.ts";

const HELP = `Writes the package that is deployed: a zip of the bundle, host.json, the recipes, and nothing else.
The same commit makes the same bytes.

Usage: npm run package -- [options]

  --out <file>   where it is written (dist/goldsmith.zip)
  --list         lists what is in it
  --help         show this
`;

const root = join(import.meta.dirname, "..");

function main(): number {
  const { values } = parseArgs({
    options: {
      out: { type: "string", default: join(root, "dist", "goldsmith.zip") },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const files = packageFiles(root);
  if (values.list) for (const [path, { length }] of files) console.log(`${String(length).padStart(9)}  ${path}`);
  console.error(`Packing ${files.size} files …`);
  const bytes = zip(files);
  const out = resolve(values.out);
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, bytes);
  console.log(`${out}: ${(bytes.length / 1024 ** 2).toFixed(2)} MiB, sha256 ${sha256(bytes)}`);
  return 0;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
