import { existingOperation, operationUrl, requireSignatureOrRight } from "../arm/operations.ts";
import { ok, type ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import type { StoredOperation } from "../store/state.ts";
import { apiVersions } from "./apiVersions.ts";
import { nanoTime } from "./templateState.ts";

const TYPE = "Microsoft.VirtualMachineImages/locations/operations";

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
    return ok({
      name: guid.toUpperCase(),
      status,
      startTime: nanoTime(azure, startTime),
      ...(endTime === undefined ? {} : { endTime: nanoTime(azure, endTime) }),
      ...(error ? { error } : {}),
    });
  },
};
