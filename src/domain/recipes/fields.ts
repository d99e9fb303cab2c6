import { z } from "zod";
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

/** Parameters of a URI's query with which whoever has the URI has access: of Azure, of other clouds, of code hosts. */
const TOKENS = ["sig", "signature", "code", "x-amz-signature", "x-goog-signature", "access_token", "token"];

/** Of something that image builder fetches. */
export const uri = z.string().superRefine((text, context) => {
  const fault = (message: string) => context.addIssue({ code: "custom", message });
  if (!URL.canParse(text)) return fault("is not a URI");
  if (!/^https?:/i.test(text)) return fault("is no place of the Internet: takes a URI of https, or of http");
  const { search, hash, username, password } = new URL(text);
  // Some servers part them by semicolons, HTML has `&amp;`, and after a number sign they are still to be read.
  const names = [...new URLSearchParams(`${search.slice(1)}&${hash.slice(1)}`.replaceAll(";", "&")).keys()];
  const token = names.map((name) => name.replace(/^.*\?/, "")).find((name) => TOKENS.includes(name.toLowerCase()));
  if (token === undefined && username === "" && password === "") return undefined;
  const what = token === undefined ? "a user or a password" : `a token, ${token}`;
  return fault(
    `holds ${what}, which whoever reads the template could use: leave it out, and let the builder read it by a role`,
  );
});

/** What is fetched is held against its checksum, or is told not to be. */
export const unchecked = z
  .literal(true)
  .exactOptional()
  .describe("Stands for the checksum of what may change: then it is taken as it is, and each build is warned of it.");

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
