import { app, type HttpRequest, type InvocationContext } from "@azure/functions";
import type { Catalogue } from "../domain/recipes/catalogue.ts";
import { imageList } from "../domain/recipes/imageView.ts";
import { answer, answering, urlOf } from "./answers.ts";

/** `GET /api/images`: what can be built, and which recipes are broken. */
export function registerListImages(catalogue: Catalogue): void {
  app.http("listImages", {
    route: "images",
    methods: ["GET"],
    authLevel: "function",
    handler: answering(async (request: HttpRequest, _: InvocationContext) =>
      answer(
        200,
        imageList(catalogue, (path) => urlOf(request, path)),
      ),
    ),
  });
}
