import * as authorization from "@azure/arm-authorization";
import * as compute from "@azure/arm-compute";
import * as imageBuilder from "@azure/arm-imagebuilder";
import * as network from "@azure/arm-network";
import * as resources from "@azure/arm-resources";
import * as storage from "@azure/arm-storage";

/** The words that the models of the SDKs know, by the name of their kind: `KnownProvisioningState`. */
const KNOWN = [authorization, compute, imageBuilder, network, resources, storage].flatMap((sdk) =>
  Object.entries(sdk as Record<string, unknown>)
    .filter(([name]) => name.startsWith("Known"))
    .map(([name, words]) => ({ kind: name.toLowerCase(), words: new Set(Object.values(words as object)) })),
);

/**
 * Fields of a body whose words no model knows. What kind of words a field has is not told at run time: it is every kind
 * whose name ends as the field is called. Names of one word, as `type`, are too common for that.
 *
 * @returns `.properties.accessTier: Lukewarm`
 */
export function unknownWords(body: unknown, path = ""): string[] {
  if (Array.isArray(body)) return body.flatMap((item) => unknownWords(item, path));
  if (typeof body === "object" && body !== null) {
    return Object.entries(body).flatMap(([name, value]) => unknownWords(value, `${path}.${name}`));
  }
  if (typeof body !== "string") return [];
  const field = path.slice(path.lastIndexOf(".") + 1);
  if (!/[a-z][A-Z]/.test(field)) return [];
  const kinds = KNOWN.filter(({ kind }) => kind.endsWith(field.toLowerCase()));
  return kinds.length === 0 || kinds.some(({ words }) => words.has(body)) ? [] : [`${path}: ${body}`];
}
