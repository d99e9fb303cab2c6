import * as z from "zod";
import { line } from "../buildRequest.ts";
import { isJsonObject } from "../json.ts";
import { plainSecretsIn } from "./plainSecrets.ts";

/** Told text by text, so that another secret in the same place is found as ever. */
export const notSecret = z
  .array(
    z.strictObject({
      text: line(300)
        .refine((text) => plainSecretsIn([text]).length > 0, {
          error: "does not look like a secret by itself: write it as it stands, with the name before it",
        })
        .describe("The text as it stands, with the name before it.")
        .meta({ examples: ["token=unused"] }),
      reason: line(300).describe("Why it is none."),
    }),
  )
  .max(50)
  .default([]);

/** Those texts of a recipe that is not checked yet. */
export function notSecretIn(recipe: unknown): string[] {
  const told = isJsonObject(recipe) ? recipe["notSecret"] : undefined;
  return (Array.isArray(told) ? told : []).flatMap((one: unknown) =>
    isJsonObject(one) && typeof one["text"] === "string" && one["text"] !== "" ? [one["text"]] : [],
  );
}
