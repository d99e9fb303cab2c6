import type { Azure } from "../azure.ts";
import { findResource, removeResource } from "../store/resources.ts";
import { schedule, type TransitionTable } from "../store/transitions.ts";
import { IDENTITY_UNUSABLE } from "./creationChecks.ts";
import { builderMayDo, templateScenario } from "./goesWrong.ts";
import { beginOperation, endOperation } from "./operations.ts";
import { removeStaging } from "./stagingGroup.ts";
import { findTemplate, type Template } from "./templateState.ts";

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
  if (!staging || !findResource(azure, staging.groupId)) return true;
  return builderMayDo(azure, template, "Microsoft.Storage/storageAccounts/delete", staging.groupId);
}

export const deletionTransitions: TransitionTable = {
  "template-deleted"(azure, { id, operation }) {
    const template = findTemplate(azure, id);
    if (template?.hidden.deletion !== operation) return endOperation(azure, operation, "Succeeded");
    // The template cannot be deleted until it has another identity, or this one its right.
    const uncleared = canClear(azure, template)
      ? undefined
      : { code: "InternalOperationError", message: IDENTITY_UNUSABLE };
    const problem = templateScenario(azure, template, "deletion") ?? uncleared;
    if (problem) {
      template.body.properties.provisioningState = "Failed";
      template.body.properties.provisioningError = { provisioningErrorCode: "Other", message: problem.message };
      return endOperation(azure, operation, "Failed", problem);
    }
    removeStaging(azure, template);
    removeResource(azure, template.id);
    endOperation(azure, operation, "Succeeded");
  },
};
