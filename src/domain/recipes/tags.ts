import * as z from "zod";

/** Of one resource. */
const MOST = 50;
/** The build, and the installation. */
const SERVICE_TAGS = 2;
/** Those of image builder on its staging resource group: who made it, the template and the template's group. */
const GROUP_TAGS = 3;

/** Of a shell. Azure takes them; but tags go into people's scripts, where they would be run. */
const SUBSTITUTION = /`|\$[({]/;
const isNoSubstitution = (text: string) => !SUBSTITUTION.test(text);
const HAS_SUBSTITUTION =
  "holds ` or $( or ${, which a shell would run or replace in whatever script the tag comes into";

const text = z
  .string()
  .refine(isNoSubstitution, { error: HAS_SUBSTITUTION })
  .refine((value) => !/\p{C}/u.test(value), { error: "must not hold control characters or invisible ones" });

const tagName = text
  .regex(/^[^<>%&\\?/]{1,128}$/, { error: "takes 1 to 128 characters without < > % & \\ ? /" })
  .refine((name) => !/^(microsoft|azure|windows)/i.test(name), {
    error: "begins with microsoft, azure or windows, which Azure keeps for its own tags",
  })
  .refine((name) => !/^goldsmith-/i.test(name), {
    error: "begins with goldsmith-, by which the service knows what is its own",
  });

export type Tags = Readonly<Record<string, string>>;

/** Names have no case for Azure, which would keep one of two and drop the other. */
export const tags = z.record(tagName, text.max(256)).superRefine((all, context) => {
  const names = Object.keys(all);
  for (const [at, name] of names.entries()) {
    const other = names.slice(0, at).find((one) => one.toLowerCase() === name.toLowerCase());
    if (other === undefined) continue;
    const message = `is ${other} once more: Azure's names of tags have no case`;
    context.addIssue({ code: "custom", path: [name], message });
  }
});

/** Tags of one resource: of a name, however it is written, the last value is meant. */
export function allTags(...from: (Tags | undefined)[]): Record<string, string> {
  const all = new Map<string, [name: string, value: string]>();
  for (const [name, value] of from.flatMap((one) => Object.entries(one ?? {}))) {
    all.set(name.toLowerCase(), [name, value]);
  }
  return Object.fromEntries(all.values());
}

/** What is taken of a recipe. */
interface Tagged {
  tags: Tags;
  managedResourceTags?: Tags | undefined;
  distribute: readonly { artifactTags?: Tags | undefined }[];
}

/** Where tags of the recipe and of one of its parts are too many together, which they are at one resource. */
export function tooManyTags({
  tags: own,
  managedResourceTags,
  distribute,
}: Tagged): { path: PropertyKey[]; message: string }[] {
  const together = (path: PropertyKey[], more: Tags | undefined, ofOthers: number) => {
    const number = Object.keys(allTags(own, more)).length;
    const message = `are ${number} tags with the recipe's own: ${MOST} are taken by Azure, of which ${ofOthers} are not the recipe's`;
    return number + ofOthers > MOST ? [{ path, message }] : [];
  };
  return [
    ...together([managedResourceTags ? "managedResourceTags" : "tags"], managedResourceTags, SERVICE_TAGS + GROUP_TAGS),
    ...distribute.flatMap(({ artifactTags }, at) => {
      const path = ["distribute", ...(distribute.length > 1 ? [at] : []), "artifactTags"];
      return artifactTags ? together(path, artifactTags, SERVICE_TAGS) : [];
    }),
  ];
}
