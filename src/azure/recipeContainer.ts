import type { ContainerClient } from "@azure/storage-blob";
import { type BesideFile, largerThan } from "../domain/recipes/beside.ts";
import { type AskCatalogue, type Catalogue, RecipesUnread } from "../domain/recipes/catalogue.ts";
import { catalogueIn, type Installation } from "../domain/recipes/recipeFiles.ts";
import { sha256 } from "../sha256.ts";
import { codeOf, errorAnswer } from "./azureError.ts";

/** For so long the recipes count as they were read. */
const FRESH_SECONDS = 30;
/** After which a look is given up: who asks is waiting. */
const LOOK_SECONDS = 20;
/** Looks at a container that is being written to, one after another, before the next one is left to a later request. */
const MOST_LOOKS = 3;
const MOST_BLOBS = 2_000;
/** Of all that recipes name. */
const MOST_BYTES = 128 * 1024 * 1024;
/** Downloads at a time. */
const AT_ONCE = 8;

interface Listed {
  etag: string;
  bytes: number;
}

interface Kept extends Listed {
  file: BesideFile;
}

interface Known {
  listed: ReadonlyMap<string, Listed>;
  kept: ReadonlyMap<string, Kept>;
  catalogue: Catalogue;
}

/**
 * The catalogue of a blob container, whose names are paths as in a folder of recipes. It is looked at again when it is
 * asked for after half a minute: one listing, and those blobs that it has another ETag of and that recipes name. Whoever
 * asks meanwhile waits for the same look. Where it fails, the last catalogue stays and tells so.
 *
 * @returns a function that throws RecipesUnread where the container has never been read.
 */
export function recipeContainer(
  container: ContainerClient,
  installation: Installation,
  now: () => number = () => Date.now(),
): AskCatalogue {
  let known: (Known & { readAt: string }) | undefined;
  let trouble: string | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    try {
      known = { ...(await lookAt(container, installation, known)), readAt: new Date(now()).toISOString() };
      trouble = undefined;
    } catch (error) {
      const answer = errorAnswer(error);
      trouble = answer ? codeOf(answer) : error instanceof Error ? error.message : String(error);
    }
    lookedAt = now();
  }

  return async () => {
    // A clock that has been put back does not keep recipes for longer.
    if (Math.abs(now() - lookedAt) >= FRESH_SECONDS * 1000) {
      looking ??= look().finally(() => (looking = undefined));
      await looking;
    }
    if (!known) {
      const place = `${container.accountName}/${container.containerName}`;
      throw new RecipesUnread(`The container of the recipes, ${place}, cannot be read: ${trouble}`, FRESH_SECONDS);
    }
    return trouble === undefined
      ? known.catalogue
      : { ...known.catalogue, stale: { since: known.readAt, why: trouble } };
  };
}

/** What is read together is of one listing: a blob that has changed since is not read, and the look begins anew. */
async function lookAt(container: ContainerClient, installation: Installation, before?: Known): Promise<Known> {
  const abortSignal = AbortSignal.timeout(LOOK_SECONDS * 1000);
  for (let looks = 1; ; looks++) {
    const listed = await list(container, abortSignal);
    if (before && isSame(before.listed, listed)) return before;
    try {
      return await read(container, listed, before?.kept ?? new Map(), installation, abortSignal);
    } catch (error) {
      // 412 where it has another ETag, 404 where it is gone.
      if (looks >= MOST_LOOKS || ![404, 412].includes(errorAnswer(error)?.statusCode ?? 0)) throw error;
    }
  }
}

async function list(container: ContainerClient, abortSignal: AbortSignal): Promise<Map<string, Listed>> {
  const listed = new Map<string, Listed>();
  for await (const { name, properties } of container.listBlobsFlat({ abortSignal })) {
    if (listed.size >= MOST_BLOBS) throw new Error(`it holds more than ${MOST_BLOBS} blobs`);
    listed.set(name, { etag: quoted(properties.etag), bytes: properties.contentLength ?? 0 });
  }
  return listed;
}

/** A listing has ETags without the quotes that a condition has to have. */
function quoted(etag: string): string {
  return `"${etag.replaceAll('"', "")}"`;
}

function isSame(before: ReadonlyMap<string, Listed>, listed: ReadonlyMap<string, Listed>): boolean {
  return before.size === listed.size && [...listed].every(([name, { etag }]) => before.get(name)?.etag === etag);
}

/** Reads recipes until nothing is missing that one of them names; what nobody names is never downloaded. */
async function read(
  container: ContainerClient,
  listed: ReadonlyMap<string, Listed>,
  before: ReadonlyMap<string, Kept>,
  installation: Installation,
  abortSignal: AbortSignal,
): Promise<Known> {
  const kept = new Map<string, Kept>();
  for (;;) {
    const wanted = new Map<string, Listed>();
    let bytes = 0;
    for (const one of kept.values()) bytes += one.bytes;
    const readBlob = (name: string, largest: number): BesideFile => {
      const blob = listed.get(name);
      if (!blob) return { kind: "unreadable", message: "is not there" };
      if (blob.bytes > largest) return { kind: "unreadable", message: largerThan(largest) };
      const found = kept.get(name) ?? before.get(name);
      if (found?.etag === blob.etag) {
        kept.set(name, found);
        return found.file;
      }
      if (!wanted.has(name)) bytes += blob.bytes;
      if (bytes > MOST_BYTES) return { kind: "unreadable", message: TOO_MUCH };
      wanted.set(name, blob);
      return NOT_YET;
    };
    const paths = [...listed.keys()];
    const catalogue = catalogueIn({ paths, read: readBlob }, installation);
    if (wanted.size === 0) return { listed, kept, catalogue };
    const names = [...wanted.keys()];
    for (let at = 0; at < names.length; at += AT_ONCE) {
      const some = names.slice(at, at + AT_ONCE).map(async (name) => {
        const blob = wanted.get(name) ?? { etag: "", bytes: 0 };
        kept.set(name, { ...blob, file: await download(container, name, blob, abortSignal) });
      });
      await Promise.all(some);
    }
  }
}

const TOO_MUCH = `is beyond the ${MOST_BYTES / 1024 / 1024} MiB that all recipes of a container may hold`;
const NOT_YET: BesideFile = { kind: "unreadable", message: "is not read yet" };

async function download(
  container: ContainerClient,
  name: string,
  { etag, bytes }: Listed,
  abortSignal: AbortSignal,
): Promise<BesideFile> {
  // Of nothing there is no range.
  const found =
    bytes === 0
      ? new Uint8Array()
      : await container.getBlobClient(name).downloadToBuffer(0, bytes, { conditions: { ifMatch: etag }, abortSignal });
  return { kind: "file", bytes: found, sha256: sha256(found) };
}
