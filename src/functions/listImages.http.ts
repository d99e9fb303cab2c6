import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { isGranted } from "../domain/caller.ts";
import { ImageList, imageList } from "../domain/recipes/imageView.ts";
import { answer } from "../http/answers.ts";
import { door } from "../http/door.ts";
import { askCatalogue } from "./askCatalogue.ts";

/** What can be built, and which recipes are broken. */
export function listImages(catalogue: AskCatalogue) {
  return door({
    name: "listImages",
    method: "GET",
    route: "images",
    summary: "What can be built, and which recipes are broken",
    role: "Reader",
    showsPermitted: true,
    answers: { 200: { description: "The images, by name.", body: ImageList } },
    async handle({ caller, context, urlOf }) {
      const { images, ...rest } = imageList(await askCatalogue(catalogue, context), urlOf);
      return answer(200, { images: images.filter(({ name }) => isGranted(caller, "Reader", name)), ...rest });
    },
  });
}
