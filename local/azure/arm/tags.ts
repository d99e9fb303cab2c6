import { badRequest } from "./errors.ts";

export type Tags = Record<string, string>;

/** Of one resource, one group or one subscription. */
const MOST = 50;

/**
 * A resource's tags as ARM keeps them. Their names have no case: of two that differ in it alone one stays, under the
 * first's name and with the last's value.
 *
 * @throws AzureError 400. The codes of bad characters and of lengths have been seen; those of the number and of reserved
 * names are likely and no more.
 */
export function keptTags(tags: Readonly<Tags>): Tags {
  const kept = new Map<string, [name: string, value: string]>();
  for (const [name, value] of Object.entries(tags)) {
    checkTag(name, value);
    const [first] = kept.get(name.toLowerCase()) ?? [name];
    kept.set(name.toLowerCase(), [first, value]);
  }
  if (kept.size > MOST) {
    throw badRequest("InvalidTagCount", `The number of tags, '${kept.size}', exceeds the maximum of '${MOST}'.`);
  }
  return Object.fromEntries(kept.values());
}

function checkTag(name: string, value: string): void {
  if (/[<>%&\\?/\p{Cc}]/u.test(name)) {
    const message = `The tag names '${name}' have reserved characters '<,>,%,&,\\,?,/' or control characters.`;
    throw badRequest("InvalidTagNameCharacters", message);
  }
  if (name.trim() === "") {
    throw badRequest("InvalidTagName", "The tag name must be non-null, non-empty and non-whitespace only.");
  }
  if (name.length > 512) {
    throw badRequest("InvalidTagName", `Tag key too large. The tag name '${name}' exceeded '512' characters.`);
  }
  if (value.length > 256) {
    throw badRequest(
      "InvalidTagValueLength",
      `Tag value too large. The tag value '${value}' exceeded '256' characters.`,
    );
  }
  if (/^(microsoft|azure|windows)/i.test(name)) {
    throw badRequest("InvalidTagName", `The tag name '${name}' has a prefix that is reserved for Azure use.`);
  }
}
