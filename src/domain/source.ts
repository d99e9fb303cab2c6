import { z } from "zod";
import { component } from "./component.ts";
import type { azureSource } from "./recipes/source.ts";
import { absoluteId, parentOf, resourceGroupOf } from "./resourceId.ts";

/** What a build begins with, as image builder has it. */
export type Source = z.infer<typeof azureSource>;
export type PlatformImageSource = Source & { type: "PlatformImage" };

/** The same with its whole id. */
export function absoluteSource(source: Source, subscriptionId: string): Source {
  if (source.type === "PlatformImage") return source;
  return source.type === "ManagedImage"
    ? { ...source, imageId: absoluteId(source.imageId, subscriptionId) }
    : { ...source, imageVersionId: absoluteId(source.imageVersionId, subscriptionId) };
}

/** The id of a source that is a resource, and so takes a right to read it; the marketplace takes none. */
export function sourceIdOf(source: Source): string | undefined {
  if (source.type === "PlatformImage") return undefined;
  return source.type === "ManagedImage" ? source.imageId : source.imageVersionId;
}

/**
 * Where the builder is leased the right to read a source: on its gallery, since image builder reads that and the image
 * definition too, or on a managed image's resource group.
 */
export function readingScopeOf(source: Source): string | undefined {
  const id = sourceIdOf(source);
  if (id === undefined) return undefined;
  return source.type === "ManagedImage" ? resourceGroupOf(id) : parentOf(parentOf(id));
}

/** What a build begins with, and which version of it that is. */
export const ResolvedSource = component(
  "ResolvedSource",
  z.strictObject({
    id: z.string().describe("Its URN or its id; of a VHD the blob's URL."),
    version: z
      .string()
      .exactOptional()
      .describe("A number; absent of managed images and of VHDs, which have none, and where Azure does not tell."),
  }),
);
export type ResolvedSource = z.infer<typeof ResolvedSource>;

/** @param version a number, or the id of a version; `latest` says nothing. */
export function resolvedSource(id: string, version: string | undefined): ResolvedSource {
  const number = version?.split("/").at(-1) ?? "";
  return { id, ...(/^\d/.test(number) ? { version: number } : {}) };
}

/** `Canonical:ubuntu-24_04-lts:server:latest`, or an id. */
export function nameOfSource(source: Source): string {
  return source.type === "PlatformImage"
    ? [source.publisher, source.offer, source.sku, source.version].join(":")
    : (sourceIdOf(source) ?? "");
}
