/** Measures in a process of its own, and prints the figures as JSON: `node bench/measureOne.ts build`. */
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import type { Figure } from "./figure.ts";

const [name = ""] = process.argv.slice(2);
const file = pathToFileURL(join(import.meta.dirname, `${name}.ts`)).href;
const { measure } = (await import(file)) as { measure: () => Promise<Figure[]> };
const figures = await measure();
process.stdout.write(JSON.stringify(figures));
process.exit();
