import * as z from "zod";
import { beginOperation, endOperation } from "../arm/operations.ts";
import { armErrors } from "../arm/errors.ts";
import { canonicalId, requireParent } from "../arm/parents.ts";
import { presentResource } from "../arm/present.ts";
import { lastName, parentId, sameId } from "../arm/resourceId.ts";
import { type ArmAnswer, type ArmRequest, ok, type ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import { compareVersions } from "../compute/imageVersions.ts";
import { findResource, removeResource, resourcesOfType, storeResource } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { schedule, scheduleWithin, type TransitionTable } from "../store/transitions.ts";
import { apiVersions, STRICT_SINCE } from "./apiVersions.ts";
import { operationHeaders } from "./operations.ts";
import { isActive, startRun } from "./run.ts";
import { definitionOf, exactVersion, followsLatest } from "./sourceImage.ts";
import { operationNotAllowed, RESOURCE_NAME, validationFailed } from "./templateErrors.ts";
import { findTemplate, nanoTime, NO_TIME, type Template, TEMPLATE_TYPE } from "./templateState.ts";

const TRIGGER_TYPE = `${TEMPLATE_TYPE}/triggers`;

interface TriggerHidden {
  /** GUID of the operation that made it. */
  creation: string;
  since: number;
  /** The newest version of the source that it has seen. */
  seen?: string;
}

export interface Trigger extends StoredResource {
  hidden: TriggerHidden;
}

/** What starts a run by itself, whenever a template's source has a new version. */
export const triggers: ResourceType = {
  type: TRIGGER_TYPE,
  apiVersions: apiVersions.filter((version) => version >= "2022-07-01"),
  put,
  delete: remove,
  present(azure, resource) {
    const template = templateOf(azure, resource.id);
    if (!template || (resource.body.properties as Json).provisioningState !== "Succeeded") return {};
    const { endTime = NO_TIME } = template.body.properties.lastRunStatus ?? {};
    const since = nanoTime(azure, (resource as Trigger).hidden.since);
    const time = endTime > since ? endTime : since;
    if (isActiveTrigger(azure, template)) return { status: { code: "Healthy", message: "Trigger is active", time } };
    const message =
      "Trigger is deactivated: too many builds in a row have failed. A successful manual run activates it.";
    return { status: { code: "Unhealthy", message, time } };
  },
};

export function templateOf(azure: Azure, triggerId: string): Template | undefined {
  return findTemplate(azure, triggerId.split("/").slice(0, -2).join("/"));
}

/** Runs that fail one after another deactivate it, until one succeeds that somebody started. */
function isActiveTrigger({ settings }: Azure, { hidden }: Template): boolean {
  return (hidden.failuresInARow ?? 0) < settings.triggerFailures;
}

function put(azure: Azure, request: ArmRequest): ArmAnswer {
  const { target, apiVersion } = request;
  requireParent(azure, target);
  const template = findTemplate(azure, parentId(target));
  const before = findResource(azure, target.id);
  const kind = requestedKind(request);
  if (!RESOURCE_NAME.test(lastName(target.id))) throw validationFailed("Trigger", "Field 'name' has a bad value");
  if (before && (before.body.properties as Json).provisioningState === "Deleting") {
    throw armErrors.Conflict(`The trigger '${lastName(target.id)}' is being deleted.`);
  }
  if (before) return ok(presentResource(azure, before));
  if (!template || template.body.properties.provisioningState !== "Succeeded") {
    throw operationNotAllowed(azure.settings, template, "triggers/write");
  }
  requireRoom(azure, template);
  requireFollowing(template);

  const id = canonicalId(azure, triggers, target).replace(parentId(target), template.id);
  const operation = beginOperation(azure, "trigger", { id, location: template.body.location });
  const trigger = storeResource(azure, {
    id,
    name: lastName(id),
    type: TRIGGER_TYPE,
    body: { properties: { kind, provisioningState: "Creating" } },
    hidden: { creation: operation.guid, since: azure.now } satisfies TriggerHidden,
  });
  const { triggerSeconds } = azure.settings;
  scheduleWithin(azure, triggerSeconds, "trigger", { kind: "trigger-created", id, operation: operation.guid });
  const headers = operationHeaders(azure, operation, apiVersion, "without Location");
  return { status: 201, headers, body: presentResource(azure, trigger) };
}

/** There is one kind, so that it cannot be changed follows. */
function requestedKind(request: ArmRequest): string {
  const body = request.body();
  const isStrict = request.apiVersion >= STRICT_SINCE;
  const kind = { kind: z.literal("SourceImage") };
  const setByAzure = { provisioningState: z.unknown().optional(), status: z.unknown().optional() };
  const shape = {
    properties: isStrict ? z.strictObject({ ...kind, ...setByAzure }) : z.looseObject(kind),
    ...Object.fromEntries(["id", "name", "type", "systemData"].map((name) => [name, z.unknown().optional()])),
  };
  const parsed = (isStrict ? z.strictObject(shape) : z.object(shape)).safeParse(body);
  if (parsed.success) return "SourceImage";
  const [issue] = parsed.error.issues;
  const field = issue?.code === "unrecognized_keys" ? issue.keys[0] : String(issue?.path.at(-1) ?? "properties");
  if (issue?.code === "unrecognized_keys") throw validationFailed("Trigger", `unknown field "${field}"`);
  const missing = (body.properties as Json | undefined)?.[field ?? ""] === undefined;
  throw validationFailed(
    "Trigger.properties",
    missing ? `Missing field '${field}'` : `Field '${field}' has a bad value`,
  );
}

function requireRoom(azure: Azure, template: Template): void {
  const all = resourcesOfType(azure, TRIGGER_TYPE, "");
  if (all.some(({ id }) => sameId(templateOf(azure, id)?.id ?? "", template.id))) {
    throw armErrors.Conflict("Only one trigger of kind 'SourceImage' is allowed for an image template.");
  }
  const { location } = template.body;
  const here = all.filter(({ id }) => templateOf(azure, id)?.body.location === location).length;
  if (here < azure.settings.triggersPerRegion) return;
  throw armErrors.Conflict(
    `The limit of ${azure.settings.triggersPerRegion} triggers is reached for the region ${location}.`,
  );
}

const refuse = (path: string, why: string) =>
  validationFailed(`ImageTemplate.properties.${path}`, `A trigger of kind 'SourceImage' needs ${why}`);

/** A trigger is for versions in a gallery: of no use where the source cannot change, or each run would write the same. */
function requireFollowing({ body }: Template): void {
  const { source, distribute } = body.properties;
  if (!followsLatest(source)) throw refuse("source", "a source whose version is 'latest'");
  if (!distribute.some(({ type }) => type === "SharedImage")) throw refuse("distribute", "a target in a gallery");
  const own = source.type === "SharedImageVersion" ? definitionOf(source.imageVersionId) : "";
  for (const [at, target] of distribute.entries()) {
    if (target.type !== "SharedImage") continue;
    if (/\/versions\//i.test(target.galleryImageId)) throw refuse(`distribute[${at}]`, "a target without a version");
    if (sameId(target.galleryImageId, own)) throw refuse(`distribute[${at}]`, "a target that is not its source");
  }
}

function remove(azure: Azure, { target, apiVersion }: ArmRequest): ArmAnswer {
  const trigger = findResource(azure, target.id) as Trigger | undefined;
  if (!trigger) return { status: 204 };
  (trigger.body.properties as Json).provisioningState = "Deleting";
  const location = templateOf(azure, trigger.id)?.body.location ?? "";
  const operation = beginOperation(azure, "trigger", { id: trigger.id, location });
  const end = { kind: "trigger-deleted", id: trigger.id, operation: operation.guid };
  scheduleWithin(azure, azure.settings.triggerSeconds, "trigger deletion", end);
  return { status: 202, headers: operationHeaders(azure, operation, apiVersion, "with Location") };
}

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
