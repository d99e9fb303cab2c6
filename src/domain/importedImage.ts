import * as z from "zod";
import { component } from "./component.ts";
import type { Leftover } from "./receipt.ts";

/** The managed image that a build makes of a VHD, to begin with; all of it follows from build and recipe. */
export const ImportedImage = component(
  "ImportedImage",
  z.strictObject({
    id: z.string(),
    location: z.string(),
    tags: z.record(z.string(), z.string()),
    vhd: z.string().describe("URL of the blob."),
    storageAccountId: z
      .string()
      .describe("The account that the blob lies in, as the trust zone names it; empty where it names none."),
    osType: z.enum(["Linux", "Windows"]),
    hyperVGeneration: z.enum(["V1", "V2"]),
    keepImage: z
      .boolean()
      .describe("Whether it stays where the build made its image: versions are replicated from it to further regions."),
  }),
);
export type ImportedImage = z.infer<typeof ImportedImage>;

/** What tells a build's image from all others beside its tags. */
export type NamedImage = Pick<ImportedImage, "id" | "vhd">;

/** A build's image, and whose it is. */
export interface BuildsImage<Image extends NamedImage = NamedImage> {
  image: Image;
  buildId: string;
}

/** What Azure tells of a managed image under a build's name. */
export type ImportedImageState =
  | { kind: "absent" }
  /** @param state Creating, Updating, Succeeded, Failed or Deleting. */
  | { kind: "present"; state: string }
  /** Somebody else's, which is left alone. */
  | { kind: "foreign"; id: string };

const NAME = /^(?<buildId>.+)-source$/;

/** @param templateGroup id of the resource group that templates are made in. */
export function importedImageId(templateGroup: string, buildId: string): string {
  return `${templateGroup}/providers/Microsoft.Compute/images/${buildId}-source`;
}

/** @returns what is named like a build's image is named after; undefined for other names. */
export function buildOfImportedImage(name: string): string | undefined {
  return NAME.exec(name)?.groups?.buildId;
}

/**
 * Whether a managed image is a build's by its name and its tags. The rest of the proof is whoever asks: the name is that
 * of a build whose plan was kept before anything was made, with an import in it. Further tags, which a policy may add,
 * do not matter.
 */
export function isImportedImage(
  { name, tags = {} }: { name: string; tags?: Readonly<Record<string, string>> | undefined },
  { buildId, installationId }: { buildId: string; installationId: string },
): boolean {
  return (
    buildOfImportedImage(name.toLowerCase()) === buildId &&
    tags["goldsmith-installation"] === installationId &&
    tags["goldsmith-build"] === buildId
  );
}

/** The command that deletes a managed image. */
export function imageDeletion(id: string): string {
  return `az resource delete --ids ${id}`;
}

/** @param isProven whether somebody has seen that it is the build's: else nobody may be told to delete it. */
export function imageLeft(id: string, why: string, isProven: boolean): Leftover {
  if (isProven) return { id, why, command: imageDeletion(id) };
  const advice = "Nobody has seen whether it is this build's: look at its tags before deleting it.";
  return { id, why: `${why.replace(/\.?$/, ".")} ${advice}` };
}
