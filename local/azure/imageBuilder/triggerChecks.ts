import { lastName } from "../arm/resourceId.ts";
import type { Azure } from "../azure.ts";
import { compareVersions } from "../compute/imageVersions.ts";
import { findResource, removeResource } from "../store/resources.ts";
import type { Json } from "../store/state.ts";
import { schedule, type TransitionTable } from "../store/transitions.ts";
import { endOperation } from "./operations.ts";
import { isActive, startRun } from "./run.ts";
import { exactVersion } from "./sourceImage.ts";
import type { Template } from "./templateState.ts";
import { isActiveTrigger, type Trigger, TRIGGER_TYPE, templateOf } from "./triggers.ts";

function findTrigger(azure: Azure, id: string): Trigger | undefined {
  const resource = findResource(azure, id);
  return resource?.type === TRIGGER_TYPE ? (resource as Trigger) : undefined;
}

function checkLater(azure: Azure, { id, hidden }: Trigger): void {
  const delay = azure.settings.triggerCheckSeconds * 1000;
  schedule(azure, delay, { kind: "trigger-check", id, operation: hidden.creation });
}

/** A version is tried once: what its run comes to does not matter. */
function check(azure: Azure, trigger: Trigger, template: Template): void {
  const { source, provisioningState } = template.body.properties;
  if (provisioningState !== "Succeeded" || isActive(template) || !isActiveTrigger(azure, template)) return;
  const found = exactVersion(azure, source, template.body.location);
  const built = "exactVersion" in source ? source.exactVersion : undefined;
  if (!found || !isNewer(found, trigger.hidden.seen) || !isNewer(found, built ?? undefined)) return;
  trigger.hidden.seen = found;
  startRun(azure, template);
}

const isNewer = (found: string, known: string | undefined) =>
  known === undefined || compareVersions(lastName(found), lastName(known)) > 0;

export const triggerTransitions: TransitionTable = {
  "trigger-created"(azure, { id, operation }) {
    const trigger = findTrigger(azure, id);
    const template = templateOf(azure, id);
    const properties = trigger?.body.properties as Json | undefined;
    if (!trigger || !template || properties?.provisioningState !== "Creating") {
      return endOperation(azure, operation, "Canceled");
    }
    properties.provisioningState = "Succeeded";
    const seen = exactVersion(azure, template.body.properties.source, template.body.location);
    if (seen) trigger.hidden.seen = seen;
    endOperation(azure, operation, "Succeeded");
    checkLater(azure, trigger);
  },
  "trigger-check"(azure, { id, operation }) {
    const trigger = findTrigger(azure, id);
    const template = templateOf(azure, id);
    if (!template || trigger?.hidden.creation !== operation) return;
    check(azure, trigger, template);
    checkLater(azure, trigger);
  },
  "trigger-deleted"(azure, { id, operation }) {
    removeResource(azure, id);
    endOperation(azure, operation, "Succeeded");
  },
};
