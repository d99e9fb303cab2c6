import { createHash } from "node:crypto";
import type { Azure } from "../azure.ts";
import type { HttpAnswer, HttpRequest } from "../server/http.ts";
import { lookUp } from "../store/lookUp.ts";
import { blobHeaders } from "./blobContent.ts";
import { blobErrors } from "./blobErrors.ts";
import type { Blob, Container } from "./storageAccounts.ts";

/**
 * Put Blob: writes a block blob as a whole, in place of the one before unless a condition forbids it. What comes in blocks
 * or pages is not served.
 */
export function putBlob(azure: Azure, request: HttpRequest, container: Container, name: string): HttpAnswer {
  const { headers, body } = request;
  if (request.tooLarge) throw blobErrors.RequestBodyTooLarge();
  const type = headers["x-ms-blob-type"];
  if (type === undefined) throw blobErrors.MissingRequiredHeader();
  if (type !== "BlockBlob") throw blobErrors.InvalidHeaderValue();
  const before = lookUp(container.blobs, name);
  if (before && headers["if-none-match"] === "*") throw blobErrors.BlobAlreadyExists();
  const wanted = headers["if-match"];
  const isWanted = before && (wanted === "*" || wanted === blobHeaders(azure, before).etag);
  if (wanted !== undefined && !isWanted) throw blobErrors.ConditionNotMet();
  const blob: Blob = {
    createdAt: azure.now,
    contentType: headers["x-ms-blob-content-type"] ?? headers["content-type"] ?? "application/octet-stream",
    lines: [],
    content: body.toString("base64"),
  };
  container.blobs[name] = blob;
  const { etag, "last-modified": modified } = blobHeaders(azure, blob);
  const md5 = createHash("md5").update(body).digest("base64");
  return {
    status: 201,
    headers: { etag, "last-modified": modified, "content-md5": md5, "x-ms-request-server-encrypted": "true" },
  };
}
