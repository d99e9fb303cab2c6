import { problem } from "../domain/problem.ts";
import type { Catalogue } from "../domain/recipes/catalogue.ts";
import type { Recipe } from "../domain/recipes/schema.ts";
import { Refused } from "../http/door.ts";

export const imageUnknown = problem(404, "image-unknown", "There is no recipe of that name; see /api/images.");

/** The recipe of an image that somebody wants built. @throws Refused where there is none to be built. */
export function recipeAsked({ recipes, broken }: Catalogue, image: string): Recipe {
  const recipe = recipes.get(image);
  if (recipe) return recipe;
  const errors = broken.get(image);
  if (!errors) throw new Refused(imageUnknown);
  const detail = `The recipe of ${image} is broken: mend what is named in errors, and ask again once the service has it.`;
  throw new Refused(problem(409, "recipe-broken", detail, { errors }));
}
