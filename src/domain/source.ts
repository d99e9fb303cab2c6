import * as z from "zod";
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

/** Whether a source's version is found out by whoever builds on it; one that names its version has been chosen by a person. */
export function meansLatest(source: Source): boolean {
  if (source.type === "PlatformImage") return source.version.toLowerCase() === "latest";
  return source.type === "SharedImageVersion" && /\/latest$/i.test(source.imageVersionId);
}

const NUMBER = /^\d+(\.\d+)*$/;

/**
 * The same at that version, where it means the latest one and a version is told.
 *
 * @throws Error where that is no number: it becomes part of an id.
 */
export function atVersion(source: Source, version: string | undefined): Source {
  if (version === undefined || !meansLatest(source)) return source;
  if (!NUMBER.test(version)) throw new Error(`${JSON.stringify(version)} is not the number of a version.`);
  if (source.type === "PlatformImage") return { ...source, version };
  return source.type === "SharedImageVersion"
    ? { ...source, imageVersionId: source.imageVersionId.replace(/[^/]+$/, version) }
    : source;
}

/** What is told of the version that was decided upon: nothing of managed images and VHDs, which have no numbers. */
export function decidedOn(version: string | undefined): { sourceVersion?: string } {
  return version !== undefined && NUMBER.test(version) ? { sourceVersion: version } : {};
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
