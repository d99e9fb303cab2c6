import { mayDo } from "../authorization/access.ts";
import type { Azure } from "../azure.ts";
import { removeResource } from "../store/resources.ts";
import { schedule, type TransitionTable } from "../store/transitions.ts";
import { beginOperation, endOperation } from "./operations.ts";
import { removeStaging } from "./stagingGroup.ts";
import { findTemplate, type Template, templatePrincipal } from "./templateState.ts";

export function beginDeletion(azure: Azure, template: Template) {
  const running = template.hidden.deletion && azure.state.operations[template.hidden.deletion];
  if (running && running.status === "InProgress") return running;
  const operation = beginOperation(azure, "deletion", { id: template.id, location: template.body.location });
  template.hidden.deletion = operation.guid;
  template.body.properties.provisioningState = "Deleting";
  const delay = azure.random.milliseconds(azure.settings.templateDeletionSeconds, "deletion", operation.guid);
  schedule(azure, delay, { kind: "template-deleted", id: template.id, operation: operation.guid });
  return operation;
}

/** Image builder clears the staging group as the template's identity. */
function canClear(azure: Azure, template: Template): boolean {
  const { staging } = template.hidden;
  if (!staging) return true;
  const principal = templatePrincipal(azure, template);
  return (
    principal !== undefined && mayDo(azure, principal, "Microsoft.Storage/storageAccounts/delete", staging.groupId)
  );
}

export const deletionTransitions: TransitionTable = {
  "template-deleted"(azure, { id, operation }) {
    const template = findTemplate(azure, id);
    if (template?.hidden.deletion !== operation) return endOperation(azure, operation, "Succeeded");
    if (!canClear(azure, template)) {
      // The template cannot be deleted until it has another identity, or this one its right.
      const message =
        "The assigned managed identity cannot be used. Please remove the existing one and re-assign a new identity.";
      template.body.properties.provisioningState = "Failed";
      template.body.properties.provisioningError = { provisioningErrorCode: "Other", message };
      return endOperation(azure, operation, "Failed", { code: "InternalOperationError", message });
    }
    removeStaging(azure, template);
    removeResource(azure, template.id);
    endOperation(azure, operation, "Succeeded");
  },
};
