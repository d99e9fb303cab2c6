/** The command `goldsmith`. */
import { readFileSync, writeFileSync } from "node:fs";
import { environmentsIn, readCatalogue, recipesBelow } from "../recipes.ts";
import { goldsmith } from "./goldsmith.ts";

process.exitCode = goldsmith(process.argv.slice(2), {
  read: (file) => readFileSync(file),
  readRecipes: readCatalogue,
  environmentsIn,
  recipesBelow,
  // What is there already is somebody's work.
  write: (file, text) => writeFileSync(file, text, { flag: "wx" }),
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  now: () => new Date(),
});
