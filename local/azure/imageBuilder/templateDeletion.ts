import { AzureError } from "../arm/errors.ts";
import type { Azure } from "../azure.ts";
import { findResource, removeResource } from "../store/resources.ts";
import { schedule, type TransitionTable } from "../store/transitions.ts";
import { IDENTITY_UNUSABLE } from "./creationChecks.ts";
import { builderMayDo, changeGround, templateScenario } from "./goesWrong.ts";
import { beginOperation, endOperation } from "./operations.ts";
import { isActive } from "./run.ts";
import { removeStaging } from "./stagingGroup.ts";
import { deleteWhileCreating, operationNotAllowed } from "./templateErrors.ts";
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

/** The template cannot be deleted until it has another identity, or this one its right. */
function deletionProblem(azure: Azure, template: Template): { code: string; message: string } | undefined {
  changeGround(azure, template, "deletion");
  const uncleared = { code: "InternalOperationError", message: IDENTITY_UNUSABLE };
  return templateScenario(azure, template, "deletion") ?? (canClear(azure, template) ? undefined : uncleared);
}

/** @throws AzureError where a template is being made or run. */
export function requireIdle({ settings }: Azure, template: Template): void {
  if (template.body.properties.provisioningState === "Creating") throw deleteWhileCreating(settings);
  if (isActive(template)) throw operationNotAllowed(settings, template, "delete");
}

/** A template goes with its group as it goes by itself: with its staging, and not while it is run. */
export function goWithGroup(azure: Azure, template: Template): void {
  requireIdle(azure, template);
  const problem = deletionProblem(azure, template);
  if (problem) throw new AzureError(409, problem.code, problem.message);
  removeStaging(azure, template);
}

export const deletionTransitions: TransitionTable = {
  "template-deleted"(azure, { id, operation }) {
    const template = findTemplate(azure, id);
    if (template?.hidden.deletion !== operation) return endOperation(azure, operation, "Succeeded");
    const problem = deletionProblem(azure, template);
    if (problem) {
      template.body.properties.provisioningState = "Failed";
      template.body.properties.provisioningError = { provisioningErrorCode: "Other", message: problem.message };
      return endOperation(azure, operation, "Failed", problem);
    }
    const [lingers] = azure.faults.effects("staging", template.name);
    if (!lingers || !template.hidden.stagingGroup) removeStaging(azure, template);
    else if (lingers.told.seconds !== undefined) {
      schedule(azure, lingers.told.seconds * 1000, {
        kind: "staging-gone",
        id: template.hidden.stagingGroup,
        operation,
      });
    }
    removeResource(azure, template.id);
    endOperation(azure, operation, "Succeeded");
  },
  "staging-gone": (azure, { id }) => removeResource(azure, id),
};
