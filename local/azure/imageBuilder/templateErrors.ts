import { AzureError } from "../arm/errors.ts";
import type { Settings } from "../settings.ts";
import type { Template } from "./templateState.ts";

/** What a failed operation tells. The cause stands in the template. */
export const INTERNAL_ERROR = {
  code: "InternalOperationError",
  message: "Internal error occurred. This is a generic error. For details, see the status of the image template.",
};

/** @param operation `delete`, `run/action` or `cancel/action`. */
export function operationNotAllowed(settings: Settings, template: Template | undefined, operation: string): AzureError {
  const { provisioningState = "none", lastRunStatus } = template?.body.properties ?? {};
  const state = provisioningState === "Succeeded" ? "provisioned" : provisioningState.toLowerCase();
  const run = lastRunStatus?.runState.toLowerCase() ?? "none";
  return new AzureError(
    settings.operationNotAllowedStatus,
    "OperationNotAllowed",
    `Operation Microsoft.VirtualMachineImages/imageTemplates/${operation} is not allowed in provisioning state: ${state} or run state: ${run}.`,
  );
}

export function deleteWhileCreating(settings: Settings): AzureError {
  return new AzureError(
    settings.operationNotAllowedStatus,
    "OperationNotAllowed",
    "Operation 'DELETE' is not allowed in provisioningState: 'creating'.",
  );
}
