import type { ControlState } from "../local/azure/control/controlState.ts";
import { builderIdentity, type Landscape } from "../local/landscape.ts";

/** What builds have left in the cloud, by what the cloud itself has, whatever the receipts say. */
export interface Remains {
  /** Ids of role assignments. */
  grants: string[];
  /** Ids of image templates. */
  templates: string[];
  /** Names of resource groups that were not there before, staging groups among them, and of those that are gone. */
  groups: string[];
  /** Ids of builds of which there is no image version, or more than one. */
  versionless: string[];
}

interface Seen {
  resourceGroups: { name: string }[];
  resources: { id: string; type: string; tags?: Record<string, string> }[];
  roleAssignments: { id: string; properties: { principalId: string } }[];
}

export function remainsIn(
  state: Pick<ControlState, keyof Seen>,
  { resourceGroups }: Pick<Landscape, "resourceGroups">,
  builds: readonly string[],
): Remains {
  const seen = state as unknown as Seen;
  const before = resourceGroups.map(({ name }) => name);
  const now = seen.resourceGroups.map(({ name }) => name);
  const versions = new Map<string | undefined, number>();
  for (const { type, tags } of seen.resources) {
    const build = tags?.["goldsmith-build"];
    if (type.endsWith("/images/versions")) versions.set(build, (versions.get(build) ?? 0) + 1);
  }
  return {
    grants: seen.roleAssignments
      .filter(({ properties }) => properties.principalId === builderIdentity.principalId)
      .map(({ id }) => id),
    templates: seen.resources.filter(({ type }) => type.endsWith("/imageTemplates")).map(({ id }) => id),
    groups: [...now.filter((name) => !before.includes(name)), ...before.filter((name) => !now.includes(name))],
    versionless: builds.filter((id) => versions.get(id) !== 1),
  };
}
