import type { Azure } from "../azure.ts";
import { schedule, type TransitionTable } from "../store/transitions.ts";
import { distributionProblem, IDENTITY_UNUSABLE, networkProblem } from "./creationChecks.ts";
import { beginOperation, endOperation } from "./operations.ts";
import { assignContributor } from "./stagingGroup.ts";
import { INTERNAL_ERROR } from "./templateErrors.ts";
import { showIdentity } from "./templateIdentity.ts";
import { findTemplate, type Template, templatePrincipal } from "./templateState.ts";

/** What a PATCH has changed is looked into afterwards, as at creation. */
export function beginUpdate(azure: Azure, template: Template) {
  const operation = beginOperation(azure, "update", { id: template.id, location: template.body.location });
  template.hidden.update = operation.guid;
  template.body.properties.provisioningState = "Updating";
  const delay = azure.random.milliseconds(azure.settings.templateUpdateSeconds, "update", operation.guid);
  schedule(azure, delay, { kind: "template-updated", id: template.id, operation: operation.guid });
  return operation;
}

function updateProblem(azure: Azure, template: Template) {
  if (!templatePrincipal(azure, template)) return { code: "Other", message: IDENTITY_UNUSABLE };
  return distributionProblem(azure, template) ?? networkProblem(azure, template);
}

export const updateTransitions: TransitionTable = {
  "template-updated"(azure, { id, operation }) {
    const template = findTemplate(azure, id);
    if (template?.hidden.update !== operation) return endOperation(azure, operation, "Canceled");
    const { properties } = template.body;
    // It is being deleted meanwhile, and stays so.
    if (properties.provisioningState !== "Updating") return endOperation(azure, operation, "Canceled");
    // Another identity works in the staging group from now on, and clears it in the end, whatever else it may do.
    const { staging } = template.hidden;
    if (staging && templatePrincipal(azure, template)) assignContributor(azure, template, staging.groupId);
    const problem = updateProblem(azure, template);
    if (problem) {
      properties.provisioningState = "Failed";
      properties.provisioningError = { provisioningErrorCode: problem.code, message: problem.message };
      return endOperation(azure, operation, "Failed", INTERNAL_ERROR);
    }
    showIdentity(azure, template);
    // One that could not be created has nothing to build in, whatever is changed of it.
    properties.provisioningState = staging ? "Succeeded" : "Failed";
    if (staging) delete properties.provisioningError;
    endOperation(azure, operation, "Succeeded");
  },
};
