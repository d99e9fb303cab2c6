import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { Fault } from "./fault.ts";
import { imageName, SHORTHANDS } from "./fields.ts";
import { faultIn, type Written } from "./written.ts";

/** What an installation is called whose recipes differ: a folder of `overlays` has its name. */
export const environmentName = imageName;

/** Where the overlays of an environment lie, from the recipes' folder. */
export function overlayFolder(environment: string): string {
  return `overlays/${environment}`;
}

export interface Overlaid {
  value: unknown;
  faults: Fault[];
  /** The file that a path of the value, or what is missing there, comes from. */
  fromOf: (path: readonly PropertyKey[]) => Written;
}

/**
 * A recipe as an environment has it: objects are merged, lists and scalars replaced, and `null` takes a field away. An
 * object of another kind, as its `type` tells, is replaced as well: nothing of a gallery's target means anything in a
 * managed image's.
 */
export function overlaid(recipe: Written, overlay: Written | undefined): Overlaid {
  const base = recipe.yaml.value;
  // An overlay of comments alone, as is left of one that is taken back for a while, changes nothing.
  if (!overlay || overlay.yaml.value === null || !isJsonObject(base))
    return { value: base, faults: [], fromOf: () => recipe };
  const over = overlay.yaml.value;
  const faults: Fault[] = [];
  const fault = (path: readonly PropertyKey[], message: string) =>
    void faults.push(faultIn(overlay, overlay.yaml.offsetOf(path), path, message));
  if (!isJsonObject(over)) {
    fault([], "takes fields of a recipe");
    return { value: base, faults, fromOf: () => recipe };
  }

  function merged(before: JsonObject, changes: JsonObject, above: PropertyKey[]): JsonObject {
    const after = { ...before };
    for (const [field, change] of Object.entries(changes)) {
      const path = [...above, field];
      if (change === null) {
        // It would hide a slip of the pen.
        if (!Object.hasOwn(before, field)) fault(path, "takes away what the recipe does not have");
        delete after[field];
      } else if (isJsonObject(change)) {
        const own = Object.hasOwn(before, field) ? before[field] : undefined;
        after[field] = merged(areMerged(own, change) ? own : {}, change, path);
      } else {
        after[field] = change;
      }
    }
    return after;
  }

  const { name, ...changes } = over;
  if (name !== undefined && name !== base["name"]) fault(["name"], "is the recipe's own: an overlay changes no names");
  return {
    value: merged(base, changes, []),
    faults,
    fromOf: (path) => (isChanged(base, over, path) ? overlay : recipe),
  };
}

/** Whether what a path leads to, in a recipe or no longer in it, is of its overlay. */
function isChanged(base: Json | undefined, over: Json, path: readonly PropertyKey[]): boolean {
  const [field, ...rest] = path;
  if (typeof field !== "string" || !isJsonObject(over) || !Object.hasOwn(over, field)) return false;
  const change = over[field] ?? null;
  const own = isJsonObject(base) && Object.hasOwn(base, field) ? base[field] : undefined;
  return areMerged(own, change) ? isChanged(own, change, rest) : true;
}

function areMerged(before: Json | undefined, change: Json): before is JsonObject {
  if (!isJsonObject(before) || !isJsonObject(change)) return false;
  const kind = kindIn(change);
  return kind === undefined || kind === kindIn(before);
}

function kindIn(value: JsonObject): Json | undefined {
  if (Object.hasOwn(value, "type")) return value["type"];
  return Object.entries(SHORTHANDS).find(([field]) => Object.hasOwn(value, field))?.[1];
}
