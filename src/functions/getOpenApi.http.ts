import * as z from "zod";
import { answer } from "../http/answers.ts";
import { type Door, door } from "../http/door.ts";
import { openApi, type OpenApi } from "../http/openApi.ts";

/** What all doors take and answer with. @param doors asked for with the first request, when all of them are known. */
export function getOpenApi(doors: () => readonly Door[]) {
  let made: OpenApi | undefined;
  return door({
    name: "getOpenApi",
    method: "GET",
    route: "openapi.json",
    summary: "This description",
    role: "anyone",
    answers: {
      200: {
        description: "OpenAPI 3.1.",
        body: z.looseObject({ openapi: z.string(), paths: z.looseObject({}), components: z.looseObject({}) }),
      },
    },
    handle: () => Promise.resolve(answer(200, (made ??= openApi(doors())))),
  });
}
