import { app, type HttpRequest, type InvocationContext } from "@azure/functions";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { askCatalogue } from "./askCatalogue.ts";
import { answering, refuse } from "./answers.ts";
import type { Preview } from "./preview.ts";
import { recipeAsked } from "./recipeAsked.ts";

/** `GET /api/images/{image}/plan`: what a build would do, and what is in its way. */
export function registerGetPlan(catalogue: AskCatalogue, preview: Preview): void {
  app.http("getPlan", {
    route: "images/{image}/plan",
    methods: ["GET"],
    authLevel: "function",
    handler: answering(async (request: HttpRequest, context: InvocationContext) => {
      const asked = recipeAsked(await askCatalogue(catalogue, context), request.params.image);
      return asked.kind === "refused" ? refuse(asked.problem) : preview(asked.recipe.name);
    }),
  });
}
