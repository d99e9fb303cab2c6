import { notFound } from "../arm/errors.ts";
import { isWithin, lastName, sameId } from "../arm/resourceId.ts";
import { listed, ok, type ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import type { Json } from "../store/state.ts";
import { assignmentFilter, EVERYBODY } from "./assignmentFilter.ts";
import { isLike } from "./conditionOperators.ts";

/** Only Azure makes them: here, a scenario does. */
export interface DenyAssignment {
  id: string;
  name: string;
  scope: string;
  actions: string[];
  principalId: string;
}

function allDenyAssignments(azure: Azure): DenyAssignment[] {
  return azure.faults.effects("deny").map(({ effect, told }) => {
    const scope = told.scope ?? `/subscriptions/${azure.landscape.subscriptionId}`;
    const principalId = told.principal ?? EVERYBODY;
    const name = azure.random.guid("deny assignment", scope, principalId);
    const id = `${scope}/providers/Microsoft.Authorization/denyAssignments/${name}`;
    return { id, name, scope, actions: effect.actions, principalId };
  });
}

/** What denies an action, whatever roles allow. */
export function findDenial(
  azure: Azure,
  { principalId, action, scope }: { principalId: string; action: string; scope: string },
): DenyAssignment | undefined {
  return allDenyAssignments(azure).find(
    (one) =>
      (one.principalId === EVERYBODY || sameId(one.principalId, principalId)) &&
      isWithin(one.scope, scope) &&
      one.actions.some((pattern) => isLike(action, pattern, true)),
  );
}

export const denyAssignments: ResourceType = {
  type: "Microsoft.Authorization/denyAssignments",
  apiVersions: ["2018-07-01-preview", "2022-04-01", "2024-07-01-preview"],
  readOnly: true,
  extension: true,
  get(azure, { target }) {
    const found = allDenyAssignments(azure).find(({ name }) => sameId(name, lastName(target.id)));
    if (found) return ok(present(found));
    throw notFound("DenyAssignmentNotFound", `The deny assignment '${lastName(target.id)}' is not found.`);
  },
  list: (azure, request) => listed(allDenyAssignments(azure).filter(assignmentFilter(request)).map(present)),
};

function present({ id, name, scope, actions, principalId }: DenyAssignment): Json {
  return {
    properties: {
      denyAssignmentName: `Deny assignment ${name}`,
      description: "",
      permissions: [{ actions, notActions: [], dataActions: [], notDataActions: [] }],
      scope,
      doNotApplyToChildScopes: false,
      principals: [{ id: principalId, type: principalId === EVERYBODY ? "SystemDefined" : "ServicePrincipal" }],
      excludePrincipals: [],
      isSystemProtected: true,
      condition: null,
      conditionVersion: null,
    },
    id,
    type: "Microsoft.Authorization/denyAssignments",
    name,
  };
}
