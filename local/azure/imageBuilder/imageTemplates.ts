import { armErrors } from "../arm/errors.ts";
import { checkedLocation, existing } from "../arm/genericResources.ts";
import { requireIdentities } from "../arm/identities.ts";
import { canonicalId, requireParent } from "../arm/parents.ts";
import { presentResource, systemDataAfter } from "../arm/present.ts";
import { lastName } from "../arm/resourceId.ts";
import { type ArmAnswer, type ArmRequest, ok, type ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import { storeResource } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { apiVersions, ENVELOPE_SINCE, TARGET_REGIONS_SINCE, templateSince } from "./apiVersions.ts";
import { operationHeaders } from "./operations.ts";
import { cancelRun, isActive, startRun } from "./run.ts";
import { newTemplate, patchTemplate } from "./templateWrites.ts";
import { beginChange, goWithGroup, requireIdle } from "./templateChanges.ts";
import { operationNotAllowed, RESOURCE_NAME, validationFailed } from "./templateErrors.ts";
import { findTemplate, type Template, TEMPLATE_TYPE } from "./templateState.ts";
import { parseTemplate } from "./templateValidation.ts";

/** Codes of image builder's; the others are ARM's, which is older than any version. */
const OWN_ERRORS = ["ValidationFailed", "Conflict", "OperationNotAllowed"];

export const imageTemplates: ResourceType = {
  type: TEMPLATE_TYPE,
  apiVersions,
  since: templateSince,
  tracked: true,
  put,
  patch,
  delete: remove,
  present: (azure, resource, query) => ({ ...shownStatus(azure, resource), ...olderTargets(resource, query) }),
  isBareError: (code, apiVersion) => apiVersion < ENVELOPE_SINCE && OWN_ERRORS.includes(code),
  goesWithGroup: (azure, resource) => goWithGroup(azure, resource as Template),
  actions: { run, cancel },
};

/** Templates cannot be changed by a PUT, not even one that has failed. */
function put(azure: Azure, request: ArmRequest): ArmAnswer {
  const { target, apiVersion } = request;
  const body = request.body();
  requireParent(azure, target);
  const location = checkedLocation(azure.resourceTypes.find(TEMPLATE_TYPE) ?? imageTemplates, body.location);
  requireIdentities(azure, imageTemplates, request);
  if (findTemplate(azure, target.id))
    throw armErrors.Conflict("Update/Upgrade of image templates is currently not supported");
  if (!RESOURCE_NAME.test(lastName(target.id))) throw validationFailed("ImageTemplate", "Field 'name' has a bad value");
  const template = newTemplate(
    azure,
    request,
    canonicalId(azure, imageTemplates, target),
    parseTemplate(azure, body, apiVersion),
    location,
  );
  storeResource(azure, template);
  const operation = beginChange(azure, template, "creation");
  return {
    status: 201,
    headers: operationHeaders(azure, operation, apiVersion, "without Location"),
    body: presentResource(azure, template),
  };
}

function patch(azure: Azure, request: ArmRequest): ArmAnswer {
  const template = existing(azure, imageTemplates, request) as Template;
  requireIdentities(azure, imageTemplates, request);
  const goesOn = patchTemplate(azure, template, request);
  template.body.systemData = systemDataAfter(azure, request.principal, template.body);
  storeResource(azure, template);
  if (!goesOn) return ok(presentResource(azure, template));
  const operation = beginChange(azure, template, "update");
  return { status: 202, headers: operationHeaders(azure, operation, request.apiVersion, "with Location") };
}

/** Just after a run began, a GET may not know of it yet. */
function shownStatus(azure: Azure, resource: StoredResource): Json {
  const { run, previousStatus } = (resource as Template).hidden;
  const fresh = run && azure.now < run.startedAt + azure.settings.run.visibleAfterSeconds * 1000;
  return fresh ? { lastRunStatus: previousStatus } : {};
}

/** Versions that do not know target regions name regions alone, and must. */
function olderTargets({ body }: StoredResource, query: URLSearchParams): Json {
  if ((query.get("api-version") ?? TARGET_REGIONS_SINCE) >= TARGET_REGIONS_SINCE) return {};
  const { distribute } = (body as Template["body"]).properties;
  return {
    distribute: distribute.map((target) => {
      if (target.type !== "SharedImage") return target;
      const { replicationRegions, targetRegions } = target;
      return { ...target, replicationRegions: replicationRegions ?? targetRegions?.map(({ name }) => name) ?? [] };
    }),
  };
}

function remove(azure: Azure, request: ArmRequest): ArmAnswer {
  const template = findTemplate(azure, request.target.id);
  if (!template) return { status: 204 };
  requireIdle(azure, template);
  const operation = beginChange(azure, template, "deletion");
  return { status: 202, headers: operationHeaders(azure, operation, request.apiVersion, "with Location") };
}

function run(azure: Azure, request: ArmRequest): ArmAnswer {
  const template = existing(azure, imageTemplates, request) as Template;
  if (template.body.properties.provisioningState !== "Succeeded" || isActive(template)) {
    throw operationNotAllowed(azure.settings, template, "run/action");
  }
  const operation = startRun(azure, template);
  return { status: 202, headers: operationHeaders(azure, operation, request.apiVersion, "with Location") };
}

/** Answered at once; the run is Canceling for a while after. */
function cancel(azure: Azure, request: ArmRequest): ArmAnswer {
  const template = existing(azure, imageTemplates, request) as Template;
  if (template.body.properties.lastRunStatus?.runState !== "Running") {
    throw operationNotAllowed(azure.settings, template, "cancel/action");
  }
  cancelRun(azure, template);
  return { status: 204 };
}
