import { addedIn } from "../arm/knownFields.ts";
import { armErrors, notFound } from "../arm/errors.ts";
import { isObject } from "../arm/genericResources.ts";
import { requireScope } from "../arm/parents.ts";
import { isUnseen } from "../arm/present.ts";
import { lastName, sameId } from "../arm/resourceId.ts";
import {
  type ArmAnswer,
  type ArmRequest,
  type Attributes,
  listed,
  ok,
  type ResourceType,
} from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import type { Json, StoredRoleAssignment } from "../store/state.ts";
import { assignmentErrors, checkAssignment, type RequestedAssignment, requireNewPair } from "./roleAssignmentRules.ts";
import { assignmentFilter } from "./assignmentFilter.ts";
import { fade, propagation, storeAssignment } from "./access.ts";
import { roleDefinitionId } from "./roles.ts";

/** Extension resources of any scope; their right to be made is the one thing that this Azure hands out itself. */
export const roleAssignments: ResourceType = {
  type: "Microsoft.Authorization/roleAssignments",
  apiVersions: (
    "2015-07-01 2018-01-01-preview 2018-09-01-preview 2020-03-01-preview 2020-04-01-preview 2020-08-01-preview " +
    "2020-10-01-preview 2022-04-01"
  ).split(" "),
  since: addedIn({
    "2018-09-01-preview": "properties.principalType",
    "2020-03-01-preview":
      "properties.condition properties.conditionVersion properties.delegatedManagedIdentityResourceId " +
      "properties.createdBy properties.createdOn properties.updatedBy properties.updatedOn",
    "2020-04-01-preview": "properties.description",
  }),
  extension: true,
  get: (azure, request) => ok(present(azure, existing(azure, request))),
  list,
  put,
  delete: remove,
  attributes: (azure, request) =>
    request.method === "PUT"
      ? { request: attributesOf(requested(request)) }
      : { resource: attributesOf(findAssignment(azure, request.target.id)) },
};

function findAssignment(azure: Azure, id: string): StoredRoleAssignment | undefined {
  return azure.state.roleAssignments[id.toLowerCase()];
}

/** What a PUT's body asks for. */
function requested(request: ArmRequest): RequestedAssignment {
  const { properties } = request.body();
  if (!isObject(properties)) throw armErrors.InvalidRequestContent("Required property 'properties' not found in JSON.");
  const text = (name: string): string | undefined => {
    const value = properties[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== "string")
      throw armErrors.InvalidRequestContent(`Error converting value to a string. Path 'properties.${name}'.`);
    return value;
  };
  return {
    roleDefinition: lastName(text("roleDefinitionId") ?? ""),
    principalId: text("principalId") ?? "",
    principalType: text("principalType"),
    condition: text("condition") ?? null,
    conditionVersion: text("conditionVersion") ?? null,
    description: text("description") ?? null,
    delegatedManagedIdentityResourceId: text("delegatedManagedIdentityResourceId") ?? null,
  };
}

function attributesOf(assignment: RequestedAssignment | undefined): Attributes {
  return {
    "Microsoft.Authorization/roleAssignments:RoleDefinitionId": assignment?.roleDefinition,
    "Microsoft.Authorization/roleAssignments:PrincipalId": assignment?.principalId,
    "Microsoft.Authorization/roleAssignments:PrincipalType": assignment?.principalType,
  };
}

function put(azure: Azure, request: ArmRequest): ArmAnswer {
  const { target, principal } = request;
  const wanted = requested(request);
  requireScope(azure, target.scope);
  const principalType = checkAssignment(azure, target, wanted);
  const before = sameName(azure, target.id);
  if (before) return update(azure, request, before, wanted);
  requireNewPair(azure, target.scope, wanted);

  const named = { name: lastName(target.id), scope: target.scope || "/", createdBy: principal.objectId };
  const made = storeAssignment(azure, { ...wanted, ...named, principalType });
  made.effectiveFrom = propagation(azure, made, "grant");
  return { status: 201, body: presentAfterWrite(azure, made) };
}

