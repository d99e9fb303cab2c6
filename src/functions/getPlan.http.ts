import { app, type HttpRequest, type InvocationContext } from "@azure/functions";
import { problem } from "../domain/problem.ts";
import type { Recipe } from "../domain/recipes/schema.ts";
import { answering, refuse } from "./answers.ts";
import type { Preview } from "./preview.ts";

/** `GET /api/images/{image}/plan`: what a build would do, and what is in its way. */
export function registerGetPlan(recipes: ReadonlyMap<string, Recipe>, preview: Preview): void {
  app.http("getPlan", {
    route: "images/{image}/plan",
    methods: ["GET"],
    authLevel: "function",
    handler: answering(async (request: HttpRequest, _: InvocationContext) => {
      const recipe = recipes.get(request.params.image ?? "");
      if (!recipe) return refuse(problem(404, "image-unknown", "There is no recipe of that name; see /api/images."));
      return preview(recipe.name);
    }),
  });
}
