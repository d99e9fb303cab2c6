import { app, type HttpRequest, type InvocationContext } from "@azure/functions";
import type { Catalogue } from "../domain/recipes/catalogue.ts";
import { answering, refuse } from "./answers.ts";
import type { Preview } from "./preview.ts";
import { recipeAsked } from "./recipeAsked.ts";

/** `GET /api/images/{image}/plan`: what a build would do, and what is in its way. */
export function registerGetPlan(catalogue: Catalogue, preview: Preview): void {
  app.http("getPlan", {
    route: "images/{image}/plan",
    methods: ["GET"],
    authLevel: "function",
    handler: answering(async (request: HttpRequest, _: InvocationContext) => {
      const asked = recipeAsked(catalogue, request.params.image);
      return asked.kind === "refused" ? refuse(asked.problem) : preview(asked.recipe.name);
    }),
  });
}