/** Names are unique in the whole tenant. */
function sameName(azure: Azure, id: string): StoredRoleAssignment | undefined {
  return Object.values(azure.state.roleAssignments).find(({ name }) => sameId(name, lastName(id)));
}

/** The same assignment again: its description may change, or its condition, which then has to propagate. */
function update(
  azure: Azure,
  { target }: ArmRequest,
  before: StoredRoleAssignment,
  wanted: RequestedAssignment,
): ArmAnswer {
  const same =
    sameId(before.id, target.id) &&
    sameId(before.principalId, wanted.principalId) &&
    sameId(before.roleDefinition, wanted.roleDefinition);
  if (!same) throw assignmentErrors.RoleAssignmentUpdateNotPermitted();
  const changed = {
    description: wanted.description,
    condition: wanted.condition,
    conditionVersion: wanted.conditionVersion,
  };
  const identical = before.description === wanted.description && before.condition === wanted.condition;
  if (identical && azure.settings.identicalRoleAssignment === "conflict")
    throw assignmentErrors.RoleAssignmentExists({});
  const after: StoredRoleAssignment = { ...before, ...changed, ...(identical ? {} : { updatedOn: azure.now }) };
  if (before.condition !== wanted.condition) {
    after.effectiveFrom = propagation(azure, after, "change");
    fade(azure, before, after.effectiveFrom);
  }
  azure.state.roleAssignments[before.id.toLowerCase()] = after;
  return ok(presentAfterWrite(azure, after));
}

function remove(azure: Azure, { target }: ArmRequest): ArmAnswer {
  const assignment = findAssignment(azure, target.id);
  if (!assignment) return { status: 204 };
  delete azure.state.roleAssignments[assignment.id.toLowerCase()];
  fade(azure, assignment, propagation(azure, assignment, "removal"));
  return ok(present(azure, assignment));
}

function existing(azure: Azure, { target }: ArmRequest): StoredRoleAssignment {
  const assignment = findAssignment(azure, target.id);
  if (assignment && isReadable(azure, assignment)) return assignment;
  throw notFound("RoleAssignmentNotFound", `The role assignment '${lastName(target.id)}' is not found.`);
}

function isReadable(azure: Azure, { id, createdOn }: StoredRoleAssignment): boolean {
  return !isUnseen(azure, azure.settings.grantReadAfterWriteSeconds, id, createdOn);
}

function list(azure: Azure, request: ArmRequest): ArmAnswer {
  const wanted = assignmentFilter(request);
  const shown = Object.values(azure.state.roleAssignments).filter((one) => wanted(one) && isReadable(azure, one));
  return listed(shown.map((assignment) => present(azure, assignment)));
}

/** The answer to a PUT does not say yet who made it. */
function presentAfterWrite(azure: Azure, assignment: StoredRoleAssignment): Json {
  const body = present(azure, assignment);
  return { ...body, properties: { ...(body.properties as Json), createdBy: null } };
}

export function present(azure: Azure, assignment: StoredRoleAssignment): Json {
  return {
    properties: {
      roleDefinitionId: roleDefinitionId(azure, assignment.roleDefinition),
      principalId: assignment.principalId,
      principalType: assignment.principalType,
      scope: assignment.scope,
      condition: assignment.condition,
      conditionVersion: assignment.conditionVersion,
      createdOn: new Date(assignment.createdOn).toISOString(),
      updatedOn: new Date(assignment.updatedOn).toISOString(),
      createdBy: assignment.createdBy,
      updatedBy: assignment.createdBy,
      delegatedManagedIdentityResourceId: assignment.delegatedManagedIdentityResourceId,
      description: assignment.description,
    },
    id: assignment.id,
    type: "Microsoft.Authorization/roleAssignments",
    name: assignment.name,
  };
}
