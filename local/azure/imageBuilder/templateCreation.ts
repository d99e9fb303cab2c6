import type { Azure } from "../azure.ts";
import { schedule, type TransitionTable } from "../store/transitions.ts";
import { creationProblem } from "./creationChecks.ts";
import { changeGround, templateScenario } from "./goesWrong.ts";
import { beginOperation, endOperation } from "./operations.ts";
import { startRun } from "./run.ts";
import { exactVersion } from "./sourceImage.ts";
import { createStaging } from "./stagingGroup.ts";
import { INTERNAL_ERROR } from "./templateErrors.ts";
import { showIdentity } from "./templateIdentity.ts";
import { findTemplate, type Template } from "./templateState.ts";

/** The template is there at once, and Creating until image builder has looked into it. */
export function beginCreation(azure: Azure, template: Template) {
  const operation = beginOperation(azure, "creation", { id: template.id, location: template.body.location });
  template.hidden.creation = operation.guid;
  const delay = azure.random.milliseconds(azure.settings.templateCreationSeconds, "creation", operation.guid);
  schedule(azure, delay, { kind: "template-created", id: template.id, operation: operation.guid });
  return operation;
}

export const creationTransitions: TransitionTable = {
  "template-created"(azure, { id, operation }) {
    const template = findTemplate(azure, id);
    if (template?.hidden.creation !== operation) return endOperation(azure, operation, "Canceled");
    const { properties, location } = template.body;
    changeGround(azure, template, "creation");
    const problem =
      templateScenario(azure, template, "creation") ??
      creationProblem(azure, template) ??
      createStaging(azure, template);
    if (problem) {
      // The failed template stays, and stands in the way of another of its name.
      properties.provisioningState = "Failed";
      properties.provisioningError = { provisioningErrorCode: problem.code, message: problem.message };
      return endOperation(azure, operation, "Failed", INTERNAL_ERROR);
    }
    properties.provisioningState = "Succeeded";
    showIdentity(azure, template);
    const exact = exactVersion(azure, properties.source, location);
    if (exact) Object.assign(properties.source, { exactVersion: exact });
    endOperation(azure, operation, "Succeeded");
    if (properties.autoRun?.state === "Enabled") startRun(azure, template);
  },
};
