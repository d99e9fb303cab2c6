import type { Azure } from "../azure.ts";
import { latestVersion } from "../compute/imageVersions.ts";
import { isGeneration2, isWindows, platformImageVersion } from "../compute/platformImages.ts";
import { findResource } from "../store/resources.ts";
import type { Json } from "../store/state.ts";
import type { Source } from "./templateSchema.ts";
import type { Template } from "./templateState.ts";

/** The full id that `…/versions/latest` means now. */
export function resolveVersion(azure: Azure, id: string, location: string): string | undefined {
  const [definition = "", version] = id.split(/\/versions\//i);
  return version?.toLowerCase() === "latest"
    ? latestVersion(azure, definition, location)?.id
    : findResource(azure, id)?.id;
}

/** What a source's `exactVersion` is now; nothing for a managed image. */
export function exactVersion(azure: Azure, source: Source, location: string): string | undefined {
  if (source.type === "PlatformImage") return platformImageVersion(azure, source);
  return source.type === "SharedImageVersion" ? resolveVersion(azure, source.imageVersionId, location) : undefined;
}

/** Whether a source means whatever is the latest. */
export function followsLatest(source: Source): boolean {
  if (source.type === "PlatformImage") return source.version.toLowerCase() === "latest";
  return source.type === "SharedImageVersion" && /\/versions\/latest$/i.test(source.imageVersionId);
}

/** Of an image whose template does not say how large. */
const DISK_GB = 30;

export const diskSize = ({ body }: Pick<Template, "body">) => body.properties.vmProfile?.osDiskSizeGB || DISK_GB;

/** The image definition that a gallery version is of. */
export function definitionOf(versionId: string): string {
  return versionId.split(/\/versions\//i)[0] ?? "";
}

/** What is known of the image that a source names, or of its definition. */
function propertiesOf(azure: Azure, source: Source): Json {
  const id = source.type === "ManagedImage" ? source.imageId : "imageVersionId" in source ? source.imageVersionId : "";
  return (findResource(azure, definitionOf(id))?.body.properties ?? {}) as Json;
}

export function isWindowsBuild(azure: Azure, source: Source): boolean {
  if (source.type === "PlatformImage") return isWindows(source);
  const { osType, storageProfile } = propertiesOf(azure, source);
  const disk = (storageProfile as { osDisk?: { osType?: string } } | undefined)?.osDisk;
  return (osType ?? disk?.osType) === "Windows";
}

/** `V1` or `V2`; nothing where the source does not say. */
export function hyperVGeneration(azure: Azure, source: Source): string | undefined {
  if (source.type === "PlatformImage") return isGeneration2(source) ? "V2" : "V1";
  const { hyperVGeneration: generation } = propertiesOf(azure, source);
  return typeof generation === "string" ? generation : undefined;
}

/** How large a source's disk is; nothing where the source does not say. */
export function sourceDiskSize(azure: Azure, source: Source, location: string): number | undefined {
  if (source.type === "PlatformImage") return undefined;
  const id =
    source.type === "ManagedImage" ? source.imageId : (resolveVersion(azure, source.imageVersionId, location) ?? "");
  const { storageProfile } = (findResource(azure, id)?.body.properties ?? {}) as {
    storageProfile?: { osDisk?: { diskSizeGB?: number }; osDiskImage?: { sizeInGB?: number } };
  };
  return storageProfile?.osDisk?.diskSizeGB ?? storageProfile?.osDiskImage?.sizeInGB;
}

/** `x64` or `Arm64`; nothing where the source does not say. */
export function architecture(azure: Azure, source: Source): string | undefined {
  if (source.type === "PlatformImage") return "x64";
  const { architecture: known } = propertiesOf(azure, source);
  return typeof known === "string" ? known : undefined;
}
