import type { GenericResource, ResourceManagementClient } from "@azure/arm-resources";
import { advise } from "../domain/advice.ts";
import { StepFailed } from "../domain/failure.ts";
import {
  type BuildsImage,
  type ImportedImage,
  type ImportedImageState,
  isImportedImage,
} from "../domain/importedImage.ts";
import { sameId } from "../domain/resourceId.ts";
import { callAzure, errorAnswer, insistOn, unknownIfNotFound } from "./azureError.ts";

const IMAGE_VERSION = "2024-07-01";

/** Managed images that builds make of VHDs. Operations are begun, or looked at; what is not ours is not touched. */
export interface ImportedImages {
  /** Begins to make it; fine where an earlier try, whose answer was lost, has begun. */
  create(asked: BuildsImage<ImportedImage>): Promise<void>;
  read(asked: BuildsImage): Promise<ImportedImageState>;
  /** @returns "absent" where Azure says that there is none. */
  delete(asked: BuildsImage): Promise<"accepted" | "absent" | "foreign">;
  /** All that lie in a resource group, whoever's. @param group its name. */
  list(group: string): Promise<{ id: string; name: string; tags: Record<string, string> }[]>;
}

export function importedImages(
  { resources }: Pick<ResourceManagementClient, "resources">,
  { installationId }: { installationId: string },
): ImportedImages {
  async function read({ image, buildId }: BuildsImage): Promise<ImportedImageState> {
    const found = await resources.getById(image.id, IMAGE_VERSION).catch(unknownIfNotFound);
    if (!found) return { kind: "absent" };
    const { name = "", tags, properties } = found as GenericResource & { properties?: ImageProperties };
    const isOurs =
      isImportedImage({ name, tags }, { buildId, installationId }) &&
      sameId(properties?.storageProfile?.osDisk?.blobUri ?? "", image.vhd);
    return isOurs ? { kind: "present", state: properties?.provisioningState ?? "" } : { kind: "foreign", id: image.id };
  }

  return {
    create: (asked) =>
      callAzure(async () => {
        // Azure would take a PUT over another's image for a change of it.
        const there = await read(asked);
        if (there.kind === "foreign") throw new StepFailed(advise("image-name-taken", `${there.id} is there.`));
        if (there.kind === "absent") {
          await resources.createOrUpdateById(asked.image.id, IMAGE_VERSION, bodyOf(asked.image)).submitted();
        }
      }),

    read: (asked) => callAzure(() => read(asked)),

    delete: (asked) =>
      insistOn(async () => {
        const there = await read(asked);
        if (there.kind !== "present") return there.kind;
        // Azure has taken it, and is at it.
        if (there.state === "Deleting") return "accepted";
        return resources
          .deleteById(asked.image.id, IMAGE_VERSION)
          .submitted()
          .then(() => "accepted" as const, absence);
      }),

    list: (group) =>
      insistOn(async () => {
        const found: Awaited<ReturnType<ImportedImages["list"]>> = [];
        const filter = "resourceType eq 'Microsoft.Compute/images'";
        for await (const { id = "", name = "", tags = {} } of resources.listByResourceGroup(group, { filter })) {
          found.push({ id, name, tags });
        }
        return found;
      }),
  };
}

interface ImageProperties {
  provisioningState?: string;
  storageProfile?: { osDisk?: { blobUri?: string } };
}

function bodyOf({ location, tags, vhd, osType, hyperVGeneration }: ImportedImage): GenericResource {
  const osDisk = { osType, osState: "Generalized", blobUri: vhd };
  return { location, tags, properties: { hyperVGeneration, storageProfile: { osDisk } } };
}

function absence(error: unknown): "absent" {
  if (errorAnswer(error)?.statusCode === 404) return "absent";
  throw error;
}
