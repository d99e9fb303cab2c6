import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { type BlobItem, BlobServiceClient, type ContainerClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { azuriteConnectionString, startAzurite } from "../../local/stack/azurite.ts";
import type { Child } from "../../local/stack/childProcess.ts";
import { archive, type Archive } from "../../src/azure/archive.ts";
import { createBlobStore } from "../support/simulation/blobStore.ts";
import { blobHttpClientOf } from "../support/simulation/transport.ts";
import { freePort } from "../support/stack.ts";

let azurite: Child;
let folder: string;
let port: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-"));
  port = await freePort(3);
  azurite = await startAzurite({ stateFolder: folder, blobPort: port, containers: [] });
});
afterAll(async () => {
  await azurite.stop();
  rmSync(folder, { recursive: true });
});

const stores: [string, () => BlobServiceClient][] = [
  ["Azurite", () => BlobServiceClient.fromConnectionString(azuriteConnectionString(port))],
  [
    "the blob store of simulations",
    () => {
      const store = createBlobStore(() => Date.now());
      const httpClient = blobHttpClientOf((call) => Promise.resolve(store.answer(call)));
      return BlobServiceClient.fromConnectionString(azuriteConnectionString(10_000), { httpClient });
    },
  ],
];

describe.each(stores)("%s", (_, connect) => {
  let container: ContainerClient;
  let blobs: Archive;

  beforeAll(async () => {
    container = connect().getContainerClient("archive");
    await container.createIfNotExists();
    blobs = archive(container);
  });

  it("creates a container once", async () => {
    expect((await container.createIfNotExists()).succeeded).toBe(false);
  });

  it("answers that there is no such blob, as the archive reads it", async () => {
    expect(await blobs.readJson("nothing.json")).toBeUndefined();
    await expect(container.getBlobClient("nothing.json").download()).rejects.toMatchObject({
      statusCode: 404,
      code: "BlobNotFound",
    });
  });

  it("gives a spoilt document as none, with the ETag to replace it by", async () => {
    await container.getBlockBlobClient("spoilt.json").upload("{ not JSON", 10);
    const found = await blobs.readJson("spoilt.json");
    expect(found?.value).toBeUndefined();
    expect(await blobs.replaceJson("spoilt.json", { n: 1 }, found?.etag)).toBe(true);
  });

  it("lists what begins with a prefix, and what of it was written before a time", async () => {
    for (const name of ["list/b.json", "list/a.json", "listed.json"]) await blobs.writeJson(name, {});
    expect(await blobs.names("list/")).toEqual(["list/a.json", "list/b.json"]);
    expect(await blobs.names("nobody/")).toEqual([]);
    expect(await blobs.namesBefore("list/", new Date(Date.now() + 60_000))).toEqual(["list/a.json", "list/b.json"]);
    expect(await blobs.namesBefore("list/", new Date(Date.now() - 60_000))).toEqual([]);
  });

  it("writes a document over whatever stood there", async () => {
    await blobs.writeJson("a/b c.json", { n: 1 });
    await blobs.writeJson("a/b c.json", { n: 2, text: "ä😀" });
    expect((await blobs.readJson("a/b c.json"))?.value).toEqual({ n: 2, text: "ä😀" });
  });

  it("lists marks with what they tell, part by part, also where one was written anew", async () => {
    for (const name of ["c", "a", "b"]) await blobs.writeMark(`marks/${name}`, { state: `of ${name}` });
    await blobs.writeMark("marks/a", { state: "other", ended: "2026-01-15T02:00:00.000Z" });
    await blobs.writeMark("marks/d", {});
    const first = await blobs.marks("marks/", { size: 2 });
    expect(first.marks).toEqual([
      { name: "marks/a", facts: { state: "other", ended: "2026-01-15T02:00:00.000Z" } },
      { name: "marks/b", facts: { state: "of b" } },
    ]);
    expect(await blobs.marks("marks/", { size: 2, marker: first.marker })).toEqual({
      marks: [
        { name: "marks/c", facts: { state: "of c" } },
        { name: "marks/d", facts: {} },
      ],
    });
    expect(await blobs.marks("nothing/", { size: 2 })).toEqual({ marks: [] });
  });

  it("creates a document once, however many want to", async () => {
    const created = await Promise.all([1, 2, 3].map((n) => blobs.replaceJson("once.json", { n }, undefined)));
    expect(created.filter(Boolean)).toHaveLength(1);
  });

  it("replaces a document only where nobody else has meanwhile", async () => {
    await blobs.writeJson("versions.json", { n: 1 });
    const etag = (await blobs.readJson("versions.json"))?.etag;
    expect(await blobs.replaceJson("versions.json", { n: 2 }, etag)).toBe(true);
    expect(await blobs.replaceJson("versions.json", { n: 3 }, etag)).toBe(false);
    expect((await blobs.readJson("versions.json"))?.value).toEqual({ n: 2 });
  });

  it("does not replace a document that is gone", async () => {
    await blobs.writeJson("gone.json", {});
    const etag = (await blobs.readJson("gone.json"))?.etag;
    await blobs.delete("gone.json");
    expect(await blobs.replaceJson("gone.json", {}, etag)).toBe(false);
  });

  it("deletes a document, also one that is not there", async () => {
    await blobs.writeJson("away.json", {});
    await blobs.delete("away.json");
    await blobs.delete("away.json");
    expect(await blobs.readJson("away.json")).toBeUndefined();
  });

  it("lists a blob with its length and an ETag on whose condition it is read, in quotes, until it is written anew", async () => {
    const write = (text: string) => container.getBlockBlobClient("read/a&b.yaml").upload(text, text.length);
    await write("name: a");
    const { value: listed } = await container.listBlobsFlat({ prefix: "read/" }).next();
    const { name = "", properties } = (listed ?? {}) as Partial<BlobItem>;
    const contentLength = properties?.contentLength ?? 0;
    expect([name, contentLength]).toEqual(["read/a&b.yaml", 7]);
    const ifMatch = `"${properties?.etag.replaceAll('"', "")}"`;
    const read = () => container.getBlobClient(name).downloadToBuffer(0, contentLength, { conditions: { ifMatch } });
    expect((await read()).toString()).toBe("name: a");
    await write("name: b");
    await expect(read()).rejects.toMatchObject({ statusCode: 412 });
  });

  it("takes a text of several blocks as a stream, and gives parts of it", async () => {
    const text = "0123456789abcdef".repeat(200_000);
    async function* chunks() {
      for (let at = 0; at < text.length; at += 100_000) yield Buffer.from(text.slice(at, at + 100_000));
    }
    const url = await blobs.writeText("log.txt", Readable.from(chunks()));
    expect(new URL(url).pathname).toMatch(/\/archive\/log\.txt$/);
    const blob = container.getBlobClient("log.txt");
    expect((await blob.downloadToBuffer()).toString()).toBe(text);
    expect((await blobs.readBytes("log.txt", { from: 16, to: 20 }))?.toString()).toBe("0123");
    expect((await blobs.readBytes("log.txt", { from: 0, to: text.length }))?.toString()).toBe(text);
    expect(await blobs.readBytes("no-log.txt", { from: 0, to: 4 })).toBeUndefined();
    expect((await blob.getProperties()).contentType).toBe("text/plain; charset=utf-8");
  });
});
