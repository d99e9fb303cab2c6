import { dirname, join } from "node:path";
import { isContainerId } from "../domain/blobUrl.ts";
import type { Catalogue } from "../domain/recipes/catalogue.ts";
import { type Fault, type Note, placeText, withoutPlace } from "../domain/recipes/fault.ts";
import { environmentName } from "../domain/recipes/overlay.ts";
import { commandLine } from "./commandLine.ts";
import { isFileError } from "./fileError.ts";
import { EXIT, type ExitCode, type Surroundings } from "./surroundings.ts";

const HELP = `goldsmith check [FOLDER] [options]

Reads the recipes of a folder, images unless told, as the service does, and tells what is wrong with them and what is worth
to be known, each with its place: as they are, and as each environment has them that there are overlays for.
Nothing is asked of Azure.

  --environment NAME  only as this environment has them
  --subscription ID   the service's subscription, as far as templates ask for it, and to see that two recipes write the
                      same image where one of them names it
  --script-container ID  the container of the service's GOLDSMITH_SCRIPT_CONTAINER, where scripts beside the recipes are
                      longer than 64 KiB
  --json              tells it in JSON: {"images": [{"name", "state", "errors", "notes"}], "environments": [{"environment", "images"}]}
  --help

What looks like a recipe in a folder below, and a folder of overlays that no environment can be called as, are told on standard
error.

Exit codes: 0 all can be built, 1 some are broken or some overlays are nobody's, 2 not understood. docs/recipes.md tells what a
recipe has.
`;

const COMMAND = {
  name: "goldsmith check",
  help: HELP,
  options: {
    subscription: { type: "string" },
    environment: { type: "string" },
    "script-container": { type: "string" },
    json: { type: "boolean" },
  },
} as const;

/** What to do instead, by the code of what the file system says. */
const UNREADABLE: Readonly<Record<string, (folder: string) => string>> = {
  ENOENT: (folder) => `finds no folder ${folder}: it takes the one that the recipes lie in`,
  ENOTDIR: (file) => `takes a folder, and reads all recipes in it: ${dirname(file)} for ${file}`,
};

/** What is found of the recipes as they are, or as an environment has them. */
interface Check {
  environment?: string;
  images: CheckedImage[];
}

interface CheckedImage {
  name: string;
  state: "ready" | "broken";
  errors: readonly Fault[];
  notes: readonly Note[];
}

export function checkCommand(args: readonly string[], surroundings: Surroundings): ExitCode {
  const { readRecipes, environmentsIn, recipesBelow, out, err } = surroundings;
  const asked = commandLine(COMMAND, args, surroundings);
  if (asked.kind === "over") return asked.code;
  const { values, positionals, usage } = asked;
  const [folder = "images"] = positionals;
  if (positionals.length > 1) return usage("takes one folder");
  const { environment: only, subscription: subscriptionId, "script-container": scriptContainer } = values;
  if (scriptContainer !== undefined && !isContainerId(scriptContainer))
    return usage("takes the id of a container of blobs as --script-container");
  let checks: Check[];
  let unfit: string[];
  let below: string[];
  try {
    const there = environmentsIn(folder);
    if (only !== undefined && !there.includes(only)) return usage(`${folder} has no overlays/${only}`);
    unfit = only === undefined ? there.filter((name) => !isEnvironment(name)) : [];
    below = recipesBelow(folder);
    const environments = only === undefined ? [undefined, ...there.filter(isEnvironment)] : [only];
    checks = environments.map((environment) => ({
      ...(environment === undefined ? {} : { environment }),
      images: checkedOf(readRecipes(folder, { subscriptionId, environment, scriptContainer })),
    }));
  } catch (error) {
    if (!isFileError(error)) throw error;
    return usage(UNREADABLE[error.code]?.(folder) ?? `cannot read ${folder}: ${error.code}`);
  }
  for (const path of below) err(`${join(folder, path)}: note: is built by nobody: recipes lie in ${folder} itself\n`);
  if (checks.every(({ images }) => images.length === 0)) return usage(`${folder} has no recipes`);
  out(values.json ? `${JSON.stringify(inJson(checks), null, 2)}\n` : report(folder, checks));
  for (const name of unfit) err(`${join(folder, "overlays", name)}: error: no environment can have that name\n`);
  return unfit.length > 0 || checks.some(({ images }) => images.some(isBroken)) ? EXIT.refused : EXIT.done;
}

function isEnvironment(name: string): boolean {
  return environmentName.safeParse(name).success;
}

function checkedOf({ recipes, broken, notes }: Catalogue): CheckedImage[] {
  return [...new Set([...recipes.keys(), ...broken.keys()])].toSorted().map((name) => {
    const errors = broken.get(name) ?? [];
    return { name, state: errors.length > 0 ? "broken" : "ready", errors, notes: notes.get(name) ?? [] };
  });
}

function inJson([first, ...environments]: readonly Check[]) {
  return { ...first, environments };
}

function isBroken({ state }: CheckedImage): boolean {
  return state === "broken";
}

/** One line for each, as compilers tell, however many environments have it; and one line for each check. */
function report(folder: string, checks: readonly Check[]): string {
  const line = (what: "error" | "note", fault: Fault) =>
    `${join(folder, placeText(fault))}: ${what}: ${withoutPlace(fault)}\n`;
  const lines = checks.flatMap(({ images }) =>
    images.flatMap(({ errors, notes }) => [
      ...errors.map((one) => line("error", one)),
      ...notes.map((one) => line("note", one)),
    ]),
  );
  return [...new Set(lines), ...checks.map(summary)].join("");
}

function summary({ environment, images }: Check): string {
  const where = environment === undefined ? "" : ` in ${environment}`;
  return `${images.length} ${images.length === 1 ? "recipe" : "recipes"}${where}, ${images.filter(isBroken).length} broken\n`;
}
