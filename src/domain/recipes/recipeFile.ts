import { isNode, LineCounter, parseDocument } from "yaml";
import { Recipe } from "./schema.ts";
import { checkSchedule } from "../schedule.ts";

export type ParsedRecipe = { kind: "recipe"; recipe: Recipe } | { kind: "faulty"; faults: string[] };

/** Parses a recipe; faults name file, line and column: `aks-jumpbox.yaml:7:3: location: is missing`. */
export function parseRecipe(file: string, text: string): ParsedRecipe {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: "1.2" });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    return {
      kind: "faulty",
      faults: document.errors.map(({ pos, message }) => `${at(pos[0])}: ${message.split("\n")[0]}`),
    };
  }
  let value: unknown;
  try {
    value = document.toJS();
  } catch {
    // Aliases of aliases: a short text that stands for a very long one.
    return { kind: "faulty", faults: [`${file}: has more aliases than a recipe needs`] };
  }
  const parsed = Recipe.safeParse(value);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => {
      const where = placeOf(document, path);
      return `${at(where)}: ${path.join(".") || "the recipe"}: ${message}`;
    });
    return { kind: "faulty", faults };
  }
  const recipe = parsed.data;
  const faults: string[] = [];
  const fault = (path: string[], message: string) =>
    faults.push(`${at(placeOf(document, path))}: ${path.join(".")}: ${message}`);
  if (file !== `${recipe.name}.yaml`) fault(["name"], `must be the file's name, ${file.replace(/\.yaml$/, "")}`);
  if (recipe.schedule) {
    try {
      checkSchedule(recipe.schedule);
    } catch (error) {
      fault(["schedule"], error instanceof Error ? error.message : String(error));
    }
  }
  return faults.length > 0 ? { kind: "faulty", faults } : { kind: "recipe", recipe };
}

/** The offset of what a path leads to, or of the nearest thing above it that is there. */
function placeOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
