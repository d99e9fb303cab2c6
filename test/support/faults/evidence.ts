import type { ControlState } from "../../../local/azure/control/controlState.ts";
import type { LoggedRequest } from "../../../local/azure/control/requestLog.ts";
import type { HistorySize } from "../../../local/functionsHost/testing/historySizes.ts";
import type { Instance } from "../../../local/functionsHost/durable/taskHub.ts";
import { operatorIdentity } from "../../../local/landscape.ts";
import { imageOfBuild } from "../../../src/domain/buildId.ts";
import type { Receipt } from "../../../src/domain/receipt.ts";
import { receiptOf, type Simulation } from "../simulation/simulation.ts";
import type { BlobStore } from "../simulation/blobStore.ts";
import type { Seen, WatchedWorld } from "./watchedWorld.ts";

/** A build as others see it: by its receipt in the archive, and by what its requester is told. */
export interface Build extends Asked {
  image: string;
  receipt: Receipt | undefined;
  /** The cloud's state when the receipt was written. */
  state: ControlState | undefined;
  /** When the receipt was written. */
  receiptAt: number | undefined;
  /** `state` as the API answers it. */
  told: string | undefined;
}

/** A build that was begun, and when: milliseconds of the host's clock. */
export interface Asked {
  id: string;
  askedAt: number;
}

/** What the cloud and the archive show of how the service bore a fault. */
export interface Evidence extends Seen {
  builds: Build[];
  /** The requests of everybody but the operator, as the cloud has logged them: what a fault answered has no caller. */
  requests: LoggedRequest[];
  before: ControlState;
  after: ControlState;
  /** Ids of what an operator has deleted. */
  removed: string[];
  /** When no host was up, or none could record what it did. Milliseconds of the host's clock, as all times here. */
  outages: { from: number; to: number }[];
  /** How far the cloud's clock is ahead of the host's; negative: behind. */
  cloudAheadSeconds: number;
  archive: BlobStore;
  alarms: string[];
  instances: Instance[];
  /** By instance id, the most that its history has ever had. */
  histories: ReadonlyMap<string, HistorySize>;
  /** When the evidence was taken. */
  now: number;
}

export async function evidenceOf({
  opened: { world, host },
  watched: { seen },
  ...rest
}: {
  opened: Simulation;
  watched: WatchedWorld;
  before: ControlState;
  builds: Asked[];
  removed: string[];
  outages: Evidence["outages"];
  cloudAheadSeconds: number;
}): Promise<Evidence> {
  const { archive, cloud } = world;
  const builds: Build[] = [];
  for (const { id, askedAt } of rest.builds) {
    const image = imageOfBuild(id) ?? "";
    const answer = await host.send({ method: "GET", path: `/api/builds/${id}`, headers: {}, body: "" });
    const { state: told } = JSON.parse(answer.body.toString()) as { state?: string };
    const written = seen.written.findLast(({ name }) => name === `builds/${image}/${id}/receipt.json`);
    const receipt = receiptOf(world, image, id);
    builds.push({ id, image, receipt, state: written?.state, askedAt, receiptAt: written?.at, told });
  }
  return {
    ...seen,
    ...rest,
    builds,
    requests: cloud.requests().requests.filter(({ principal }) => principal !== operatorIdentity.principalId),
    after: cloud.state(),
    archive,
    alarms: archive.names("archive").filter((name) => name.startsWith("alarms/")),
    instances: [...host.hub.instances.values()],
    histories: host.histories,
    now: host.clock.now(),
  };
}
