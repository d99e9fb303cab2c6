import * as z from "zod";
import { armErrors, badRequest, invalidQuery, notFound } from "../../arm/errors.ts";
import { checkedBody } from "../../arm/genericResources.ts";
import { requireScope } from "../../arm/parents.ts";
import { presentResource, systemDataAfter } from "../../arm/present.ts";
import { isWithin, lastName, sameId } from "../../arm/resourceId.ts";
import { type ArmAnswer, type ArmRequest, listed, ok, type ResourceType } from "../../arm/resourceType.ts";
import { anything, fullBody, list, object, strings, text } from "../../arm/shapes.ts";
import type { Azure } from "../../azure.ts";
import { findResource, removeResource, resourcesOfType, storeResource } from "../../store/resources.ts";
import type { Json, StoredResource } from "../../store/state.ts";
import { assignmentVersions, findDefinition } from "./policyDefinitions.ts";
import { NOT_ALLOWED_TYPES, type PolicyDefinition } from "./builtInPolicies.ts";

/** What the body of a policy assignment must look like, by its specification. */
const assignmentShape = fullBody({
  policyDefinitionId: z.string(),
  displayName: text,
  description: text,
  notScopes: strings,
  parameters: z.record(z.string(), object({ value: z.unknown() })).optional(),
  metadata: anything,
  enforcementMode: z.enum(["Default", "DoNotEnforce"]).optional(),
  nonComplianceMessages: list({ message: z.string() }),
});

const TYPE = "Microsoft.Authorization/policyAssignments";

export interface PolicyAssignment extends StoredResource {
  body: Json & { properties: AssignmentProperties };
}

interface AssignmentProperties {
  displayName?: string;
  scope: string;
  policyDefinitionId: string;
  notScopes: string[];
  parameters: Record<string, { value?: unknown }>;
  enforcementMode: "Default" | "DoNotEnforce";
}

export const assignmentsOf = (azure: Azure) => resourcesOfType(azure, TYPE, "") as PolicyAssignment[];

/** Policies put in force at a subscription, a group or a resource. */
export const policyAssignments: ResourceType = {
  type: TYPE,
  apiVersions: assignmentVersions,
  since: {
    "properties.notScopes": "2017-06-01-preview",
    "properties.enforcementMode": "2019-06-01",
    "properties.nonComplianceMessages": "2020-09-01",
    systemData: "2020-09-01",
  },
  extension: true,
  setByAzure: ["scope", "instanceId", "effectiveDefinitionVersion", "latestDefinitionVersion"],
  get: (azure, request) => ok(presentResource(azure, existing(azure, request))),
  list: listAssignments,
  put,
  delete(azure, { target }) {
    const assignment = findResource(azure, target.id);
    if (!assignment) return { status: 204 };
    removeResource(azure, assignment.id);
    return ok(presentResource(azure, assignment));
  },
};

/** Puts a policy in force at the subscription, as its owner would have, before anybody asks for anything. */
export function assignNotAllowedTypes(azure: Azure, name: string, types: string[]): void {
  const scope = `/subscriptions/${azure.landscape.subscriptionId}`;
  const properties: AssignmentProperties = {
    scope,
    policyDefinitionId: `/providers/Microsoft.Authorization/policyDefinitions/${NOT_ALLOWED_TYPES}`,
    notScopes: [],
    parameters: { listOfResourceTypesNotAllowed: { value: types } },
    enforcementMode: "Default",
  };
  storeResource(azure, { id: `${scope}/providers/${TYPE}/${name}`, name, type: TYPE, body: { properties } });
}

function existing(azure: Azure, { target }: ArmRequest): StoredResource {
  const assignment = findResource(azure, target.id);
  if (assignment) return assignment;
  throw notFound("PolicyAssignmentNotFound", `The policy assignment '${lastName(target.id)}' is not found.`);
}

/** Those at the scope, above and below it, as far as `$filter` wants them. */
function listAssignments(azure: Azure, request: ArmRequest): ArmAnswer {
  requireScope(azure, request.target.scope);
  const wanted = filterOf(request);
  const value = assignmentsOf(azure).filter(({ body }) => wanted(body.properties));
  return listed(value.map((assignment) => presentResource(azure, assignment)));
}

