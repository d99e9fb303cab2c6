import { z } from "zod";
import { absoluteId, parseResourceId } from "../resourceId.ts";
import { illegalNameIn } from "./azureNames.ts";

/** A name of ours: it becomes part of build ids, template names and blob paths. */
export const imageName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, { error: "takes words of a-z and 0-9, by single hyphens, a letter first" })
  .max(24);

/** Of a resource of one of some types; it may begin at `/resourceGroups/`. */
export const idOf = (...types: string[]) =>
  z.string().superRefine((id, context) => {
    const parsed = parseResourceId(absoluteId(id, "0".repeat(36)));
    const isOfType = types.some((type) => type.toLowerCase() === parsed?.type.toLowerCase());
    const message =
      parsed && isOfType ? illegalNameIn(parsed) : `is not the id of a ${types[0]}; it may begin at /resourceGroups/`;
    if (message) context.addIssue({ code: "custom", message });
  });

const tagName = z.string().regex(/^[^<>%&\\?/]{1,128}$/, { error: "takes 1 to 128 characters without < > % & \\ ? /" });

/** Azure allows 50 of a resource, of which two are ours. */
export const tags = z
  .record(tagName, z.string().max(256))
  .refine((all) => Object.keys(all).length <= 48, { error: "takes at most 48 tags" });
export const region = z.string().regex(/^[a-z0-9]+$/, { error: "takes a region's name: westeurope, not West Europe" });

export const uri = z.string().refine((text) => URL.canParse(text), { error: "is not a URI" });
export const sha256Checksum = z
  .string()
  .regex(/^[0-9a-f]{64}$/, { error: "takes 64 hexadecimal digits in lower case" });

/** Kinds of which one field tells the `type`, so that nobody has to write both; by that field. */
export const SHORTHANDS: Readonly<Record<string, string>> = { recipe: "Recipe", vhd: "Vhd", include: "Include" };

/** Something of several kinds, in which the `type` may be left out where a field tells it. */
export function shorthand<Kinds extends z.ZodType>(kinds: Kinds) {
  return z.preprocess((value) => {
    if (typeof value !== "object" || value === null || "type" in value) return value;
    const [, type] = Object.entries(SHORTHANDS).find(([field]) => field in value) ?? [];
    return type === undefined ? value : { type, ...value };
  }, kinds);
}
