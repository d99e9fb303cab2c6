import { AzureError, badRequest } from "../arm/errors.ts";
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

const REVIEW =
  "Please review http://aka.ms/azvmimagebuildertmplref for details on fields required in the Image Builder Template.";

/** Of templates, run outputs and triggers. */
export const RESOURCE_NAME = /^[A-Za-z0-9-_.]{1,64}$/;

/** @param path `ImageTemplate.properties.distribute[0]` */
export const validationFailed = (path: string, problem: string) =>
  badRequest("ValidationFailed", `Validation failed: '${path}': ${problem}. ${REVIEW}`);
