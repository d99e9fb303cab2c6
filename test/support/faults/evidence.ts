import type { ControlState } from "../../../local/azure/control/controlState.ts";
import type { LoggedRequest } from "../../../local/azure/control/requestLog.ts";
import type { Instance } from "../../../local/functionsHost/durable/taskHub.ts";
import { operatorIdentity } from "../../../local/landscape.ts";
import type { Receipt } from "../../../src/domain/receipt.ts";
import { receiptOf, type Simulation } from "../simulation/simulation.ts";
import type { BlobStore } from "../simulation/blobStore.ts";
import type { Seen, WatchedWorld } from "./watchedWorld.ts";

/** A build as others see it: by its receipt in the archive, and by what its requester is told. */
export interface Build {
  id: string;
  image: string;
  receipt: Receipt | undefined;
  /** The cloud's state when the receipt was written. */
  state: ControlState | undefined;
  /** `state` as the API answers it. */
  told: string | undefined;
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
  /** When no host was up. Milliseconds of the host's clock, as all times here. */
  outages: { from: number; to: number }[];
  archive: BlobStore;
  alarms: string[];
  instances: Instance[];
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
  builds: string[];
  removed: string[];
  outages: Evidence["outages"];
}): Promise<Evidence> {
  const { archive, cloud } = world;
  const builds: Build[] = [];
  for (const id of rest.builds) {
    const image = id.replace(/(-[^-]+){3}$/, "");
    const answer = await host.send({ method: "GET", path: `/api/builds/${id}`, headers: {}, body: "" });
    const { state: told } = JSON.parse(answer.body.toString()) as { state?: string };
    const written = seen.written.findLast(({ name }) => name === `builds/${image}/${id}/receipt.json`);
    builds.push({ id, image, receipt: receiptOf(world, image, id), state: written?.state, told });
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
    now: host.clock.now(),
  };
}
