import { problem, type Problem } from "../domain/problem.ts";
import type { Catalogue } from "../domain/recipes/catalogue.ts";
import type { Recipe } from "../domain/recipes/schema.ts";

export const imageUnknown = problem(404, "image-unknown", "There is no recipe of that name; see /api/images.");

/** The recipe of an image that somebody wants built, or why there is none to be built. */
export function recipeAsked(
  { recipes, broken }: Catalogue,
  image = "",
): { kind: "recipe"; recipe: Recipe } | { kind: "refused"; problem: Problem } {
  const recipe = recipes.get(image);
  if (recipe) return { kind: "recipe", recipe };
  const errors = broken.get(image);
  if (!errors) return { kind: "refused", problem: imageUnknown };
  const detail = `The recipe of ${image} is broken: mend what is named in errors, and ask again once the service has it.`;
  return { kind: "refused", problem: problem(409, "recipe-broken", detail, { errors }) };
}
