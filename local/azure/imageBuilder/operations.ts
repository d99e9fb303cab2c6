import { existingOperation } from "../arm/operations.ts";
import { operationUrl, requireSignatureOrRight } from "../arm/operationUrl.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import { type Azure, newGuid } from "../azure.ts";
import type { StoredOperation } from "../store/state.ts";
import { apiVersions } from "./apiVersions.ts";
import { nanoTime } from "./templateState.ts";

const TYPE = "Microsoft.VirtualMachineImages/locations/operations";

export function beginOperation(
  azure: Azure,
  kind: "creation" | "update" | "run" | "deletion" | "trigger",
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
  const url = operationUrl(azure, TYPE, operation, { "api-version": apiVersion });
  return {
    "azure-asyncoperation": url,
    ...(also === "with Location" ? { location: url } : {}),
    "x-ms-request-id": operation.guid,
  };
}

export const operations: ResourceType = {
  type: TYPE,
  apiVersions,
  readOnly: true,
  authorizesItself: true,
  get(azure, request) {
    const operation = existingOperation(azure, requireSignatureOrRight(azure, request, TYPE));
    const { guid, status, startTime, endTime, error } = operation;
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
