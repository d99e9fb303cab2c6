import { AzureError } from "../../arm/errors.ts";
import { isWithin, lastName } from "../../arm/resourceId.ts";
import type { ArmRequest, ResourceType } from "../../arm/resourceType.ts";
import type { Azure } from "../../azure.ts";
import { findResource } from "../../store/resources.ts";
import type { Json } from "../../store/state.ts";
import type { PolicyDefinition } from "./builtInPolicies.ts";
import { assignmentsOf, type PolicyAssignment } from "./policyAssignments.ts";
import { definitionId, findDefinition } from "./policyDefinitions.ts";
import { isMeant, resolved, type Subject } from "./policyRule.ts";

interface Denial {
  assignment: PolicyAssignment;
  definition: PolicyDefinition;
  effect: unknown;
}

/** Holds what a request would leave behind against the policies in force. @throws AzureError 403 where one denies it. */
export function requireRequestAllowed(azure: Azure, type: ResourceType, request: ArmRequest): void {
  const { method, target } = request;
  if (assignmentsOf(azure).length === 0) return;
  const before = method === "PATCH" ? findResource(azure, target.id)?.body : {};
  if (!before) return;
  const asked = request.body();
  const properties = { ...(before.properties as Json | undefined), ...(asked.properties as Json | undefined) };
  requireAllowed(azure, type, target.id, { ...before, ...asked, properties });
}

/** The same of what a resource provider makes by itself. */
export function requireAllowed(azure: Azure, { type, tracked }: ResourceType, id: string, body: Json): void {
  const subject: Subject = { ...body, id, name: lastName(id), type };
  const denials = assignmentsOf(azure).flatMap((assignment) => denial(assignment, subject, tracked === true) ?? []);
  if (denials.length > 0) throw disallowed(subject, denials);
}

function denial(assignment: PolicyAssignment, subject: Subject, isIndexed: boolean): Denial | undefined {
  const { scope, notScopes, enforcementMode, policyDefinitionId, parameters } = assignment.body.properties;
  const definition = findDefinition(policyDefinitionId);
  if (!definition || enforcementMode === "DoNotEnforce" || (definition.mode === "Indexed" && !isIndexed))
    return undefined;
  if (!isWithin(scope, subject.id) || notScopes.some((excluded) => isWithin(excluded, subject.id))) return undefined;
  const defaults = Object.entries(definition.parameters).map(([name, { defaultValue }]) => [name, defaultValue]);
  const given = Object.entries(parameters).map(([name, { value }]) => [name, value]);
  const values = Object.fromEntries([...defaults, ...given]) as Json;
  const effect = resolved(definition.effect, values);
  if (!/^deny$/i.test(String(effect)) || !isMeant(definition.condition, subject, values)) return undefined;
  return { assignment, definition, effect };
}

/** As the page on errors of Azure Policy has it; who evaluated what is told to owners of policies alone. */
function disallowed({ name }: Subject, denials: Denial[]): AzureError {
  const identifiers = denials.map(({ assignment, definition }) => ({
    policyAssignment: { name: shownName(assignment), id: assignment.id },
    policyDefinition: { name: definition.displayName, id: definitionId(definition) },
  }));
  const message = `Resource '${name}' was disallowed by policy. Policy identifiers: '${JSON.stringify(identifiers)}'.`;
  const additionalInfo = denials.map(({ assignment, definition, effect }) => ({
    type: "PolicyViolation",
    info: {
      policyDefinitionDisplayName: definition.displayName,
      policyDefinitionId: definitionId(definition),
      policyDefinitionName: definition.name,
      policyDefinitionEffect: effect,
      policyAssignmentId: assignment.id,
      policyAssignmentName: assignment.name,
      policyAssignmentDisplayName: shownName(assignment),
      policyAssignmentScope: assignment.body.properties.scope,
      policyAssignmentParameters: assignment.body.properties.parameters,
    },
  }));
  return new AzureError(403, "RequestDisallowedByPolicy", message, {}, { target: name, additionalInfo });
}

const shownName = ({ name, body }: PolicyAssignment) => body.properties.displayName ?? name;
