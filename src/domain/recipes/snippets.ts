import { textOf } from "./beside.ts";
import { snippetPath } from "./customize.ts";
import { withBesideFile } from "./besideScripts.ts";
import type { Fault } from "./fault.ts";
import type { RecipeGround } from "./ofTemplate.ts";
import { faultIn, LARGEST_RECIPE, readWritten, secretFaults, type Written } from "./written.ts";

/** A step, and where it is written. */
export interface WrittenStep {
  step: unknown;
  from: Written;
  path: PropertyKey[];
}

const TOO_LARGE = `makes the recipe larger than ${LARGEST_RECIPE / 1024} KiB, with all that it includes`;
/** Bytes of what lies beside one recipe, and is fetched. */
const MOST_UPLOADED = 100 * 1024 * 1024;
const TOO_MUCH = `makes more than ${MOST_UPLOADED / 1024 / 1024} MiB of scripts and files beside the recipe that are fetched`;
/** More than a person can follow. */
const DEEPEST = 5;
/** Snippets that one recipe includes, those within others as well. */
const MOST_SNIPPETS = 50;

/**
 * The steps of a list in a recipe, each snippet's in its place, and with what they name beside the recipe in them; and what
 * is wrong with those.
 *
 * @param list the way to it.
 * @param includes whether snippets may be included.
 * @param notSecret texts that look like a secret and are none.
 * @param uploaded bytes of what the recipe's steps before fetch of what lies beside it.
 */
export function stepsOf(
  recipe: Written,
  list: PropertyKey[],
  steps: readonly unknown[],
  ground: RecipeGround,
  { includes, uploaded, notSecret }: { includes: boolean; uploaded: number; notSecret: readonly string[] },
) {
  const { readBeside: read } = ground;
  const found: WrittenStep[] = [];
  const faults: Fault[] = [];
  let snippets = 0;
  let characters = recipe.text.length;
  let bytes = uploaded;

  function take(from: Written, path: PropertyKey[], some: readonly unknown[], above: readonly string[]): void {
    for (const [at, step] of some.entries()) {
      const name = includes ? snippetIn(step) : undefined;
      if (name === undefined) found.push(putIn({ step, from, path: [...path, at] }));
      else include(name, from, [...path, at, "include"], above);
    }
  }

  /** With what it names beside the recipe. */
  function putIn(written: WrittenStep): WrittenStep {
    const { from, path } = written;
    const { step, fault, ...more } = withBesideFile(written.step, ground, notSecret);
    characters += more.characters;
    bytes += more.bytes;
    if (fault)
      faults.push(faultIn(from, from.yaml.offsetOf([...path, fault.field]), [...path, fault.field], fault.message));
    else if (characters > LARGEST_RECIPE) faults.push(faultIn(from, from.yaml.offsetOf(path), path, TOO_LARGE));
    else if (bytes > MOST_UPLOADED) faults.push(faultIn(from, from.yaml.offsetOf(path), path, TOO_MUCH));
    return { ...written, step };
  }

  function include(name: string, from: Written, path: PropertyKey[], above: readonly string[]): void {
    const fault = (message: string) => void faults.push(faultIn(from, from.yaml.offsetOf(path), path, message));
    if (above.includes(name)) return fault(`goes in a circle: ${[...above, name].join(" includes ")}`);
    if (above.length >= DEEPEST) return fault(`is too deep: at most ${DEEPEST} snippets are within one another`);
    if (++snippets > MOST_SNIPPETS)
      return fault(`is one too many: a recipe includes at most ${MOST_SNIPPETS} snippets`);
    const result = textOf(read(name, LARGEST_RECIPE));
    if (result.kind === "unreadable") return fault(`names ${name}, which ${result.message}`);
    characters += result.text.length;
    if (characters > LARGEST_RECIPE) {
      return fault(TOO_LARGE);
    }
    const snippet = readWritten(name, result.text);
    faults.push(...snippet.faults, ...secretFaults(snippet, notSecret));
    const { value, misread } = snippet.yaml;
    if (Array.isArray(value)) take(snippet, [], value, [...above, name]);
    else if (misread.length === 0) faults.push(faultIn(snippet, 0, [], "is no list; a snippet is a list of steps"));
  }

  take(recipe, list, steps, []);
  return { steps: found, faults: unrepeated(faults), uploaded: bytes };
}

/** The path of a step that is a whole `include`; what is wrong with another one the schema tells. */
function snippetIn(step: unknown): string | undefined {
  if (typeof step !== "object" || step === null || !("include" in step)) return undefined;
  const { include, ...rest } = step;
  const isWhole = Object.entries(rest).every(([field, value]) => field === "type" && value === "Include");
  return isWhole ? snippetPath.safeParse(include).data : undefined;
}

/** A snippet may be included twice. */
function unrepeated(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
}
