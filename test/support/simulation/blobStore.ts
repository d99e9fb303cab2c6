import type { Answer, Call } from "./transport.ts";

interface Blob {
  content: Buffer;
  etag: string;
  contentType: string;
  metadata: Record<string, string>;
  modified: number;
}

/** Blob storage in memory, as far as the service uses it; held against Azurite by `test/simulation/blobStore.test.ts`. */
export interface BlobStore {
  answer(call: Call): Answer;
  /** The names of all blobs of a container, sorted. */
  names(container: string): string[];
  text(container: string, name: string): string | undefined;
}

/** @param now milliseconds since 1970. */
export function createBlobStore(now: () => number): BlobStore {
  const containers = new Map<string, Map<string, Blob>>();
  const blocks = new Map<string, Buffer>();
  let nextEtag = 1;

  function answer({ method, url, headers, body }: Call): Answer {
    // The first segment is the account.
    const [, container = "", ...rest] = url.pathname.slice(1).split("/").map(decodeURIComponent);
    const name = rest.join("/");
    const comp = url.searchParams.get("comp");
    if (!name && comp === "list") return list(container, url.searchParams);
    if (!name) return ofContainer(method, container);

    const blobs = containers.get(container);
    if (!blobs) return failure(404, "ContainerNotFound", "The specified container does not exist.");
    const present = blobs.get(name);
    if (method === "PUT" && comp === "block") {
      blocks.set(`${container}/${name}/${url.searchParams.get("blockid")}`, body);
      return { status: 201, headers: {} };
    }
    if (method === "PUT") {
      const refused = conditionsOf(headers, present);
      if (refused) return refused;
      const content = comp === "blocklist" ? assembled(`${container}/${name}`, body) : body;
      const blob = {
        content,
        etag: `"0x${(nextEtag++).toString(16).padStart(15, "0")}"`,
        contentType: headers["x-ms-blob-content-type"] ?? "application/octet-stream",
        metadata: metadataIn(headers),
        modified: now(),
      };
      blobs.set(name, blob);
      return { status: 201, headers: { etag: blob.etag, "last-modified": new Date(blob.modified).toUTCString() } };
    }
    if (!present) return failure(404, "BlobNotFound", "The specified blob does not exist.");
    if (method === "DELETE") {
      blobs.delete(name);
      return { status: 202, headers: {} };
    }
    const unmet = conditionsOf(headers, present);
    if (unmet) return unmet;
    const range = /^bytes=(\d+)-(\d*)$/.exec(headers["x-ms-range"] ?? headers.range ?? "");
    const from = Number(range?.[1] ?? 0);
    const to = range?.[2] ? Math.min(Number(range[2]) + 1, present.content.length) : present.content.length;
    const part = present.content.subarray(from, to);
    return {
      status: range ? 206 : 200,
      headers: {
        etag: present.etag,
        "content-type": present.contentType,
        "content-length": String(part.length),
        "last-modified": new Date(present.modified).toUTCString(),
        "x-ms-blob-type": "BlockBlob",
        ...(range ? { "content-range": `bytes ${from}-${to - 1}/${present.content.length}` } : {}),
      },
      ...(method === "HEAD" ? {} : { body: part }),
    };
  }

  /** In pages of 5,000, unless asked for smaller ones; the marker of the next is the last name. */
  function list(container: string, query: URLSearchParams): Answer {
    const blobs = containers.get(container);
    if (!blobs) return failure(404, "ContainerNotFound", "The specified container does not exist.");
    const marker = query.get("marker") ?? "";
    const names = [...blobs.keys()]
      .filter((name) => name.startsWith(query.get("prefix") ?? "") && name > marker)
      .sort();
    const page = names.slice(0, Number(query.get("maxresults") ?? 5000));
    const hasMetadata = query.get("include")?.split(",").includes("metadata");
    const entries = page.map((name) => {
      const metadata = hasMetadata ? `<Metadata>${metadataOf(blobs.get(name))}</Metadata>` : "";
      const properties = `<Properties>${propertiesOf(blobs.get(name))}</Properties>`;
      return `<Blob><Name>${escaped(name)}</Name>${properties}${metadata}</Blob>`;
    });
    const next =
      page.length < names.length ? `<NextMarker>${escaped(page.at(-1) ?? "")}</NextMarker>` : "<NextMarker />";
    const body = `<EnumerationResults><Blobs>${entries.join("")}</Blobs>${next}</EnumerationResults>`;
    return { status: 200, headers: { "content-type": "application/xml" }, body };
  }

  function ofContainer(method: string, container: string): Answer {
    if (method !== "PUT") return failure(400, "UnsupportedHttpVerb", "The resource doesn't support this verb.");
    if (containers.has(container)) {
      return failure(409, "ContainerAlreadyExists", "The specified container already exists.");
    }
    containers.set(container, new Map());
    return { status: 201, headers: {} };
  }

  function assembled(path: string, list: Buffer): Buffer {
    const ids = [...list.toString("utf8").matchAll(/<(?:Latest|Uncommitted)>([^<]+)</g)].map(([, id]) => id);
    return Buffer.concat(ids.map((id) => blocks.get(`${path}/${id}`) ?? Buffer.alloc(0)));
  }

  return {
    answer,
    names: (container) => [...(containers.get(container)?.keys() ?? [])].sort(),
    text: (container, name) => containers.get(container)?.get(name)?.content.toString("utf8"),
  };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** As a listing has them: the ETag without its quotes. */
function propertiesOf(blob: Blob | undefined): string {
  const { modified = 0, etag = "", content = "" } = blob ?? {};
  return [
    `<Last-Modified>${new Date(modified).toUTCString()}</Last-Modified>`,
    `<Etag>${etag.replaceAll('"', "")}</Etag>`,
    `<Content-Length>${content.length}</Content-Length>`,
  ].join("");
}

const META = "x-ms-meta-";

function metadataIn(headers: Record<string, string>): Record<string, string> {
  const told = Object.entries(headers).filter(([name]) => name.startsWith(META));
  return Object.fromEntries(told.map(([name, value]) => [name.slice(META.length), value]));
}

function metadataOf(blob: Blob | undefined): string {
  return Object.entries(blob?.metadata ?? {})
    .map(([name, value]) => `<${name}>${escaped(value)}</${name}>`)
    .join("");
}

function conditionsOf(headers: Record<string, string>, present: Blob | undefined): Answer | undefined {
  if (headers["if-none-match"] === "*" && present) {
    return failure(409, "BlobAlreadyExists", "The specified blob already exists.");
  }
  if (headers["if-match"] && headers["if-match"] !== present?.etag) {
    return failure(412, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.");
  }
  return undefined;
}

function failure(status: number, code: string, message: string): Answer {
  return {
    status,
    headers: { "x-ms-error-code": code, "content-type": "application/xml" },
    body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  };
}
