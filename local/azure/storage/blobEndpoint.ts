import { AzureError } from "../arm/errors.ts";
import { accessOf } from "../authorization/access.ts";
import { type Azure, newGuid } from "../azure.ts";
import type { SigningKey } from "../entra/signingKey.ts";
import { type Principal, readToken } from "../entra/token.ts";
import type { HttpAnswer, HttpRequest } from "../server/http.ts";
import { lookUp } from "../store/lookUp.ts";
import type { StoredResource } from "../store/state.ts";
import { blobContent } from "./blobContent.ts";
import { blobErrors } from "./blobErrors.ts";
import { putBlob } from "./blobWrites.ts";
import { containerHeaders, element, listBlobs, listContainers, xmlDocument } from "./blobList.ts";
import { isSignedWithKey } from "./accountKeys.ts";
import { blobEndpoint, type Container, containersOf, findAccount, letsIn } from "./storageAccounts.ts";

const AUDIENCE = "https://storage.azure.com";
const BLOB_ACTIONS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
const CONTAINER_ACTIONS = "Microsoft.Storage/storageAccounts/blobServices/containers";

/** What a container's headers say, where nobody has locked it. */
const UNLOCKED = {
  "x-ms-lease-status": "unlocked",
  "x-ms-lease-state": "available",
  "x-ms-has-immutability-policy": "false",
  "x-ms-has-legal-hold": "false",
};

/** Account, container and blob that a path names. */
interface BlobTarget {
  account: string;
  container: string;
  blob: string;
}

/** Reads and writes of accounts' blobs, by whoever has a role that lets him, or a key. */
export async function answerBlob(
  azure: Azure,
  key: SigningKey,
  request: HttpRequest,
): Promise<HttpAnswer & { principal?: Principal }> {
  let principal: Principal | undefined;
  try {
    const target = targetOf(request.path);
    const account = findAccount(azure, target.account);
    if (!account) throw blobErrors.ResourceNotFound();
    if (!letsIn(account)) throw blobErrors.AuthorizationFailure();
    if (!isSignedWithKey(azure, account, request)) principal = await authenticate(azure, key, request);
    const answer = serve(azure, request, account, target, principal);
    const headers = { ...commonHeaders(azure, request), ...answer.headers };
    return { ...answer, headers, ...(principal ? { principal } : {}) };
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return { ...refuseBlob(azure, request, error), ...(principal ? { principal } : {}) };
  }
}

/** How the blob service says no. */
export function refuseBlob(azure: Azure, request: HttpRequest, error: AzureError): HttpAnswer {
  const { message, headers } = error;
  const { status = error.status, code = error.code } = lookUp(azure.settings.errors, error.code) ?? {};
  const common = commonHeaders(azure, request);
  const detail = `${message}\nRequestId:${common["x-ms-request-id"]}\nTime:${new Date(azure.now).toISOString()}`;
  return {
    status,
    headers: { ...common, "content-type": "application/xml", "x-ms-error-code": code, ...headers },
    body: xmlDocument(element("Error", [element("Code", code), element("Message", detail)])),
  };
}

const commonHeaders = (azure: Azure, { headers }: HttpRequest) => ({
  server: "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0",
  "x-ms-request-id": newGuid(azure, "request"),
  "x-ms-version": headers["x-ms-version"] ?? "2025-11-05",
  date: new Date(azure.now).toUTCString(),
});

function targetOf(path: string): BlobTarget {
  try {
    const [account = "", container = "", ...blob] = path.slice(1).split("/").map(decodeURIComponent);
    return { account, container, blob: blob.join("/") };
  } catch {
    throw blobErrors.InvalidUri();
  }
}

async function authenticate(azure: Azure, key: SigningKey, { headers }: HttpRequest): Promise<Principal> {
  const { tenantId } = azure.landscape;
  if (!headers.authorization) throw blobErrors.PublicAccessNotPermitted();
  const read = await readToken(key, headers.authorization, { audiences: [AUDIENCE], tenantId, now: azure.now });
  if ("principal" in read) return read.principal;
  throw blobErrors.InvalidAuthenticationInfo(tenantId);
}

function serve(
  azure: Azure,
  request: HttpRequest,
  account: StoredResource,
  target: BlobTarget,
  principal: Principal | undefined,
): HttpAnswer {
  const { method, query } = request;
  const isPut = method === "PUT" && target.blob !== "" && !query.has("comp");
  if (!isPut && method !== "GET" && method !== "HEAD") throw blobErrors.UnsupportedHttpVerb();
  const containers = containersOf(account);
  const endpoint = blobEndpoint(azure, account.name);
  const asked = (data: boolean, action: string, subOperation?: string) =>
    requireRight(azure, account, target, principal, { data, action, ...(subOperation ? { subOperation } : {}) });

  if (!target.container) {
    asked(false, `${CONTAINER_ACTIONS}/read`);
    if (query.get("comp") !== "list") throw blobErrors.UnsupportedHttpVerb();
    return listContainers(endpoint, containers, query);
  }
  if (!target.blob && query.get("comp") === "list") {
    asked(true, `${BLOB_ACTIONS}/read`, "Blob.List");
    return listBlobs(azure, endpoint, target.container, containerOf(containers, target), query);
  }
  if (!target.blob) {
    asked(false, `${CONTAINER_ACTIONS}/read`);
    return { status: 200, headers: { ...containerHeaders(containerOf(containers, target)), ...UNLOCKED } };
  }
  if (isPut) {
    asked(true, `${BLOB_ACTIONS}/write`);
    return putBlob(azure, request, containerOf(containers, target), target.blob);
  }
  asked(true, `${BLOB_ACTIONS}/read`);
  const blob = lookUp(containerOf(containers, target).blobs, target.blob);
  if (!blob) throw blobErrors.BlobNotFound();
  return blobContent(azure, request, blob);
}

function containerOf(containers: Record<string, Container>, { container }: BlobTarget): Container {
  const found = lookUp(containers, container);
  if (!found) throw blobErrors.ContainerNotFound();
  return found;
}

/** Rights come before existence here too. Who signs with a key of the account has them all. */
function requireRight(
  azure: Azure,
  account: StoredResource,
  { container, blob }: BlobTarget,
  principal: Principal | undefined,
  right: { data: boolean; action: string; subOperation?: string },
): void {
  if (!principal) return;
  const scope = `${account.id}/blobServices/default${container ? `/containers/${container}` : ""}`;
  const resource = {
    "Microsoft.Storage/storageAccounts:name": account.name,
    "Microsoft.Storage/storageAccounts/blobServices/containers:name": container || undefined,
    "Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path": blob || undefined,
  };
  const access = accessOf(azure, { principalId: principal.objectId, scope, attributes: { resource }, ...right });
  if (access.kind !== "allowed") throw blobErrors.AuthorizationPermissionMismatch();
}
