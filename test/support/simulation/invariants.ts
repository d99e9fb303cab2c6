import { isDeepStrictEqual } from "node:util";
import { builderIdentity, landscape, landscapeSettings } from "../../../local/landscape.ts";
import { NOT_READ_BACK } from "../../../src/domain/leftover.ts";
import { recipeOf } from "../faults/ours.ts";
import { untrueByLog } from "./loggedGrants.ts";
import type { Simulated } from "./simulation.ts";

/** Of what the control endpoint tells, that which a build of ours can change. */
interface CloudState {
  resourceGroups: { id: string; name: string }[];
  resources: { id: string; type: string }[];
  roleAssignments: { id: string; properties: { principalId: string; roleDefinitionId: string } }[];
}

/** A build alone leaves no grant to others. */
const NOTED_WITHIN_MINUTES = 0;

/** Sentences for what must hold of every build, whatever went wrong, and does not hold of this one. */
export function brokenInvariants({ receipt, status, world, buildId }: Simulated): string[] {
  const broken: string[] = [];
  const state = world.cloud.state() as unknown as CloudState;
  const { GOLDSMITH_TEMPLATE_RESOURCE_GROUP: templateGroup } = landscapeSettings;
  const leased = [
    landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE,
    landscapeSettings.GOLDSMITH_SOURCE_READING_ROLE,
    landscapeSettings.GOLDSMITH_NETWORK_JOIN_ROLE,
  ];
  const known = landscape.resourceGroups.map(({ name }) => name);
  const ofType = (type: string) => state.resources.filter((resource) => resource.type === type).map(({ id }) => id);
  const left = [
    ...state.roleAssignments
      .filter(({ properties }) => properties.principalId === builderIdentity.principalId)
      .filter(({ properties }) => leased.some((role) => properties.roleDefinitionId.endsWith(role)))
      .map(({ id }) => id),
    ...ofType("Microsoft.VirtualMachineImages/imageTemplates"),
    ...ofType("Microsoft.Compute/images").filter((id) => id.includes(`/${templateGroup}/`)),
    ...state.resourceGroups.filter(({ name }) => !known.includes(name)).map(({ id }) => id),
  ];
  const versions = ofType("Microsoft.Compute/galleries/images/versions");

  if (status !== "Completed" || !receipt) return [`T: the build ended as ${status}, without a kept receipt`];
  const leftovers = receipt.cleanUp.kind === "clean" ? [] : receipt.cleanUp.leftovers;
  const listed = leftovers.map(({ id }) => id);
  // What could not be read back is listed in doubt.
  const certain = leftovers.filter(({ id, why }) => !why.includes(NOT_READ_BACK) || has(left, id)).map(({ id }) => id);
  if (!isDeepStrictEqual(idsOf(left), idsOf(certain))) {
    broken.push(`G, T: left are ${left.join(", ") || "nothing"}; the receipt lists ${listed.join(", ") || "nothing"}`);
  }
  const unrevoked = receipt.grants
    .filter(({ grantedAt, removedAt }) => grantedAt && !removedAt)
    .map(({ name }) => name);
  if (unrevoked.some((name) => !listed.some((id) => id.endsWith(name)))) {
    broken.push("G: a grant is neither revoked nor listed");
  }

  // What a fault answered or cut before it was served never reached image builder.
  const runs = world.cloud
    .requests()
    .requests.filter(({ method, path }) => method === "POST" && /\/run(\?|$)/.test(path))
    .filter(({ notExecuted }) => !notExecuted);
  if (runs.length > 1) broken.push(`R: image builder was asked for ${runs.length} runs`);
  if (versions.length > 1) broken.push(`R: ${versions.length} image versions of one build`);

  if (receipt.outcome.kind === "built") {
    const told = receipt.outcome.imageVersions;
    if (versions.length !== 1) broken.push(`T: built, with ${versions.length} image versions`);
    if (told.length > 0 && !isDeepStrictEqual(idsOf(told), idsOf(versions))) broken.push("T: it names another version");
    if (receipt.log.kind === "none") broken.push("L: built, and no word of its log");
  } else {
    const told = receipt.outcome.kind === "refused" ? [] : (receipt.outcome.imageVersions ?? []);
    if (told.some((id) => !has(versions, id))) broken.push("T: it names another version");
    if (versions.some((id) => !has(told, id))) broken.push(`T: ${receipt.outcome.kind}, and hides an image version`);
  }
  if (receipt.log.kind === "archived") {
    for (const { name } of receipt.log.files) {
      const text = world.archive.text("archive", `builds/aks-jumpbox/${buildId}/${name}`);
      if (!text) broken.push(`L: ${name} is not in the archive`);
    }
  }

  const { requests } = world.cloud.requests();
  broken.push(...untrueByLog([{ receipt, recipe: recipeOf(buildId) }], requests, NOTED_WITHIN_MINUTES));

  const standing = landscape.roleAssignments.length;
  // Image builder itself gives the builder access to a staging group; it is left together with the group.
  const others = state.roleAssignments.filter(
    ({ id }) => !left.some((one) => id.toLowerCase().startsWith(one.toLowerCase())),
  ).length;
  if (others !== standing) broken.push(`O: of ${standing} standing role assignments ${others} are left`);
  return broken;
}

const idsOf = (ids: string[]) => ids.map((id) => id.toLowerCase()).toSorted();

const has = (ids: string[], id: string) => ids.some((one) => one.toLowerCase() === id.toLowerCase());
