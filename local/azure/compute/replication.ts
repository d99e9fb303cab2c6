import { isDeleting } from "../arm/longRunning.ts";
import { regionName } from "../arm/regions.ts";
import type { Azure } from "../azure.ts";
import { type Announcement, armEvent } from "../events/armEvent.ts";
import { findResource } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { schedule, type TransitionTable } from "../store/transitions.ts";

/** When each region has its replicas of an image version; one that is not here has them. */
interface VersionHidden {
  /** Who is told of as its writer once it is replicated: image builder, as a template's identity. */
  announcement?: Announcement;
  replicas?: { region: string; from: number; until: number }[];
}

interface PublishingProfile {
  targetRegions: { name: string }[];
}

const replicasOf = ({ hidden }: StoredResource) => (hidden as VersionHidden)?.replicas ?? [];
const regionsOf = ({ body }: StoredResource) =>
  ((body.properties as Json).publishingProfile as PublishingProfile).targetRegions.map(({ name }) => name);

/**
 * Begins to replicate a version that is there as soon as it is written, and Succeeded once every region has it. To a
 * region in which it is already, or on its way, nothing is copied again.
 *
 * @param milliseconds that the first region takes; each other takes longer.
 * @returns milliseconds that all take.
 */
export function replicate(azure: Azure, version: StoredResource, milliseconds: number): number {
  const { replicationSeconds } = azure.settings.run;
  const before = replicasOf(version);
  const replicas = regionsOf(version).map((region, at) => {
    const there = before.find((one) => one.region === regionName(region));
    if (there) return there;
    const more = at === 0 ? 0 : azure.random.milliseconds(replicationSeconds, "replication", version.id, region);
    return { region: regionName(region), from: azure.now, until: azure.now + milliseconds + more };
  });
  version.hidden = { ...version.hidden, replicas };
  (version.body.properties as Json).provisioningState = "Creating";
  const whole = Math.max(azure.now + milliseconds, ...replicas.map(({ until }) => until)) - azure.now;
  schedule(azure, whole, { kind: "version-replicated", id: version.id, operation: "" });
  return whole;
}

export function isReplicatedTo(azure: Azure, version: StoredResource, region: string): boolean {
  const replica = replicasOf(version).find((one) => one.region === regionName(region));
  return !replica || replica.until <= azure.now;
}

/** What a GET that expands it tells of a version's replicas. */
export function replicationStatus(azure: Azure, version: StoredResource): Json {
  const { provisioningState } = version.body.properties as Json;
  const summary = regionsOf(version).map((region) => {
    const replica = replicasOf(version).find((one) => one.region === regionName(region));
    const share = replica ? (azure.now - replica.from) / (replica.until - replica.from) : 1;
    const progress = Math.max(0, Math.min(100, Math.floor(share * 100)));
    return { region, state: progress < 100 ? "Replicating" : "Completed", details: "", progress };
  });
  const failed = provisioningState === "Failed";
  const done = summary.every(({ state }) => state === "Completed");
  return { aggregatedState: failed ? "Failed" : done ? "Completed" : "InProgress", summary };
}

export const replicationTransitions: TransitionTable = {
  "version-replicated"(azure, { id }) {
    const version = findResource(azure, id);
    if (!version || isDeleting(version)) return;
    if (!regionsOf(version).every((region) => isReplicatedTo(azure, version, region))) return;
    (version.body.properties as Json).provisioningState = "Succeeded";
    const { announcement, ...hidden } = (version.hidden ?? {}) as VersionHidden;
    version.hidden = hidden;
    if (announcement) azure.events.publish(armEvent(azure, announcement, "Succeeded"));
  },
};
