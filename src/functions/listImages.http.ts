import { app, type HttpRequest, type InvocationContext } from "@azure/functions";
import type { Recipe } from "../domain/recipes/schema.ts";
import { answer, answering, urlOf } from "./answers.ts";

/** `GET /api/images`: what can be built. */
export function registerListImages(recipes: ReadonlyMap<string, Recipe>): void {
  app.http("listImages", {
    route: "images",
    methods: ["GET"],
    authLevel: "function",
    handler: answering(async (request: HttpRequest, _: InvocationContext) =>
      answer(200, {
        images: [...recipes.values()].map(({ name, description, location, source, schedule }) => ({
          name,
          description,
          location,
          source,
          ...(schedule ? { schedule } : {}),
          links: {
            builds: urlOf(request, `/api/images/${name}/builds`),
            plan: urlOf(request, `/api/images/${name}/plan`),
          },
        })),
      }),
    ),
  });
}
