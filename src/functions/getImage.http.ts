import type { Archive } from "../azure/archive.ts";
import { readFollowState } from "../azure/followStates.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { ImageView, imageView } from "../domain/recipes/imageView.ts";
import { answer } from "../http/answers.ts";
import { door, Refused } from "../http/door.ts";
import { askCatalogue } from "./askCatalogue.ts";
import { imageUnknown } from "./recipeAsked.ts";

/** An image's recipe, or what is wrong with it; and what was decided of its source's new versions. */
export function getImage(catalogue: AskCatalogue, archive: Pick<Archive, "readJson" | "replaceJson">) {
  return door({
    name: "getImage",
    method: "GET",
    route: "images/{image}",
    summary: "An image's recipe, or what is wrong with it",
    role: "Reader",
    answers: { 200: { description: "The recipe with all its defaults, or its faults.", body: ImageView } },
    refuses: { 404: ["image-unknown"] },
    async handle({ param, context, urlOf }) {
      const view = imageView(await askCatalogue(catalogue, context), param("image"), urlOf);
      if (!view) throw new Refused(imageUnknown);
      if (view.state === "broken" || !view.recipe.follow) return answer(200, view);
      const { decisions } = await readFollowState(archive, view.name);
      return answer(200, { ...view, follows: decisions } satisfies ImageView);
    },
  });
}
