import { app, type HttpRequest, type InvocationContext } from "@azure/functions";
import type { Catalogue } from "../domain/recipes/catalogue.ts";
import { imageView } from "../domain/recipes/imageView.ts";
import { answer, answering, refuse, urlOf } from "./answers.ts";
import { imageUnknown } from "./recipeAsked.ts";

/** `GET /api/images/{image}`: an image's recipe, or what is wrong with it. */
export function registerGetImage(catalogue: Catalogue): void {
  app.http("getImage", {
    route: "images/{image}",
    methods: ["GET"],
    authLevel: "function",
    handler: answering(async (request: HttpRequest, _: InvocationContext) => {
      const view = imageView(catalogue, request.params.image ?? "", (path) => urlOf(request, path));
      return view ? answer(200, view) : refuse(imageUnknown);
    }),
  });
}
