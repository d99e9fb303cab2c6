import { Preview } from "../domain/preview.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { door } from "../http/door.ts";
import { askCatalogue } from "./askCatalogue.ts";
import type { Previewer } from "./preview.ts";
import { recipeAsked } from "./recipeAsked.ts";

/** What a build would do, and what is in its way. */
export function getPlan(catalogue: AskCatalogue, preview: Previewer) {
  return door({
    name: "getPlan",
    method: "GET",
    route: "images/{image}/plan",
    summary: "What a build would do now, and what is in its way",
    role: "Reader",
    answers: { 200: { description: "The plan, and the findings.", body: Preview } },
    refuses: { 404: ["image-unknown"], 409: ["recipe-broken", "plan-failed"] },
    async handle({ param, context }) {
      const recipe = recipeAsked(await askCatalogue(catalogue, context), param("image"));
      return preview(recipe.name);
    },
  });
}
