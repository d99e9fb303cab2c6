import { isDeepStrictEqual } from "node:util";
import { builderIdentity, landscape, landscapeSettings } from "../../../local/landscape.ts";
import type { Simulated } from "./simulation.ts";

/** Of what the control endpoint tells, that which a build of ours can change. */
interface CloudState {
  resourceGroups: { id: string; name: string }[];
  resources: { id: string; type: string }[];
  roleAssignments: { id: string; properties: { principalId: string; roleDefinitionId: string } }[];
}

/** Sentences for what must hold of every build, whatever went wrong, and does not hold of this one. */
export function brokenInvariants({ receipt, status, world, buildId }: Simulated): string[] {
  const broken: string[] = [];
  const state = world.cloud.state() as unknown as CloudState;
  const leased = [landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE, landscapeSettings.GOLDSMITH_NETWORK_JOIN_ROLE];
  const known = landscape.resourceGroups.map(({ name }) => name);
  const ofType = (type: string) => state.resources.filter((resource) => resource.type === type).map(({ id }) => id);
  const left = [
    ...state.roleAssignments
      .filter(({ properties }) => properties.principalId === builderIdentity.principalId)
      .filter(({ properties }) => leased.some((role) => properties.roleDefinitionId.endsWith(role)))
      .map(({ id }) => id),
    ...ofType("Microsoft.VirtualMachineImages/imageTemplates"),
    ...state.resourceGroups.filter(({ name }) => !known.includes(name)).map(({ id }) => id),
  ];
  const versions = ofType("Microsoft.Compute/galleries/images/versions");

  if (status !== "Completed" || !receipt) return [`T: the build ended as ${status}, without a kept receipt`];
  const listed = receipt.cleanUp.kind === "clean" ? [] : receipt.cleanUp.leftovers.map(({ id }) => id);
  if (!isDeepStrictEqual(idsOf(left), idsOf(listed))) {
    broken.push(`G, T: left are ${left.join(", ") || "nothing"}; the receipt lists ${listed.join(", ") || "nothing"}`);
  }
  const unrevoked = receipt.grants.filter(({ removedAt }) => !removedAt).map(({ name }) => name);
  if (unrevoked.some((name) => !listed.some((id) => id.endsWith(name)))) {
    broken.push("G: a grant is neither revoked nor listed");
  }

  const runs = world.cloud
    .requests()
    .requests.filter(({ method, path }) => method === "POST" && /\/run(\?|$)/.test(path));
  const templates = runs.map(({ path }) => path);
  if (new Set(templates).size !== templates.length) broken.push("R: a template was asked for more than one run");
  if (versions.length > 1) broken.push(`R: ${versions.length} image versions of one build`);

  if (receipt.outcome.kind === "built") {
    const told = receipt.outcome.imageVersions;
    if (versions.length !== 1) broken.push(`T: built, with ${versions.length} image versions`);
    if (told.length > 0 && !isDeepStrictEqual(idsOf(told), idsOf(versions))) broken.push("T: it names another version");
    if (receipt.log.kind === "none") broken.push("L: built, and no word of its log");
  } else if (versions.length > 0) {
    broken.push(`T: ${receipt.outcome.kind}, with ${versions.length} image versions`);
  }
  if (receipt.log.kind === "archived") {
    for (const { name } of receipt.log.files) {
      const text = world.archive.text("archive", `builds/aks-jumpbox/${buildId}/${name}`);
      if (!text) broken.push(`L: ${name} is not in the archive`);
    }
  }

  const standing = landscape.roleAssignments.length;
  const others = state.roleAssignments.length - left.filter((id) => id.includes("roleAssignments")).length;
  if (others !== standing) broken.push(`O: of ${standing} standing role assignments ${others} are left`);
  return broken;
}

const idsOf = (ids: string[]) => ids.map((id) => id.toLowerCase()).toSorted();
