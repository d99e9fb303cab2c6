import { createHash } from "node:crypto";
import { accessOf } from "../authorization/access.ts";
import { authorizationFailed, notFound } from "../arm/errors.ts";
import type { ArmRequest, ResourceType } from "../arm/resourceType.ts";
import { type Azure, newGuid } from "../azure.ts";
import type { StoredOperation } from "../store/state.ts";
import { apiVersions } from "./apiVersions.ts";
import { nanoTime } from "./templateState.ts";

const TYPE = "Microsoft.VirtualMachineImages/locations/operations";

export function beginOperation(
  azure: Azure,
  kind: "creation" | "run" | "deletion",
  { id, location }: { id: string; location: string },
): StoredOperation {
  const guid = newGuid(azure, kind, id);
  return (azure.state.operations[guid] = { guid, location, status: "InProgress", startTime: azure.now });
}

export function endOperation(
  azure: Azure,
  guid: string,
  status: "Succeeded" | "Failed" | "Canceled",
  error?: { code: string; message: string },
): void {
  const operation = azure.state.operations[guid];
  if (operation) Object.assign(operation, { status, endTime: azure.now }, error ? { error } : {});
}

/** The headers of the answer that begins an operation. */
export function operationHeaders(
  azure: Azure,
  operation: StoredOperation,
  apiVersion: string,
  also: "with Location" | "without Location",
): Record<string, string> {
  const url = operationUrl(azure, operation, apiVersion);
  return {
    "azure-asyncoperation": url,
    ...(also === "with Location" ? { location: url } : {}),
    "x-ms-request-id": operation.guid,
  };
}

/** Thousands of characters long: ARM signs the URL, with the whole of its certificate beside the signature. */
function operationUrl(azure: Azure, { guid, location, startTime }: StoredOperation, apiVersion: string): string {
  const path =
    `/subscriptions/${azure.landscape.subscriptionId}/providers/Microsoft.VirtualMachineImages` +
    `/locations/${location}/operations/${guid}`;
  const ticks = `${startTime}0000`;
  const c = azure.random.bytes(1950, "certificate").toString("base64url");
  return `${azure.origin}${path}?api-version=${apiVersion}&t=${ticks}&c=${c}&s=${signature(azure, guid, ticks)}&h=${digest(guid)}`;
}

const signature = (azure: Azure, guid: string, ticks: string) =>
  azure.random.bytes(512, "operation signature", guid, ticks).toString("base64url");
const digest = (guid: string) => createHash("sha256").update(guid).digest("base64url");

export const operations: ResourceType = {
  type: TYPE,
  apiVersions,
  readOnly: true,
  authorizesItself: true,
  get(azure, request) {
    const guid = request.target.names[1]?.toLowerCase() ?? "";
    requireSignatureOrRight(azure, request, guid);
    const operation = azure.state.operations[guid];
    if (!operation) throw notFound("OperationNotFound", `The operation '${guid}' could not be found.`);
    const { status, startTime, endTime, error } = operation;
    return {
      status: 200,
      body: {
        name: guid.toUpperCase(),
        status,
        startTime: nanoTime(azure, startTime),
        ...(endTime === undefined ? {} : { endTime: nanoTime(azure, endTime) }),
        ...(error ? { error } : {}),
      },
    };
  },
};

/** Whoever was given the signed URL may read it; anybody else needs the right to. */
function requireSignatureOrRight(azure: Azure, { query, principal, target }: ArmRequest, guid: string): void {
  if (query.get("s") === signature(azure, guid, query.get("t") ?? "")) return;
  const action = `${TYPE}/read`;
  const access = accessOf(azure, { principalId: principal.objectId, action, scope: target.id });
  if (access.kind === "denied") throw authorizationFailed(principal, action, target.id, access.conditionNotMet);
}
