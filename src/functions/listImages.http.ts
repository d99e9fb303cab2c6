import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { imageList } from "../domain/recipes/imageView.ts";
import { answer } from "../http/answers.ts";
import { door } from "../http/door.ts";
import { askCatalogue } from "./askCatalogue.ts";

/** What can be built, and which recipes are broken. */
export function listImages(catalogue: AskCatalogue) {
  return door({
    name: "listImages",
    method: "GET",
    route: "images",
    handle: async ({ context, urlOf }) => answer(200, imageList(await askCatalogue(catalogue, context), urlOf)),
  });
}
