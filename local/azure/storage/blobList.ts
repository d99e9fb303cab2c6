import type { Azure } from "../azure.ts";
import type { HttpAnswer } from "../server/http.ts";
import { lookUp } from "../store/lookUp.ts";
import { blobHeaders, lengthOf } from "./blobContent.ts";
import { element, escapeXml, xmlDocument } from "./blobXml.ts";
import type { Blob, Container } from "./storageAccounts.ts";

const LONGEST_PAGE = 5000;
const LEASE = [element("LeaseStatus", "unlocked"), element("LeaseState", "available")];

/** Lists a container's blobs by name; with a delimiter, what has it beyond the prefix shows as a folder. */
export function listBlobs(
  azure: Azure,
  endpoint: string,
  name: string,
  { blobs }: Container,
  query: URLSearchParams,
): HttpAnswer {
  const delimiter = query.get("delimiter") ?? "";
  const { page, asked, nextMarker } = pageOf(Object.keys(blobs), query, (blob, prefix) =>
    folderOf(blob, prefix, delimiter),
  );
  const entries = page.map((entry) => {
    const blob = lookUp(blobs, entry);
    return blob ? blobElement(azure, entry, blob) : element("BlobPrefix", [element("Name", entry)]);
  });
  const attributes = ` ServiceEndpoint="${escapeXml(endpoint)}" ContainerName="${escapeXml(name)}"`;
  const body = element(
    "EnumerationResults",
    [
      ...asked,
      ...(delimiter ? [element("Delimiter", delimiter)] : []),
      element("Blobs", entries),
      element("NextMarker", nextMarker),
    ],
    attributes,
  );
  return { status: 200, headers: { "content-type": "application/xml" }, body: xmlDocument(body) };
}

export const containerHeaders = ({ createdAt }: Pick<Container, "createdAt">) => ({
  "last-modified": new Date(createdAt).toUTCString(),
  etag: `"0x${createdAt.toString(16).toUpperCase()}"`,
});

/** Lists an account's containers by name. */
export function listContainers(
  endpoint: string,
  containers: Record<string, Container>,
  query: URLSearchParams,
): HttpAnswer {
  const { page, asked, nextMarker } = pageOf(Object.keys(containers), query);
  const entries = page.map((name) => {
    const headers = containerHeaders(lookUp(containers, name) ?? { createdAt: 0 });
    const properties = [
      element("Last-Modified", headers["last-modified"]),
      element("Etag", headers.etag.replaceAll('"', "")),
    ];
    return element("Container", [element("Name", name), element("Properties", [...properties, ...LEASE])]);
  });
  const body = element(
    "EnumerationResults",
    [...asked, element("Containers", entries), element("NextMarker", nextMarker)],
    ` ServiceEndpoint="${escapeXml(endpoint)}"`,
  );
  return { status: 200, headers: { "content-type": "application/xml" }, body: xmlDocument(body) };
}

/** What a query asks for of names, in order, and the elements that repeat what it asked. */
function pageOf(
  names: string[],
  query: URLSearchParams,
  shownAs: (name: string, prefix: string) => string | undefined = (name) => name,
): { page: string[]; asked: string[]; nextMarker: string } {
  const prefix = query.get("prefix") ?? "";
  const marker = query.get("marker") ?? "";
  const most = Number(query.get("maxresults") ?? LONGEST_PAGE);
  const length = most >= 1 ? Math.min(Math.floor(most), LONGEST_PAGE) : LONGEST_PAGE;
  const meant = names.filter((name) => name.startsWith(prefix));
  const shown = [...new Set(meant.map((name) => shownAs(name, prefix) ?? name))].sort();
  const from = marker ? shown.findIndex((entry) => entry >= marker) : 0;
  const asked = [
    ...(prefix ? [element("Prefix", prefix)] : []),
    ...(marker ? [element("Marker", marker)] : []),
    ...(query.has("maxresults") ? [element("MaxResults", String(length))] : []),
  ];
  return {
    page: from < 0 ? [] : shown.slice(from, from + length),
    asked,
    nextMarker: from < 0 ? "" : (shown[from + length] ?? ""),
  };
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
      ...LEASE,
      element("ServerEncrypted", "true"),
    ]),
  ]);
}
