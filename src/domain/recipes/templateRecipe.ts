import * as z from "zod";
import { besidePath } from "./beside.ts";
import { Recipe } from "./schema.ts";

const {
  name,
  description,
  location,
  zone,
  secrets,
  egress,
  accept,
  notSecret,
  tags,
  schedule,
  approval,
  notify,
  follow,
} = Recipe.shape;

const templatePath = besidePath("templates/ubuntu.json").regex(/\.[jJ][sS][oO][nN][cC]?$/, {
  error: "takes a JSON file; az bicep build makes one of Bicep",
});

/** A recipe whose image is told by an existing template; of the rest it has what an image template has not. */
export const TemplateRecipe = z.strictObject({
  name,
  description,
  location: location
    .exactOptional()
    .describe("The region in which the image is built; the template's own unless told."),
  zone,
  template: templatePath
    .describe("The template's file, beside the recipe or in a folder there.")
    .meta({ examples: ["templates/ubuntu.json"] }),
  parameters: z
    .record(z.string(), z.unknown())
    .exactOptional()
    .describe("Values of the template's own parameters, by their names.")
    .meta({ examples: [{ vmSize: "Standard_D2s_v5" }] }),
  resource: z
    .string()
    .min(1)
    .exactOptional()
    .describe("Which image template is meant, where the file has several: its name, symbolic name or path."),
  resourceGroup: z
    .string()
    .min(1)
    .max(90)
    .exactOptional()
    .describe("The resource group that the template's expressions mean by their own.")
    .meta({ examples: ["rg-images"] }),
  secrets,
  egress,
  accept,
  notSecret,
  tags,
  schedule,
  approval,
  notify,
  follow,
});

export type TemplateRecipe = z.infer<typeof TemplateRecipe>;

/** Fields of a recipe that its template tells. */
export const TEMPLATE_FIELDS: ReadonlySet<PropertyKey> = new Set(
  Object.keys(Recipe.shape).filter((field) => !Object.hasOwn(TemplateRecipe.shape, field)),
);
