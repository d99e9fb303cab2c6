import { builderIdentity } from "../../../local/landscape.ts";
import { isLostReceipt } from "../../../src/domain/lostReceipt.ts";
import type { Receipt } from "../../../src/domain/receipt.ts";
import { isTooLong } from "../faults/promises/histories.ts";
import type { Fleet, FleetBuild } from "./fleet.ts";
import { fleetLandscape, fleetRecipes } from "./fleetLandscape.ts";
import { untrueByLog } from "./loggedGrants.ts";

/** Of what the control endpoint tells, that which a build of ours can change. */
interface CloudState {
  resourceGroups: { name: string }[];
  resources: { id: string; type: string; tags?: Record<string, string> }[];
  roleAssignments: { id: string; properties: { principalId: string } }[];
}

/** Sentences for what must hold of every fleet, whatever went wrong, and does not hold of this one. */
export function brokenFleetInvariants(fleet: Fleet): string[] {
  const state = fleet.world.cloud.state() as unknown as CloudState;
  return [
    ...left(state),
    ...fleet.builds.flatMap((build) => [...untruths(build, state, fleet), ...secondRuns(build, fleet)]),
    ...pulledAway(fleet),
    ...untrueGrantsOf(fleet),
    ...(isTooLong(fleet.longest)
      ? [`a history of ${fleet.longest.events} events and ${fleet.longest.bytes} bytes`]
      : []),
  ];
}

/** G, O: no grant, template or group is left, and nothing else is gone. */
function left({ resourceGroups, resources, roleAssignments }: CloudState): string[] {
  const known = fleetLandscape.resourceGroups.map(({ name }) => name);
  const grants = roleAssignments.filter(({ properties }) => properties.principalId === builderIdentity.principalId);
  const templates = resources.filter(({ type }) => type === "Microsoft.VirtualMachineImages/imageTemplates");
  const others = roleAssignments.length - grants.length;
  return [
    ...grants.map(({ id }) => `G: the grant ${id} is left`),
    ...templates.map(({ id }) => `O: the template ${id} is left`),
    ...resourceGroups.filter(({ name }) => !known.includes(name)).map(({ name }) => `O: the group ${name} is left`),
    ...(others === fleetLandscape.roleAssignments.length ? [] : [`O: ${others} standing role assignments are left`]),
  ];
}

/** T, L: the receipt tells of the image versions that there are, and of the log. */
function untruths({ id, image, receipt }: FleetBuild, { resources }: CloudState, { world }: Fleet): string[] {
  if (!receipt) return [`T: ${id} has no receipt`];
  const made = resources
    .filter(({ type, tags }) => type.endsWith("/images/versions") && tags?.["goldsmith-build"] === id)
    .map((version) => version.id.toLowerCase());
  const { outcome, cleanUp, log } = receipt;
  const told = "imageVersions" in outcome ? (outcome.imageVersions ?? []) : [];
  const broken: string[] = [];
  if (outcome.kind === "built" && made.length !== 1)
    broken.push(`T: ${id} is built, with ${made.length} image versions`);
  // A build whose gallery would not tell names none; it must not name another.
  if (told.some((version) => !made.includes(version.toLowerCase()))) broken.push(`T: ${id} tells of another version`);
  if (outcome.kind !== "built" && made.length > told.length) broken.push(`T: ${id} hides an image version`);
  if (outcome.kind === "built" && log.kind === "none") broken.push(`L: ${id} is built, with no word of its log`);
  if (cleanUp.kind !== "clean") broken.push(`T: ${id} lists leftovers, and nothing is left`);
  if (log.kind === "archived") {
    for (const { name } of log.files) {
      if (!world.archive.text("archive", `builds/${image}/${id}/${name}`)) broken.push(`L: ${id} has not kept ${name}`);
    }
  }
  return broken;
}

/** T: what the receipts say of grants is what the cloud had. */
function untrueGrantsOf({ builds, world, lettingGoMinutes }: Fleet): string[] {
  const told = builds.flatMap(({ receipt, image }) => {
    const recipe = fleetRecipes.get(image);
    return receipt && recipe ? [{ receipt, recipe }] : [];
  });
  return untrueByLog(told, world.cloud.requests().requests, lettingGoMinutes);
}

/** R: image builder is asked for one run of a template, and of a build. */
function secondRuns({ id }: FleetBuild, { world }: Fleet): string[] {
  const asked = world.cloud
    .requests()
    .requests.filter(({ method, path }) => method === "POST" && path.includes(`/${id}-a`) && /\/run(\?|$)/.test(path));
  const templates = asked.map(({ path }) => path.split("?")[0]);
  const taken = asked.filter(({ notExecuted }) => !notExecuted);
  return [
    ...(new Set(templates).size < templates.length ? [`R: ${id} asked twice for a run of one template`] : []),
    ...(taken.length > 1 ? [`R: ${id} had ${taken.length} runs`] : []),
  ];
}

/** G: nobody takes an assignment away that another build holds, by the times of its receipt. */
function pulledAway({ builds, world, lettingGoMinutes }: Fleet): string[] {
  const deletions = world.cloud
    .requests()
    .requests.filter(
      ({ method, path, status }) => method === "DELETE" && path.includes("roleAssignments") && status === 200,
    );
  return builds.flatMap(({ id, receipt, ended }) =>
    (receipt?.grants ?? []).flatMap(({ name, grantedAt, releasedAt }) =>
      deletions
        .filter(
          ({ path, time }) => path.includes(name) && grantedAt && releasedAt && time > grantedAt && time < releasedAt,
        )
        .filter(({ time }) => !receipt || !isOwn(receipt, time, lettingGoMinutes))
        // Of a dead build the sweeper takes it away, in as many sweeps as it takes to read that back.
        .filter(({ time }) => !(receipt && isLostReceipt(receipt) && time > (ended?.at ?? time)))
        .map(
          ({ time }) =>
            `G: the grant ${name} of ${id} was taken away at ${time}, held from ${grantedAt} to ${releasedAt}`,
        ),
    ),
  );
}

/**
 * A build lets go only when its outcome is known, and notes it once the removal has been read back, if need be again. For
 * a dead build the sweeper does.
 */
function isOwn({ outcome, timeline, grants }: Receipt, time: string, minutes: number): boolean {
  const isNear = (at: string | undefined) => Math.abs(Date.parse(at ?? "") - Date.parse(time)) < minutes * 60_000;
  if (outcome.kind === "failed" && outcome.failure.code === "build-lost") {
    return grants.some(({ releasedAt }) => isNear(releasedAt));
  }
  const ended = timeline.find(({ event }) => ["built", "failed", "cancelled"].includes(event))?.at;
  const letsGo = timeline.some(
    ({ at, event }) => ["revoked", "released", "gone already", "taken"].includes(event) && isNear(at),
  );
  return ended !== undefined && time >= ended && letsGo;
}
