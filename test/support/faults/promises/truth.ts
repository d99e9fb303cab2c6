import type { ControlState } from "../../../../local/azure/control/controlState.ts";
import { landscapeSettings, serviceIdentity } from "../../../../local/landscape.ts";
import { NOT_READ_BACK } from "../../../../src/domain/leftover.ts";
import type { Receipt } from "../../../../src/domain/receipt.ts";
import type { Build, Evidence } from "../evidence.ts";
import { ownOf } from "../ours.ts";
import { INSTALLATION } from "../../simulation/simulation.ts";

/** T: every build ends, with a receipt that says what is so, and whoever asks is told the same. */
export function brokenTruth(evidence: Evidence): string[] {
  const { builds, instances } = evidence;
  return [
    ...builds.flatMap((build) => brokenWords(build, evidence).map((words) => `T: ${build.id} ${words}`)),
    ...instances
      .filter(({ name, runtimeStatus }) => !name.startsWith("@") && ["Running", "Pending"].includes(runtimeStatus))
      .map(({ instanceId }) => `T: the instance ${instanceId} has no end`),
    ...instances
      // What a sweep cannot do is the next one's turn.
      .filter(({ name, runtimeStatus }) => name !== "sweep" && runtimeStatus === "Failed")
      .map(({ instanceId, output }) => `T: the instance ${instanceId} failed with ${output}`),
  ];
}

function brokenWords(build: Build, evidence: Evidence): string[] {
  const { id, receipt, state, told } = build;
  if (!receipt || !state) return ["has no receipt"];
  const broken: string[] = [];
  const { outcome, cleanUp } = receipt;
  if (told !== outcome.kind) broken.push(`ended as ${outcome.kind}, and its requester is told ${told}`);

  const listed = cleanUp.kind === "clean" ? [] : cleanUp.leftovers;
  const shared = grantsOfOthers(build, evidence);
  const left = leftOf(id, state).filter((one) => !shared.includes(one));
  // What the sweeper removes later is listed all the same; nothing may come back.
  const leftInTheEnd = leftOf(id, evidence.after).filter((one) => !shared.includes(one));
  const isListed = (one: string) => listed.some((leftover) => leftover.id.toLowerCase() === one);
  const unlisted = [...new Set([...left, ...leftInTheEnd])].filter((one) => !isListed(one));
  if (unlisted.length > 0) broken.push(`left ${unlisted.join(", ")}, and does not say so`);
  broken.push(...listed.flatMap((leftover) => brokenLeftover(id, leftover, left, shared)));
  broken.push(...brokenSharing(receipt, shared));

  const versions = versionsOf(id, evidence.after);
  const named = (outcome.imageVersions ?? []).map((one) => one.toLowerCase());
  if (outcome.kind === "built" && versions.length !== 1)
    broken.push(`is built, with ${versions.length} image versions`);
  if (named.some((one) => !versions.includes(one))) broken.push("names an image version that is not its own");
  if (outcome.kind !== "built" && versions.some((one) => !named.includes(one))) broken.push("hides an image version");
  return broken;
}

function brokenLeftover(
  buildId: string,
  { id, why, command }: { id: string; why: string; command?: string },
  left: string[],
  shared: string[],
): string[] {
  const { templates, stagingGroups, images, grants } = ownOf(buildId);
  const own = [...templates, ...stagingGroups, ...images, ...grants.map((grant) => grant.id)];
  const name = id.split("/").at(-1) ?? "";
  return [
    ...(left.includes(id.toLowerCase()) || why.includes(NOT_READ_BACK) ? [] : [`says that it left ${id}, and did not`]),
    ...(own.includes(id.toLowerCase()) ? [] : [`lists ${id}, which is not its own`]),
    ...(command && shared.includes(id.toLowerCase()) ? [`would pull ${id} from under another build`] : []),
    // What nobody could look at any more may have become somebody else's, or be held by others.
    ...(command === undefined && own.includes(id.toLowerCase()) && why.includes(NOT_READ_BACK)
      ? []
      : /^az (group|resource|role assignment) delete /.test(command ?? "") && command?.includes(name)
        ? []
        : [`has no command that removes ${id}`]),
  ];
}

/** A grant is said to be others' when the build let go of it only where there are such others. */
function brokenSharing({ buildId, grants }: Receipt, shared: string[]): string[] {
  return grants
    .filter(({ heldByOthers }) => heldByOthers)
    .filter(({ role }) => !ownOf(buildId).grants.some((own) => own.role === role && shared.includes(own.id)))
    .map(({ role }) => `says that others hold its ${role}, and nobody does`);
}

/** Ids of the build's grants that another build may have held when its receipt was written: one that ended later. */
function grantsOfOthers({ id, receiptAt = 0 }: Build, { builds }: Evidence): string[] {
  const mine = ownOf(id).grants.map((grant) => grant.id);
  return builds
    .filter((other) => other.id !== id && other.askedAt < receiptAt && (other.receiptAt ?? Infinity) >= receiptAt)
    .flatMap((other) => ownOf(other.id).grants.map((grant) => grant.id))
    .filter((grant) => mine.includes(grant));
}

interface Looked {
  resourceGroups: { id: string; tags?: Record<string, string> }[];
  resources: { id: string; type: string; tags?: Record<string, string>; systemData?: { createdBy?: string } }[];
  roleAssignments: { id: string }[];
}

/** Ids of what is left of a build, whoever else may hold it. */
function leftOf(buildId: string, state: ControlState): string[] {
  const { resourceGroups, resources, roleAssignments } = state as unknown as Looked;
  const { templates, stagingGroups, images, grants } = ownOf(buildId);
  const { clientId } = serviceIdentity;
  const made = resourceGroups.filter(({ id, tags }) => isMadeFor(id, tags));
  const byUs = resources.filter(({ id, tags, systemData }) =>
    // Azure tells nobody who made a managed image.
    images.includes(id.toLowerCase())
      ? tags?.["goldsmith-build"] === buildId
      : (systemData?.createdBy ?? clientId) === clientId,
  );
  const there = [...made, ...byUs, ...roleAssignments].map(({ id }) => id.toLowerCase());
  return [...templates, ...stagingGroups, ...images, ...grants.map(({ id }) => id)].filter((id) => there.includes(id));
}

/** A group of a staging group's name is somebody else's where image builder has not made it for its template. */
function isMadeFor(id: string, tags: Record<string, string> = {}): boolean {
  const { GOLDSMITH_TEMPLATE_RESOURCE_GROUP: templateGroup } = landscapeSettings;
  const marks = {
    imageTemplateName: id
      .split("/")
      .at(-1)
      ?.replace(/-staging$/, ""),
  };
  const ours = { ...marks, imageTemplateResourceGroupName: templateGroup, "goldsmith-installation": INSTALLATION };
  const isMarked = Object.entries(ours).every(([name, value]) => tags[name] === value);
  return isMarked && "createdBy" in tags && !("usedBy" in tags);
}

/** Image versions of a build, in lower case, as their tags tell. */
export function versionsOf(buildId: string, state: ControlState): string[] {
  const { resources } = state as unknown as Looked;
  return resources
    .filter(({ type, tags }) => type.endsWith("/images/versions") && tags?.["goldsmith-build"] === buildId)
    .map(({ id }) => id.toLowerCase());
}
