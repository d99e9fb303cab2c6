import * as z from "zod";
import {
  allowsData,
  type BuilderIdentity,
  lacking,
  type Permission,
  type RoleDefinition,
  type StandingAssignment,
} from "../domain/preflight/access.ts";
import { sameId } from "../domain/resourceId.ts";
import { reaches } from "../domain/roleAssignment.ts";
import { nameOf } from "../domain/preflight/mends.ts";
import { mapObserved, type Observed } from "../domain/preflight/observed.ts";
import type { ArmReader } from "./armReader.ts";
import { text, texts } from "./fields.ts";
import { understood } from "./understood.ts";

const VERSION = "2022-04-01";
const IDENTITY_VERSION = "2023-01-31";
const authorization = (scope: string, type: string) => `${scope}/providers/Microsoft.Authorization/${type}`;

const identity = z
  .object({ properties: z.object({ principalId: z.string() }) })
  .transform(({ properties }): BuilderIdentity => properties);

const assignment = z.object({
  id: z.string(),
  properties: z.object({ scope: z.string(), principalId: z.string(), roleDefinitionId: z.string(), condition: text }),
});

const permission = z.object({ actions: texts, notActions: texts, dataActions: texts, notDataActions: texts });

const definition = z
  .object({
    id: z.string(),
    properties: z.object({
      roleName: z.string(),
      description: text,
      assignableScopes: texts,
      permissions: z.array(permission),
    }),
  })
  .transform(({ id, properties }): RoleDefinition => ({ id, ...properties }));

export async function observeIdentity(reader: ArmReader, id: string): Promise<Observed<BuilderIdentity>> {
  return understood(await reader.get(id, IDENTITY_VERSION), identity);
}

/** By their names. */
export async function observeFederatedCredentials(reader: ArmReader, id: string): Promise<Observed<readonly string[]>> {
  const answer = await reader.list(`${id}/federatedIdentityCredentials`, IDENTITY_VERSION);
  const named = understood(answer, z.array(z.object({ name: z.string() })));
  return mapObserved(named, (all) => all.map(({ name }) => name));
}

/** Those of a principal in a subscription, above it and below, through groups as well. */
export async function observeAssignments(
  reader: Pick<ArmReader, "list">,
  subscriptionId: string,
  principalId: string,
): Promise<Observed<readonly StandingAssignment[]>> {
  const path = authorization(`/subscriptions/${subscriptionId}`, "roleAssignments");
  const answer = await reader.list(path, VERSION, { $filter: `assignedTo('${principalId}')` });
  return mapObserved(understood(answer, z.array(assignment)), (all) =>
    all.map(({ id, properties: { principalId: assigned, roleDefinitionId, ...told } }) => ({
      id,
      principalId,
      group: sameId(assigned, principalId) ? undefined : assigned,
      roleDefinition: nameOf(roleDefinitionId),
      scope: told.scope,
      condition: told.condition,
    })),
  );
}

/** Every custom role that can be assigned somewhere in a subscription. */
export function observeCustomRoles(
  reader: ArmReader,
  subscriptionId: string,
): Promise<Observed<readonly RoleDefinition[]>> {
  return observeRoles(reader, subscriptionId, "type eq 'CustomRole' and atScopeAndBelow()");
}

/** Every role of Azure's own, of which there are hundreds. */
export function observeBuiltInRoles(
  reader: ArmReader,
  subscriptionId: string,
): Promise<Observed<readonly RoleDefinition[]>> {
  return observeRoles(reader, subscriptionId, "type eq 'BuiltInRole'");
}

async function observeRoles(
  reader: ArmReader,
  subscriptionId: string,
  $filter: string,
): Promise<Observed<readonly RoleDefinition[]>> {
  const path = authorization(`/subscriptions/${subscriptionId}`, "roleDefinitions");
  return understood(await reader.list(path, VERSION, { $filter }), z.array(definition));
}

/** A definition by its id: mostly one of those that are known, which takes no read. */
export async function observeRoleDefinition(
  reader: ArmReader,
  id: string,
  known: readonly RoleDefinition[],
): Promise<Observed<RoleDefinition>> {
  const value = roleNamed(known, nameOf(id));
  return value ? { resource: id, kind: "found", value } : understood(await reader.get(id, VERSION), definition);
}

/** Actions that the service is to be allowed at a scope. */
export interface Need {
  scope: string;
  actions: readonly string[];
  /** On what lies in it, as blobs. */
  dataActions: readonly string[];
}

/**
 * What assignments allow at a scope, as far as their roles are known.
 *
 * @param held those that are listed for the scope's own subscription; undefined where they are not shown.
 * @returns undefined where what is shown is not enough: then Azure itself has to be asked.
 */
export function shownPermissions(
  { scope, actions, dataActions }: Need,
  held: readonly StandingAssignment[] | undefined,
  known: readonly RoleDefinition[],
): readonly Permission[] | undefined {
  const roles = held?.filter((one) => reaches(one, scope)).map((one) => roleNamed(known, one.roleDefinition)) ?? [];
  const shown = roles.flatMap((role) => role?.permissions ?? []);
  // What was assigned a moment ago may not be listed yet: nothing is refused by a list.
  const isAllowed = lacking(shown, actions).length === 0 && dataActions.every((action) => allowsData(shown, action));
  return isAllowed ? shown : undefined;
}

/** What the service itself may do at a scope. */
export async function observePermissions(reader: ArmReader, scope: string): Promise<Observed<readonly Permission[]>> {
  const answer = understood(await reader.list(authorization(scope, "permissions"), VERSION), z.array(permission));
  return { ...answer, resource: scope };
}

const roleNamed = (known: readonly RoleDefinition[], name: string) => known.find(({ id }) => sameId(nameOf(id), name));
