import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
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
    answers: { 200: { description: "The images, by name.", body: ImageList } },
    handle: async ({ context, urlOf }) => answer(200, imageList(await askCatalogue(catalogue, context), urlOf)),
  });
}
