import type { Readable } from "node:stream";
import type { ContainerClient, ContainerListBlobFlatSegmentResponse } from "@azure/storage-blob";
import { callAzure, errorAnswer, unknownIfNotFound } from "./azureError.ts";

/** The service's own blobs: receipts, logs, templates as sent, and what is known of each image. */
export interface Archive {
  /** @returns the document and its ETag; undefined where there is none. A spoilt document has an undefined value. */
  readJson(name: string): Promise<{ value: unknown; etag: string } | undefined>;
  /** Writes the document, whatever stood there. */
  writeJson(name: string, value: unknown): Promise<void>;
  /** Writes the document only where none stands, or the one with this ETag. @returns false where it was not so. */
  replaceJson(name: string, value: unknown, etag: string | undefined): Promise<boolean>;
  /** The names that begin so. */
  names(prefix: string): Promise<string[]>;
  /** The same, with when each was last written. */
  list(prefix: string): Promise<{ name: string; written: Date }[]>;
  /** Those of them that were last written before. */
  namesBefore(prefix: string, before: Date): Promise<string[]>;
  /** Writes an empty blob, whatever stood there, with facts that a listing tells: names of lower-case letters, ASCII. */
  writeMark(name: string, facts: Record<string, string>): Promise<void>;
  /** A part of the marks whose names begin so, by their names, in one call. @param marker what the part before ended with. */
  marks(
    prefix: string,
    part: { size: number; marker?: string | undefined },
  ): Promise<{ marks: Mark[]; marker?: string }>;
  /** Deletes the document; fine where there is none. */
  delete(name: string): Promise<void>;
  /** A part of a blob; undefined where there is no such blob. @param to the first byte behind it. */
  readBytes(name: string, part: { from: number; to: number }): Promise<Buffer | undefined>;
  /** Streams text into a blob, in memory of a few blocks however long it is. @returns the blob's URL. */
  writeText(name: string, text: Readable): Promise<string>;
}

export interface Mark {
  name: string;
  facts: Record<string, string>;
}

/** As it lies in the archive. */
export type Document = Readonly<{ value: unknown }>;

/**
 * Changes a document; begins anew where somebody else changed it meanwhile.
 *
 * @param read what the document says. It is given undefined where there is none, and an undefined value where nobody can
 * read it.
 * @param change undefined: it stays as it is.
 * @returns it before and after.
 */
export async function changeJson<State>(
  archive: Pick<Archive, "readJson" | "replaceJson">,
  name: string,
  read: (found: Document | undefined) => State | Promise<State>,
  change: (before: State) => State | undefined,
): Promise<{ before: State; after: State }> {
  for (;;) {
    const found = await archive.readJson(name);
    const before = await read(found);
    const after = change(before);
    if (after === undefined) return { before, after: before };
    if (await archive.replaceJson(name, after, found?.etag)) return { before, after };
  }
}

const BLOCK_BYTES = 1024 * 1024;

/** @param onError told of each error before it is thrown. */
export function archive(container: ContainerClient, onError: (error: unknown) => void = () => {}): Archive {
  const ask = <Result>(call: () => Promise<Result>) =>
    callAzure(call).catch((error: unknown) => {
      onError(error);
      throw error;
    });
  const upload = async (name: string, value: unknown, conditions = {}) => {
    const text = JSON.stringify(value, undefined, 2);
    await container.getBlockBlobClient(name).upload(text, Buffer.byteLength(text), {
      conditions,
      blobHTTPHeaders: { blobContentType: "application/json" },
    });
  };
  const list = (prefix: string) =>
    ask(async () => {
      const found: { name: string; written: Date }[] = [];
      for await (const { name, properties } of container.listBlobsFlat({ prefix })) {
        found.push({ name, written: properties.lastModified });
      }
      return found;
    });
  return {
    readJson: (name) =>
      ask(async () => {
        try {
          const answer = await container.getBlobClient(name).download();
          const chunks: Buffer[] = [];
          for await (const chunk of answer.readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
          return { value: parsed(Buffer.concat(chunks).toString("utf8")), etag: answer.etag ?? "" };
        } catch (error) {
          // An archive that is gone does not say of anything that it never was.
          if (errorAnswer(error)?.code === "ContainerNotFound") throw error;
          return unknownIfNotFound(error);
        }
      }),

    writeJson: (name, value) => ask(() => upload(name, value)),

    replaceJson: (name, value, etag) =>
      ask(async () => {
        try {
          await upload(name, value, etag ? { ifMatch: etag } : { ifNoneMatch: "*" });
          return true;
        } catch (error) {
          // 409 where it has come into being meanwhile, 412 where it has changed.
          if ([409, 412].includes(errorAnswer(error)?.statusCode ?? 0)) return false;
          throw error;
        }
      }),

    list,

    names: async (prefix) => (await list(prefix)).map(({ name }) => name),

    namesBefore: async (prefix, before) =>
      (await list(prefix)).filter(({ written }) => written < before).map(({ name }) => name),

    writeMark: (name, metadata) =>
      ask(async () => {
        await container.getBlockBlobClient(name).upload("", 0, { metadata });
      }),

    marks: (prefix, { size, marker }) =>
      ask(async () => {
        const pages = container
          .listBlobsFlat({ prefix, includeMetadata: true })
          .byPage({ maxPageSize: size, ...(marker ? { continuationToken: marker } : {}) });
        const { value: page } = (await pages.next()) as IteratorResult<ContainerListBlobFlatSegmentResponse, undefined>;
        // Where a blob has no metadata, the library has an empty text in place of an object.
        const marks = (page?.segment.blobItems ?? []).map(({ name, metadata }) => ({ name, facts: { ...metadata } }));
        return { marks, ...(page?.continuationToken ? { marker: page.continuationToken } : {}) };
      }),

    delete: (name) =>
      ask(async () => {
        await container.getBlobClient(name).deleteIfExists();
      }),

    readBytes: (name, { from, to }) =>
      ask(async () => {
        if (from === to) return Buffer.alloc(0);
        try {
          return await container.getBlobClient(name).downloadToBuffer(from, to - from);
        } catch (error) {
          return unknownIfNotFound(error);
        }
      }),

    writeText: (name, text) =>
      ask(async () => {
        const blob = container.getBlockBlobClient(name);
        await blob.uploadStream(text, BLOCK_BYTES, 2, {
          blobHTTPHeaders: { blobContentType: "text/plain; charset=utf-8" },
        });
        return blob.url;
      }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
