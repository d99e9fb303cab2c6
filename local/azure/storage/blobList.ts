import type { Azure } from "../azure.ts";
import type { HttpAnswer } from "../server/http.ts";
import { lookUp } from "../store/lookUp.ts";
import { blobHeaders, lengthOf } from "./blobContent.ts";
import { element, escapeXml, xmlDocument } from "./blobXml.ts";
import type { Blob, Container } from "./storageAccounts.ts";

const LONGEST_PAGE = 5000;

/** Lists a container's blobs by name; with a delimiter, what has it beyond the prefix shows as a folder. */
export function listBlobs(
  azure: Azure,
  endpoint: string,
  name: string,
  { blobs }: Container,
  query: URLSearchParams,
): HttpAnswer {
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const marker = query.get("marker") ?? "";
  const asked = Number(query.get("maxresults") ?? LONGEST_PAGE);
  const pageLength = asked >= 1 ? Math.min(Math.floor(asked), LONGEST_PAGE) : LONGEST_PAGE;

  const names = Object.keys(blobs).filter((blob) => blob.startsWith(prefix));
  const shown = [...new Set(names.map((blob) => folderOf(blob, prefix, delimiter) ?? blob))].sort();
  const from = marker ? shown.findIndex((entry) => entry >= marker) : 0;
  const page = from < 0 ? [] : shown.slice(from, from + pageLength);
  const nextMarker = from < 0 ? "" : (shown[from + pageLength] ?? "");

  const entries = page.map((entry) => {
    const blob = lookUp(blobs, entry);
    return blob ? blobElement(azure, entry, blob) : element("BlobPrefix", [element("Name", entry)]);
  });
  const attributes = ` ServiceEndpoint="${escapeXml(endpoint)}" ContainerName="${escapeXml(name)}"`;
  const body = element(
    "EnumerationResults",
    [
      ...(prefix ? [element("Prefix", prefix)] : []),
      ...(marker ? [element("Marker", marker)] : []),
      ...(query.has("maxresults") ? [element("MaxResults", String(pageLength))] : []),
      ...(delimiter ? [element("Delimiter", delimiter)] : []),
      element("Blobs", entries),
      element("NextMarker", nextMarker),
    ],
    attributes,
  );
  return { status: 200, headers: { "content-type": "application/xml" }, body: xmlDocument(body) };
}

function folderOf(blob: string, prefix: string, delimiter: string): string | undefined {
  const at = delimiter ? blob.indexOf(delimiter, prefix.length) : -1;
  return at < 0 ? undefined : blob.slice(0, at + delimiter.length);
}

function blobElement(azure: Azure, name: string, blob: Blob): string {
  const headers = blobHeaders(azure, blob);
  return element("Blob", [
    element("Name", name),
    element("Properties", [
      element("Creation-Time", new Date(blob.createdAt).toUTCString()),
      element("Last-Modified", headers["last-modified"]),
      element("Etag", headers.etag.replaceAll('"', "")),
      element("Content-Length", String(lengthOf(azure, blob))),
      element("Content-Type", blob.contentType),
      element("BlobType", "BlockBlob"),
      element("AccessTier", "Hot"),
      element("LeaseStatus", "unlocked"),
      element("LeaseState", "available"),
      element("ServerEncrypted", "true"),
    ]),
  ]);
}
