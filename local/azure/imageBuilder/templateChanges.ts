import { AzureError } from "../arm/errors.ts";
import { beginOperation, endOperation } from "../arm/operations.ts";
import type { Azure } from "../azure.ts";
import { findResource, removeResource } from "../store/resources.ts";
import type { StoredOperation } from "../store/state.ts";
import { schedule, scheduleWithin, type TransitionTable } from "../store/transitions.ts";
import {
  creationProblem,
  distributionProblem,
  IDENTITY_UNUSABLE,
  networkProblem,
  type Problem,
} from "./creationChecks.ts";
import { builderMayDo, changeGround, templateScenario } from "./goesWrong.ts";
import { isActive, startRun } from "./run.ts";
import { exactVersion } from "./sourceImage.ts";
import { assignContributor, createStaging, removeStaging } from "./stagingGroup.ts";
import { deleteWhileCreating, INTERNAL_ERROR, operationNotAllowed } from "./templateErrors.ts";
import { findTemplate, showIdentity, type Template, templatePrincipal } from "./templateState.ts";

/** What a template is while it is being changed, and the transition that ends it. */
const CHANGES = {
  creation: { state: "Creating", kind: "template-created" },
  update: { state: "Updating", kind: "template-updated" },
  deletion: { state: "Deleting", kind: "template-deleted" },
};

/** Makes, changes or deletes a template: it is there at once, in between until image builder has looked into it. */
export function beginChange(azure: Azure, template: Template, change: keyof typeof CHANGES): StoredOperation {
  const { templateCreationSeconds, templateUpdateSeconds, templateDeletionSeconds } = azure.settings;
  const range = { creation: templateCreationSeconds, update: templateUpdateSeconds, deletion: templateDeletionSeconds };
  const { hidden, id, body } = template;
  const running = change === "deletion" && hidden.deletion && azure.state.operations[hidden.deletion];
  if (running && running.status === "InProgress") return running;
  const operation = beginOperation(azure, change, { id, location: body.location });
  hidden[change] = operation.guid;
  const { state, kind } = CHANGES[change];
  body.properties.provisioningState = state;
  scheduleWithin(azure, range[change], change, { kind, id, operation: operation.guid });
  return operation;
}

/** A failed template stays, and stands in the way of another of its name. */
function fail(azure: Azure, { body }: Template, operation: string, problem: Problem, told = INTERNAL_ERROR): void {
  const { code: provisioningErrorCode, message } = problem;
  Object.assign(body.properties, {
    provisioningState: "Failed",
    provisioningError: { provisioningErrorCode, message },
  });
  endOperation(azure, operation, "Failed", told);
}

function updateProblem(azure: Azure, template: Template): Problem | undefined {
  if (!templatePrincipal(azure, template)) return { code: "Other", message: IDENTITY_UNUSABLE };
  return distributionProblem(azure, template) ?? networkProblem(azure, template);
}

/** Image builder clears the staging group as the template's identity. */
function canClear(azure: Azure, template: Template): boolean {
  const { staging } = template.hidden;
  if (!staging || !findResource(azure, staging.groupId)) return true;
  return builderMayDo(azure, template, "Microsoft.Storage/storageAccounts/delete", staging.groupId);
}

/** The template cannot be deleted until it has another identity, or this one its right. */
function deletionProblem(azure: Azure, template: Template): Problem | undefined {
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

export const changeTransitions: TransitionTable = {
  "template-created"(azure, { id, operation }) {
    const template = findTemplate(azure, id);
    if (template?.hidden.creation !== operation) return endOperation(azure, operation, "Canceled");
    const { properties, location } = template.body;
    changeGround(azure, template, "creation");
    const problem =
      templateScenario(azure, template, "creation") ??
      creationProblem(azure, template) ??
      createStaging(azure, template);
    if (problem) return fail(azure, template, operation, problem);
    properties.provisioningState = "Succeeded";
    showIdentity(azure, template);
    const exact = exactVersion(azure, properties.source, location);
    if (exact) Object.assign(properties.source, { exactVersion: exact });
    endOperation(azure, operation, "Succeeded");
    if (properties.autoRun?.state === "Enabled") startRun(azure, template);
  },
  "template-updated"(azure, { id, operation }) {
    const template = findTemplate(azure, id);
    const properties = template?.body.properties;
    // Where it is being deleted meanwhile it stays so.
    if (template?.hidden.update !== operation || properties?.provisioningState !== "Updating") {
      return endOperation(azure, operation, "Canceled");
    }
    // Another identity works in the staging group from now on, and clears it in the end, whatever else it may do.
    const { staging } = template.hidden;
    if (staging && templatePrincipal(azure, template)) assignContributor(azure, template, staging.groupId);
    const problem = updateProblem(azure, template);
    if (problem) return fail(azure, template, operation, problem);
    showIdentity(azure, template);
    // One that could not be created has nothing to build in, whatever is changed of it.
    properties.provisioningState = staging ? "Succeeded" : "Failed";
    if (staging) delete properties.provisioningError;
    endOperation(azure, operation, "Succeeded");
  },
  "template-deleted"(azure, { id, operation }) {
    const template = findTemplate(azure, id);
    if (template?.hidden.deletion !== operation) return endOperation(azure, operation, "Succeeded");
    const problem = deletionProblem(azure, template);
    if (problem) return fail(azure, template, operation, { ...problem, code: "Other" }, problem);
    const { stagingGroup } = template.hidden;
    const [lingers] = azure.faults.effects("staging", template.name);
    if (!lingers || !stagingGroup) removeStaging(azure, template);
    else if (lingers.told.seconds !== undefined) {
      schedule(azure, lingers.told.seconds * 1000, { kind: "staging-gone", id: stagingGroup, operation });
    }
    removeResource(azure, template.id);
    endOperation(azure, operation, "Succeeded");
  },
  "staging-gone": (azure, { id }) => removeResource(azure, id),
};
