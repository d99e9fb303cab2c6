import type { Azure } from "../azure.ts";
import type { HttpAnswer } from "../server/http.ts";
import { lookUp } from "../store/lookUp.ts";
import { blobHeaders, lengthOf } from "./blobContent.ts";
import type { Blob, Container } from "./storageAccounts.ts";

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** `<Name>Text</Name>`; children are put in as they are. */
export function element(name: string, content: string | string[], attributes = ""): string {
  return `<${name}${attributes}>${Array.isArray(content) ? content.join("") : escapeXml(content)}</${name}>`;
}

export function xmlDocument(root: string): string {
  return `\ufeff<?xml version="1.0" encoding="utf-8"?>${root}`;
}

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
  const page = pageOf(Object.keys(blobs), query, (blob, prefix) => folderOf(blob, prefix, delimiter));
  if (delimiter) page.asked.push(element("Delimiter", delimiter));
  const entries = page.names.map((entry) => {
    const blob = lookUp(blobs, entry);
    return blob ? blobElement(azure, entry, blob) : element("BlobPrefix", [element("Name", entry)]);
  });
  return results({ ServiceEndpoint: endpoint, ContainerName: name }, page, element("Blobs", entries));
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
  const page = pageOf(Object.keys(containers), query);
  const entries = page.names.map((name) => {
    const headers = containerHeaders(lookUp(containers, name) ?? { createdAt: 0 });
    return element("Container", [element("Name", name), element("Properties", [...changed(headers), ...LEASE])]);
  });
  return results({ ServiceEndpoint: endpoint }, page, element("Containers", entries));
}

const changed = (headers: Record<"last-modified" | "etag", string>) => [
  element("Last-Modified", headers["last-modified"]),
  element("Etag", headers.etag.replaceAll('"', "")),
];

function results(named: Record<string, string>, { asked, nextMarker }: Page, entries: string): HttpAnswer {
  const attributes = Object.entries(named).map(([name, value]) => ` ${name}="${escapeXml(value)}"`);
  const content = [...asked, entries, element("NextMarker", nextMarker)];
  const body = xmlDocument(element("EnumerationResults", content, attributes.join("")));
  return { status: 200, headers: { "content-type": "application/xml" }, body };
}

interface Page {
  names: string[];
  /** Elements that repeat what the query asked. */
  asked: string[];
  nextMarker: string;
}

/** What a query asks for of names, in order. */
function pageOf(
  names: string[],
  query: URLSearchParams,
  shownAs: (name: string, prefix: string) => string | undefined = (name) => name,
): Page {
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
    names: from < 0 ? [] : shown.slice(from, from + length),
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
      ...changed(headers),
      element("Content-Length", String(lengthOf(azure, blob))),
      element("Content-Type", blob.contentType),
      element("BlobType", "BlockBlob"),
      element("AccessTier", "Hot"),
      ...LEASE,
      element("ServerEncrypted", "true"),
    ]),
  ]);
}
