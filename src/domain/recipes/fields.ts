import * as z from "zod";
import { absoluteId, parseResourceId } from "../resourceId.ts";
import { sharedGalleryFault } from "../sharedGallery.ts";
import { illegalNameIn } from "./azureNames.ts";

/** A name of ours: it becomes part of build ids, template names and blob paths. */
export const imageName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, { error: "takes words of a-z and 0-9, by single hyphens, a letter first" })
  .max(24);

/** Of a resource of one of some types; it may begin at `/resourceGroups/`. */
export const idOf = (...types: string[]) => {
  const parsedOf = (id: string) => {
    const parsed = parseResourceId(absoluteId(id, "0".repeat(36)));
    return types.some((type) => type.toLowerCase() === parsed?.type.toLowerCase()) ? parsed : undefined;
  };
  return z.string().superRefine((id, context) => {
    const parsed = parsedOf(id);
    if (parsed) {
      const illegal = illegalNameIn(parsed);
      if (illegal) context.addIssue({ code: "custom", message: illegal });
      return;
    }
    const isOfOtherLetters = parsedOf(id.replace(OTHER_LETTERS, "x")) !== undefined;
    const message = isOfOtherLetters
      ? WITH_OTHER_LETTERS
      : (sharedGalleryFault(id) ?? `is not the id of a ${types[0]}; it may begin at /resourceGroups/`);
    context.addIssue({ code: "custom", message });
  });
};

/** What Azure takes in a resource group's name beside ASCII's letters and digits. */
const OTHER_LETTERS = /(?![A-Za-z0-9])[\p{L}\p{Nd}]/gu;
const WITH_OTHER_LETTERS =
  "has letters or digits other than A to Z and 0 to 9: Azure takes them in a resource group's name, Goldsmith does not";

export const region = z.string().regex(/^[a-z0-9]+$/, { error: "takes a region's name: westeurope, not West Europe" });

/** Of a file on the build VM, of either kind of system. */
export const wholePath = z
  .string()
  .regex(/^(\/|[A-Za-z]:[\\/])/, { error: "takes a whole path" })
  .regex(/^\P{Cc}*$/u, { error: "must not hold control characters" });

/** What is fetched is held against its checksum, or is told not to be. */
export const unchecked = z
  .literal(true)
  .exactOptional()
  .describe("Stands for the checksum of what may change: then it is taken as it is, and each build is warned of it.");

const WITHOUT_TLS =
  "is of http, by which whoever is on the way can put something else in its place: take https, or a sha256Checksum";

interface Fetched {
  sha256Checksum?: string | undefined;
  unchecked?: true | undefined;
}

/** @param field that tells where it is fetched. @returns what is wrong, and of which field. */
export function checksumFault(
  { sha256Checksum: checksum, unchecked: isUnchecked, ...rest }: Fetched,
  field: string,
): { path: string[]; message: string } | undefined {
  const isFetched = field in rest;
  if (!isFetched && checksum !== undefined)
    return { path: ["sha256Checksum"], message: `takes a sha256Checksum with ${field} only` };
  if (!isFetched && isUnchecked) return { path: ["unchecked"], message: `takes unchecked with ${field} only` };
  if (checksum !== undefined && isUnchecked)
    return { path: ["unchecked"], message: "takes either sha256Checksum or unchecked" };
  if (isUnchecked && /^http:/i.test(String((rest as Record<string, unknown>)[field])))
    return { path: [field], message: WITHOUT_TLS };
  if (!isFetched || checksum !== undefined || isUnchecked) return undefined;
  return { path: [], message: `takes a sha256Checksum with ${field}; or unchecked: true, where it may change` };
}

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
