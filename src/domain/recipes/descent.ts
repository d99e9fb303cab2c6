import { destinationIdOf, fixedVersionIn, writesTo } from "../destination.ts";
import { absoluteId } from "../resourceId.ts";
import type { Source } from "../source.ts";
import { circleOf } from "./circle.ts";
import type { Target, VhdTarget } from "./distribute.ts";
import { shown } from "./fault.ts";
import { nearestWord } from "./nearestWord.ts";
import type { Recipe } from "./schema.ts";

type ImageTarget = Exclude<Target, VhdTarget>;

/**
 * What a recipe begins with, as Azure has it: of one that is built on another that one's image.
 *
 * @param importedId of the managed image that a VHD is imported to.
 */
export function sourceOf(
  { name, source, location }: Recipe,
  recipes: ReadonlyMap<string, Recipe>,
  importedId: string,
): Source {
  if (source.type === "Vhd") return { type: "ManagedImage", imageId: importedId };
  if (source.type !== "Recipe") return source;
  const parent = recipes.get(source.recipe);
  const target = parent && targetFor(location, parent);
  if (!target) throw new Error(`The recipe of ${name} is in no catalogue with one that it can be built on.`);
  if (target.type === "ManagedImage") return { type: "ManagedImage", imageId: target.imageId };
  const version = fixedVersionIn(target.galleryImageId) ?? "latest";
  return { type: "SharedImageVersion", imageVersionId: `${destinationIdOf(target)}/versions/${version}` };
}

/**
 * Why a recipe cannot be built on what it begins with; undefined where it can.
 *
 * @param parsed the recipes that could be read, @param names those of all.
 */
export function descentFault(
  recipe: Recipe,
  parsed: ReadonlyMap<string, Recipe>,
  names: readonly string[],
  subscriptionId: string,
): string | undefined {
  const circle = circleOf(recipe, parsed, subscriptionId);
  if (circle) return `goes in a circle: ${[recipe.name, ...circle].join(" is built on ")}`;
  if (recipe.source.type !== "Recipe") return undefined;
  const { recipe: name } = recipe.source;
  if (!names.includes(name)) {
    const meant = nearestWord(name, names);
    return `names ${shown(name)}, and there is no recipe of that name${meant ? `; did you mean ${meant}?` : ""}`;
  }
  const parent = parsed.get(name);
  if (!parent) return undefined;
  if (parent.validate?.sourceValidationOnly) return `names ${name}, which makes no image: it only validates its source`;
  if (parent.distribute.every(({ type }) => type === "VHD"))
    return `names ${name}, which makes no image: it only writes a VHD`;
  const target = targetFor(recipe.location, parent);
  if (!target) return `names ${name}, whose versions are never the latest: it has excludeFromLatest`;
  const other = sharerOf(target, parent, parsed, subscriptionId);
  return other && `names ${name}, and the latest version of its image definition may be one of ${other}`;
}

/**
 * Of several targets that which a machine in the region can be made of, if any. A version that is never the latest is
 * found by nobody who asks for that.
 */
function targetFor(region: string, { distribute, location }: Recipe): ImageTarget | undefined {
  const images = distribute.filter((target) => target.type !== "VHD");
  const found = images.filter(
    (target) => target.type === "ManagedImage" || isFixed(target) || !target.excludeFromLatest,
  );
  const isThere = (target: ImageTarget) =>
    target.type === "ManagedImage" ? location === region : target.targetRegions.some(({ name }) => name === region);
  const inGalleries = found.filter(({ type }) => type === "SharedImage");
  return inGalleries.find(isThere) ?? found.find(isThere) ?? found[0];
}

function isFixed(target: ImageTarget): boolean {
  return target.type === "SharedImage" && fixedVersionIn(target.galleryImageId) !== undefined;
}

/** Another recipe that writes versions of the same image definition. */
function sharerOf(
  target: ImageTarget,
  parent: Recipe,
  parsed: ReadonlyMap<string, Recipe>,
  subscriptionId: string,
): string | undefined {
  if (target.type === "ManagedImage" || isFixed(target)) return undefined;
  const id = absoluteId(destinationIdOf(target), subscriptionId);
  return [...parsed.values()].find((other) => other.name !== parent.name && writesTo(other, id, subscriptionId))?.name;
}
