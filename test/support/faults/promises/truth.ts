import type { ControlState } from "../../../../local/azure/control/controlState.ts";
import { serviceIdentity } from "../../../../local/landscape.ts";
import { NOT_READ_BACK } from "../../../../src/domain/leftover.ts";
import { sameId } from "../../../../src/domain/resourceId.ts";
import type { Build, Evidence } from "../evidence.ts";

/** T: every build ends, with a receipt that says what is so, and whoever asks is told the same. */
export function brokenTruth({ builds, held }: Evidence): string[] {
  // What was taken away and is there again is somebody else's by now.
  const again = held.map(({ id }) => id).filter((id, index, ids) => ids.indexOf(id) < index);
  return builds.flatMap((build) => brokenWords(build, again).map((words) => `T: ${build.id} ${words}`));
}

function brokenWords({ id, receipt, state, told }: Build, again: string[]): string[] {
  if (!receipt || !state) return ["has no receipt"];
  const broken: string[] = [];
  const { outcome, cleanUp } = receipt;
  if (told !== outcome.kind) broken.push(`ended as ${outcome.kind}, and its requester is told ${told}`);

  const left = leftOf(id, receipt.grants, state).filter((one) => !again.some((held) => sameId(held, one)));
  const listed = cleanUp.kind === "clean" ? [] : cleanUp.leftovers;
  const unlisted = left.filter((one) => !listed.some((leftover) => leftover.id.toLowerCase() === one));
  if (unlisted.length > 0) broken.push(`left ${unlisted.join(", ")}, and does not say so`);
  const untrue = listed.filter(({ id: one, why }) => !left.includes(one.toLowerCase()) && !why.includes(NOT_READ_BACK));
  if (untrue.length > 0) broken.push(`says that it left ${untrue.map((one) => one.id).join(", ")}, and did not`);
  if (listed.some(({ command }) => !command.startsWith("az "))) broken.push("has a leftover without a command");

  const versions = versionsOf(id, state);
  const named = outcome.kind === "refused" ? [] : (outcome.imageVersions ?? []).map((one) => one.toLowerCase());
  if (outcome.kind === "built" && versions.length !== 1)
    broken.push(`is built, with ${versions.length} image versions`);
  if (named.some((one) => !versions.includes(one))) broken.push("names an image version that is not its own");
  if (outcome.kind !== "built" && versions.some((one) => !named.includes(one))) broken.push("hides an image version");
  return broken;
}

interface Looked {
  resourceGroups: { id: string }[];
  resources: { id: string; type: string; tags?: Record<string, string> }[];
  roleAssignments: { id: string; name: string; properties: { createdBy: string } }[];
}

/** Ids of what is left of a build: of its grants those that nobody else holds. */
function leftOf(buildId: string, grants: { name: string; heldByOthers?: number }[], state: ControlState): string[] {
  const { resourceGroups, resources, roleAssignments } = state as unknown as Looked;
  const kept = grants.filter(({ heldByOthers }) => heldByOthers).map(({ name }) => name);
  return [
    ...roleAssignments
      .filter(({ properties }) => properties.createdBy === serviceIdentity.principalId)
      .filter(({ name }) => grants.some((grant) => grant.name === name) && !kept.includes(name)),
    ...resources.filter(({ id }) => new RegExp(`/imageTemplates/${buildId}-a\\d+$`, "i").test(id)),
    ...resourceGroups.filter(({ id }) => new RegExp(`/${buildId}-a\\d+-staging$`, "i").test(id)),
  ].map(({ id }) => id.toLowerCase());
}

function versionsOf(buildId: string, state: ControlState): string[] {
  const { resources } = state as unknown as Looked;
  return resources
    .filter(({ type, tags }) => type.endsWith("/images/versions") && tags?.["goldsmith-build"] === buildId)
    .map(({ id }) => id.toLowerCase());
}
