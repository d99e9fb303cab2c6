import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { parse } from "jsonc-parser";

/** What of the recipes' folder is for editors, and what systems leave in folders. */
const NOT_DEPLOYED = /\.schema\.json$|(?:^|\/)\./;
/** The command, which has no part in the service. */
const COMMAND = "goldsmith.js";

/**
 * What is deployed, by paths with slashes, in their order: the bundle, `host.json`, a `package.json` that says no more than
 * where the bundle begins, and the recipes with what lies beside them.
 *
 * @param root the repository, with the bundle built.
 * @throws where there is no bundle.
 */
export function packageFiles(root: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>([
    ["host.json", plainJson(readFileSync(join(root, "host.json"), "utf8"))],
    ["package.json", deployedPackageJson(readFileSync(join(root, "package.json"), "utf8"))],
  ]);
  // A large part of the service that few need may be in files of its own beside its beginning.
  const bundle = below(join(root, "dist")).filter((path) => /^[^/]+\.js$/.test(path) && path !== COMMAND);
  if (!bundle.includes("main.js")) throw new Error("There is no bundle: npm run build makes it.");
  for (const path of bundle) files.set(`dist/${path}`, readFileSync(join(root, "dist", path)));
  const images = below(join(root, "images")).filter((path) => !NOT_DEPLOYED.test(path));
  for (const path of images) files.set(`images/${path}`, readFileSync(join(root, "images", path)));
  return new Map([...files].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function below(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll(sep, "/"),
    );
}

/** Without comments: the host reads them, and nobody says that all others in Azure do. */
function plainJson(text: string): Uint8Array {
  return jsonFile(parse(text));
}

/** Without dependencies, which are in the bundle, and without scripts: there is nothing to be installed or built. */
function deployedPackageJson(text: string): Uint8Array {
  const { name, version, type, main } = JSON.parse(text) as Record<string, unknown>;
  return jsonFile({ name, version, private: true, type, main });
}

function jsonFile(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
}
