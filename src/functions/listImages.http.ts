import { app, type HttpRequest, type InvocationContext } from "@azure/functions";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { imageList } from "../domain/recipes/imageView.ts";
import { askCatalogue } from "./askCatalogue.ts";
import { answer, answering, urlOf } from "./answers.ts";

/** `GET /api/images`: what can be built, and which recipes are broken. */
export function registerListImages(catalogue: AskCatalogue): void {
  app.http("listImages", {
    route: "images",
    methods: ["GET"],
    authLevel: "function",
    handler: answering(async (request: HttpRequest, context: InvocationContext) =>
      answer(
        200,
        imageList(await askCatalogue(catalogue, context), (path) => urlOf(request, path)),
      ),
    ),
  });
}