/** @throws AzureError 400 for a filter that Azure does not know. */
function filterOf({ target, query }: ArmRequest): (assignment: AssignmentProperties) => boolean {
  const filter = query.get("$filter")?.trim() ?? "";
  const [known, only, definition] =
    /^(?:(atScope|atExactScope)\(\)|policyDefinitionId eq '([^']+)')?$/i.exec(filter) ?? [];
  if (known === undefined) throw invalidQuery("$filter", filter);
  const here = target.scope;
  return ({ scope, policyDefinitionId }) => {
    if (only) return /exact/i.test(only) ? sameId(scope, here) : isWithin(scope, here);
    const isOf = definition === undefined || sameId(definition, policyDefinitionId);
    return isOf && (isWithin(scope, here) || isWithin(here, scope));
  };
}

/** Answered with 201, whether it makes or changes one. */
function put(azure: Azure, request: ArmRequest): ArmAnswer {
  const { target, principal } = request;
  const { properties: asked, ...more } = asAssignment(request);
  requireScope(azure, target.scope);
  const name = lastName(target.id);
  if (/[<>*%&:?.+/]| $/.test(name) || name.length > 64) {
    throw badRequest("InvalidPolicyAssignmentName", `The policy assignment name '${name}' is invalid.`);
  }
  requireParameters(name, asked.parameters ?? {}, definitionOf(asked.policyDefinitionId));
  const before = findResource(azure, target.id);
  const was = (before?.body.properties as { metadata?: Json } | undefined)?.metadata;
  const time = new Date(azure.now).toISOString();
  const made = { createdBy: was?.createdBy ?? principal.objectId, createdOn: was?.createdOn ?? time };
  const changed = before ? { updatedBy: principal.objectId, updatedOn: time } : { updatedBy: null, updatedOn: null };
  const assignment = storeResource(azure, {
    id: before?.id ?? `${target.scope}/providers/${TYPE}/${name}`,
    name,
    type: TYPE,
    body: {
      ...more,
      properties: {
        notScopes: [],
        parameters: {},
        enforcementMode: "Default",
        ...asked,
        metadata: { ...asked.metadata, ...made, ...changed },
        scope: target.scope,
      },
      systemData: systemDataAfter(azure, principal, before?.body),
    },
  });
  return { status: 201, body: presentResource(azure, assignment) };
}

function asAssignment(request: ArmRequest) {
  const parsed = assignmentShape.safeParse(checkedBody(policyAssignments, request.body()));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw armErrors.InvalidRequestContent(`${issue?.message}. Path '${issue?.path.join(".")}'.`);
}

function definitionOf(id: string): PolicyDefinition {
  const definition = findDefinition(id);
  if (definition) return definition;
  const [kind, words] = /\/policySetDefinitions\//i.test(id)
    ? ["PolicySetDefinitionNotFound", "policy set definition"]
    : ["PolicyDefinitionNotFound", "policy definition"];
  throw notFound(kind, `The ${words} '${lastName(id)}' could not be found.`);
}

/** @throws AzureError 400 where the definition does not know a parameter, misses one, or does not allow its value. */
function requireParameters(
  name: string,
  given: AssignmentProperties["parameters"],
  { name: definition, parameters }: PolicyDefinition,
): void {
  const unknown = Object.keys(given).filter((one) => !Object.hasOwn(parameters, one));
  if (unknown.length > 0) {
    throw badRequest(
      "UndefinedPolicyParameter",
      `The policy assignment '${name}' has defined parameters '${unknown.join("', '")}' which are not defined in the ` +
        `policy definition '${definition}'.`,
    );
  }
  for (const [parameter, { type, defaultValue, allowedValues }] of Object.entries(parameters)) {
    const value = given[parameter]?.value ?? defaultValue;
    if (value === undefined) {
      throw badRequest(
        "MissingPolicyParameter",
        `The policy assignment '${name}' is missing the parameter(s) '${parameter}' as defined in the policy definition ` +
          `'${definition}'.`,
      );
    }
    if ((type === "Array") !== Array.isArray(value)) {
      throw badRequest(
        "InvalidPolicyParameterType",
        `The type of the value of policy parameter '${parameter}' in policy assignment '${name}' must be '${type}'.`,
      );
    }
    if (allowedValues && !allowedValues.some((one) => one === value)) {
      throw badRequest(
        "PolicyParameterValueNotAllowed",
        `The value '${value as string}' is not allowed for policy parameter '${parameter}' in policy definition ` +
          `'${definition}'. The allowed values are '${allowedValues.join(", ")}'.`,
      );
    }
  }
}
