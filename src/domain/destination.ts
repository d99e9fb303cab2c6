import {
  type ManagedImageTarget,
  runOutputNameOf,
  type SharedImageTarget,
  type Target,
  type VhdTarget,
} from "./recipes/distribute.ts";
import { absoluteId, sameId } from "./resourceId.ts";

/** A target of a build, with whole ids, as image builder has it. */
export type Destination = SharedImageDestination | ManagedImageDestination | VhdDestination;
export type SharedImageDestination = SharedImageTarget & { runOutputName: string };
export type ManagedImageDestination = ManagedImageTarget & { runOutputName: string; location: string };
export type VhdDestination = VhdTarget & { runOutputName: string };

export function destinationsOf(targets: readonly Target[], location: string, subscriptionId: string): Destination[] {
  return targets.map((target, at): Destination => {
    const runOutputName = runOutputNameOf(target, at);
    if (target.type === "VHD") return { ...target, runOutputName };
    return target.type === "SharedImage"
      ? { ...target, runOutputName, galleryImageId: absoluteId(target.galleryImageId, subscriptionId) }
      : { ...target, runOutputName, imageId: absoluteId(target.imageId, subscriptionId), location };
  });
}

/** The resource that a target is, or is made in: a managed image, or an image definition; of a VHD its blob's URL. */
export function destinationIdOf(
  target:
    | Pick<SharedImageTarget, "type" | "galleryImageId">
    | Pick<ManagedImageTarget, "type" | "imageId">
    | Pick<VhdTarget, "type" | "uri">,
): string {
  if (target.type === "VHD") return target.uri;
  return target.type === "SharedImage" ? definitionIdOf(target.galleryImageId) : target.imageId;
}

/** Whether a recipe writes to that: a managed image or an image definition, by its whole id, or a blob by its URL. */
export function writesTo(
  { distribute }: { distribute: readonly Target[] },
  destinationId: string,
  subscriptionId: string,
): boolean {
  return distribute.some((target) => sameId(absoluteId(destinationIdOf(target), subscriptionId), destinationId));
}

/** The image definition that a target in a gallery names, or names a version of. */
export function definitionIdOf(galleryImageId: string): string {
  return galleryImageId.split(/\/versions\//i)[0] ?? "";
}

/** The number of the one version that a target in a gallery names. */
export function fixedVersionIn(galleryImageId: string): string | undefined {
  return galleryImageId.split(/\/versions\//i)[1];
}

export function isSharedImage<One extends Destination>(target: One): target is Extract<One, { type: "SharedImage" }> {
  return target.type === "SharedImage";
}

export function isManagedImage<One extends Destination>(target: One): target is Extract<One, { type: "ManagedImage" }> {
  return target.type === "ManagedImage";
}

export function isVhd<One extends Destination>(target: One): target is Extract<One, { type: "VHD" }> {
  return target.type === "VHD";
}
