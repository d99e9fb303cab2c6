import { app, type HttpRequest, type InvocationContext } from "@azure/functions";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { imageView } from "../domain/recipes/imageView.ts";
import { answer, answering, refuse, urlOf } from "./answers.ts";
import { askCatalogue } from "./askCatalogue.ts";
import { imageUnknown } from "./recipeAsked.ts";

/** `GET /api/images/{image}`: an image's recipe, or what is wrong with it. */
export function registerGetImage(catalogue: AskCatalogue): void {
  app.http("getImage", {
    route: "images/{image}",
    methods: ["GET"],
    authLevel: "function",
    handler: answering(async (request: HttpRequest, context: InvocationContext) => {
      const view = imageView(await askCatalogue(catalogue, context), request.params.image ?? "", (path) =>
        urlOf(request, path),
      );
      return view ? answer(200, view) : refuse(imageUnknown);
    }),
  });
}
