import { presentResource } from "../arm/present.ts";
import { present as presentAssignment } from "../authorization/roleAssignments.ts";
import type { Azure } from "../azure.ts";
import { runningBuilds } from "../imageBuilder/run.ts";
import { GROUP_TYPE } from "../resources/resourceGroups.ts";
import { resourcesOfType } from "../store/resources.ts";
import type { Json } from "../store/state.ts";

/** All that there is, whoever may see it. */
export interface ControlState {
  /** ISO 8601, of the cloud's clock. */
  now: string;
  resourceGroups: Json[];
  /** Every resource but the groups, with its whole body. */
  resources: Json[];
  /** Each with `standing` (of the landscape) and `effective`: since when checks know of it, null for never. */
  roleAssignments: Json[];
  /** Removed, but still effective until `effectiveUntil`. */
  fadingRoleAssignments: Json[];
  runningBuilds: Json[];
}

export function controlState(azure: Azure): ControlState {
  const { state } = azure;
  return {
    now: new Date(azure.now).toISOString(),
    resourceGroups: resourcesOfType(azure, GROUP_TYPE, "").map((group) => presentResource(azure, group)),
    resources: Object.values(state.resources)
      .filter(({ type }) => type !== GROUP_TYPE)
      .map((resource) => presentResource(azure, resource)),
    roleAssignments: Object.values(state.roleAssignments).map((assignment) => ({
      ...presentAssignment(azure, assignment),
      standing: assignment.standing,
      effective: timeOf(assignment.effectiveFrom),
    })),
    fadingRoleAssignments: state.fadingRoleAssignments.map((assignment) => ({
      ...presentAssignment(azure, assignment),
      effectiveUntil: timeOf(assignment.effectiveUntil ?? null),
    })),
    runningBuilds: runningBuilds(azure),
  };
}

const timeOf = (milliseconds: number | null) => (milliseconds === null ? null : new Date(milliseconds).toISOString());
