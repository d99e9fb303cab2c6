import type { Finding } from "./failure.ts";
import { fetchedBy, readContainers } from "./fetched.ts";
import { BLOB_CONTRIBUTOR, BLOB_READER, type Grant, type LeasedRole, MOST_GRANTS, planGrant } from "./grant.ts";
import type { ImageTemplateBody } from "./imageTemplate.ts";
import type { PlanContext } from "./plan.ts";
import { differentIds, resourceGroupOf, sameId } from "./resourceId.ts";
import { isWithin } from "./roleAssignment.ts";
import { readingScopeOf, type Source } from "./source.ts";

/** What a build reads, writes and joins. */
interface Touched {
  /** Of managed images, and of definitions in galleries. */
  imageIds: readonly string[];
  /** Ids of those that disks are written to. */
  containers: readonly string[];
  source: Source;
  template: ImageTemplateBody;
  /** Id of the virtual network; undefined in one of image builder's own. */
  network: string | undefined;
}

/** What the builder identity is leased for a build, in the order in which it is given. */
export function plannedGrants(
  { imageIds, containers, source, template, network }: Touched,
  { installationId, subscriptionId, zone, roles, scriptContainer }: PlanContext,
): Grant[] {
  const { principalId } = zone.builder;
  const grant = (role: LeasedRole, scope: string, roleDefinition: string) =>
    planGrant(installationId, subscriptionId, { role, scope, principalId, roleDefinition });
  const { imageCreation, sourceReading, networkJoin } = roles;
  const groups = groupsOf(imageIds);
  const reading = readingScopeOf(source);
  const isReadAlready = groups.some((group) => reading !== undefined && isWithin(reading, group));
  const written = differentIds(containers);
  const scriptContainers = [...(scriptContainer ? [scriptContainer] : []), ...zone.scriptContainers];
  const read = readContainers(fetchedBy(template), scriptContainers);
  return [
    ...groups.map((group) => grant("image creation", group, imageCreation)),
    ...(sourceReading && reading && !isReadAlready ? [grant("source reading", reading, sourceReading)] : []),
    // One outside of the zone, whose id is not known, is a finding that blocks.
    ...written.map((one) => grant("disk writing", one, BLOB_CONTRIBUTOR)),
    // What may be written may be read.
    ...read
      .filter((one) => !written.some((other) => sameId(other, one)))
      .map((one) => grant("script reading", one, BLOB_READER)),
    // One on the virtual network holds for each of its subnets; a build in image builder's own network joins none.
    ...(network ? [grant("network join", network, networkJoin)] : []),
  ];
}

/** The instances that ask for grants on a dead build's behalf are found by their numbers. */
export function tooManyGrants(grants: readonly Grant[]): Finding[] {
  return grants.slice(MOST_GRANTS, MOST_GRANTS + 1).map(({ role, scope }) => ({
    code: "too-many-grants",
    severity: "blocks",
    resource: scope,
    seen: `It takes ${grants.length} grants; this is the first of ${role} beyond ${MOST_GRANTS}.`,
    why: `The builder is leased what it needs scope by scope, and ${MOST_GRANTS} of them at the most.`,
    mend: "Name targets in fewer resource groups in distribute, or make a recipe for each group.",
    owner: "requester",
  }));
}

/** The resource groups of these, each once however it is written. */
function groupsOf(ids: readonly string[]): string[] {
  return differentIds(ids.map(resourceGroupOf));
}
