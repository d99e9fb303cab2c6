/** How much is loaded at first. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { type Figure, ofSeeds } from "./figure.ts";

const root = join(import.meta.dirname, "..");

export function measure(): Promise<Figure[]> {
  const figure = statSync(join(root, "dist", "main.js")).size / 1024 ** 2;
  const what = "size of what is loaded at first, in MiB";
  return Promise.resolve(ofSeeds([], [{ id: "bundle-mebibytes", what, figure, counted: true }]));
}
