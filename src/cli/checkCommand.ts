import { join } from "node:path";
import type { Catalogue } from "../domain/recipes/catalogue.ts";
import { type Fault, type Note, placeText, withoutPlace } from "../domain/recipes/fault.ts";
import { commandLine } from "./commandLine.ts";
import { isFileError } from "./fileError.ts";
import { EXIT, type ExitCode, type Surroundings } from "./surroundings.ts";

const HELP = `goldsmith check [FOLDER] [options]

Reads the recipes of a folder, images unless told, as the service does at its start, and tells what is wrong with them and
what is worth to be known, each with its place. Nothing is asked of Azure.

  --subscription ID   the service's subscription, as far as templates ask for it, and to see that two recipes write the
                      same image where one of them names it
  --json              tells it in JSON: {"images": [{"name", "state", "errors", "notes"}]}
  --help

Exit codes: 0 all can be built, 1 some are broken, 2 not understood. docs/recipes.md tells what a recipe has.
`;

const COMMAND = {
  name: "goldsmith check",
  help: HELP,
  options: {
    subscription: { type: "string" },
    json: { type: "boolean" },
  },
} as const;

interface Checked {
  name: string;
  state: "ready" | "broken";
  errors: readonly Fault[];
  notes: readonly Note[];
}

export function checkCommand(args: readonly string[], surroundings: Surroundings): ExitCode {
  const { readRecipes, out } = surroundings;
  const asked = commandLine(COMMAND, args, surroundings);
  if (asked.kind === "over") return asked.code;
  const { values, positionals, usage } = asked;
  const [folder = "images"] = positionals;
  if (positionals.length > 1) return usage("takes one folder");
  let images: Checked[];
  try {
    images = checkedOf(readRecipes(folder, values.subscription));
  } catch (error) {
    if (!isFileError(error)) throw error;
    return usage(`cannot read ${folder}: ${error.code}`);
  }
  if (images.length === 0) return usage(`${folder} has no recipes`);
  out(values.json ? `${JSON.stringify({ images }, null, 2)}\n` : report(folder, images));
  return images.some(({ state }) => state === "broken") ? EXIT.refused : EXIT.done;
}

function checkedOf({ recipes, broken, notes }: Catalogue): Checked[] {
  return [...new Set([...recipes.keys(), ...broken.keys()])].toSorted().map((name) => {
    const errors = broken.get(name) ?? [];
    return { name, state: errors.length > 0 ? "broken" : "ready", errors, notes: notes.get(name) ?? [] };
  });
}

/** One line for each, as compilers tell, and one for all. */
function report(folder: string, images: readonly Checked[]): string {
  const line = (what: "error" | "note", fault: Fault) =>
    `${join(folder, placeText(fault))}: ${what}: ${withoutPlace(fault)}\n`;
  const lines = images.flatMap(({ errors, notes }) => [
    ...errors.map((one) => line("error", one)),
    ...notes.map((one) => line("note", one)),
  ]);
  const broken = images.filter(({ state }) => state === "broken").length;
  return `${lines.join("")}${images.length} ${images.length === 1 ? "recipe" : "recipes"}, ${broken} broken\n`;
}
