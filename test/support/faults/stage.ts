import type { FaultInput } from "../../../local/azure/control/faultSchema.ts";
import type { SettingsChange } from "../../../local/azure/settings.ts";
import type { HostOptions } from "../../../local/functionsHost/hostOptions.ts";
import type { Receipt } from "../../../src/domain/receipt.ts";
import { openSimulation, receiptOf, type Simulation } from "../simulation/simulation.ts";
import { setWorld } from "../simulation/world.ts";
import { type Asked, type Evidence, evidenceOf } from "./evidence.ts";
import { type WatchedWorld, watchedWorld } from "./watchedWorld.ts";

export const MINUTE = 60;
export const HOUR = 3600;
const LONGEST_SECONDS = 10 * 24 * HOUR;
/** The grace period of the sweeper and a few sweeps. */
const SWEPT_SECONDS = HOUR;

/** What a fault may be told before the world is there. */
export interface Setting extends Pick<HostOptions, "wrapFunctions"> {
  /** How far the cloud's clock is ahead of the host's; negative: behind. */
  cloudAheadSeconds?: number;
  /** Settings of the cloud in place of the usual ones. */
  cloud?: SettingsChange;
  /** Every activity is delivered twice. */
  delivers?: "twice";
  /** Settings of the app in place of the usual ones. */
  env?: Readonly<Record<string, string>>;
  /** Put round the watched world. */
  wrapWorld?: (world: WatchedWorld["world"]) => WatchedWorld["world"];
}

/** For days in which nothing hangs on how often is swept: most of what they cost to simulate is sweeps. */
export const HOURLY_SWEEPS: Setting = { env: { GOLDSMITH_SWEEP_SCHEDULE: "0 0 * * * *" } };

/** A world in which a fault strikes: the service's host, the cloud and the archive, and everybody who is not the service. */
export interface Stage extends Pick<WatchedWorld, "seen" | "when"> {
  world: WatchedWorld["world"];
  host: Simulation["host"];
  /** Id of the first build that was begun. */
  first(): string;
  /** Cancels that build. */
  cancel(): Promise<unknown>;
  fault(fault: FaultInput): void;
  /** Seconds of the host's clock. */
  sleep(seconds: number): Promise<void>;
  /** Asks for a build. @returns its id. */
  ask(image?: string): Promise<string>;
  /** Waits until a build has ended, or the sweeper has closed it. */
  ended(buildId: string): Promise<void>;
  /** Has a build waited for before the evidence is taken that has been asked for by another way. */
  expect(buildId: string): void;
  post(path: string, body?: object): Promise<number>;
  receipt(buildId: string): Receipt | undefined;
  /** A request with the rights of the subscription's owner; what it names is not the service's doing. */
  asOperator(method: string, id: string, apiVersion: string, body?: object): Promise<void>;
  /** Kills the host; whatever awaits it is never answered. @param downSeconds until it is started again. */
  kill(downSeconds?: number): Promise<never>;
  /** Storage does not answer for so long: no blob can be read or written. */
  storageDown(seconds: number): void;
  /** The task hub's storage takes nothing for so long; the host lives on. */
  hubDown(seconds: number): void;
  /** Nobody gives tokens for so long. */
  tokensDown(seconds: number): void;
}

/**
 * Opens a world, lets a fault strike, and says what the cloud and the archive then show.
 *
 * @param play asks for builds; where it asks for none, there is one after it. All are waited for.
 */
export async function onStage(setting: Setting, play: (stage: Stage) => unknown): Promise<Evidence> {
  const troubles = {
    told: [],
    faults: [],
    duplicateActivities: setting.delivers === "twice" ? 1 : 0,
    latestDeliveryMilliseconds: 0,
    crash: () => false,
  };
  const { cloudAheadSeconds = 0, cloud, env, wrapFunctions, wrapWorld = (world) => world } = setting;
  const opened = await openSimulation(1, {
    troubles,
    cloudAheadSeconds,
    ...(cloud && { cloud }),
    ...(env && { env }),
    ...(wrapFunctions && { wrapFunctions }),
  });
  try {
    const { host } = opened;
    const watched = watchedWorld(opened.world, () => host.clock.now());
    setWorld(wrapWorld(watched.world));
    const builds: Asked[] = [];
    const removed: string[] = [];
    const outages: Evidence["outages"] = [];
    const before = opened.world.cloud.state();
    const stage = stageOf({ opened, watched, builds, removed, outages });
    await play(stage);
    if (builds.length === 0) await stage.ask();
    for (const { id } of builds) await stage.ended(id);
    await settled(opened);
    if (watched.seen.errors.length > 0) throw watched.seen.errors[0];
    return await evidenceOf({ opened, watched, before, builds, removed, outages, cloudAheadSeconds });
  } finally {
    await opened.close();
  }
}

interface Parts {
  opened: Simulation;
  watched: WatchedWorld;
  builds: Asked[];
  removed: string[];
  outages: Evidence["outages"];
}

function stageOf({ opened, watched, builds, removed, outages }: Parts): Stage {
  const { host, world } = opened;
  const { clock } = host;
  const sleep = (seconds: number) => clock.sleep(seconds * 1000);
  const send = async (path: string, body: object = {}) => {
    const headers = { "content-type": "application/json" };
    return host.send({ method: "POST", path, headers, body: JSON.stringify(body) });
  };
  const stage: Stage = {
    world: watched.world,
    seen: watched.seen,
    when: watched.when,
    host,
    first: () => begunIn(host)[0] ?? "",
    cancel: () => stage.post(`/api/builds/${stage.first()}/cancel`),
    fault: (fault) => world.cloud.addFault(fault),
    sleep,
    async ask(image = "aks-jumpbox") {
      const askedAt = clock.now();
      // The host may be killed before it has answered, and has begun the build all the same.
      await send(`/api/images/${image}/builds`).catch(() => {});
      const id = begunIn(host).find((one) => builds.every((build) => build.id !== one));
      if (!id) throw new Error("The build was not begun.");
      builds.push({ id, askedAt });
      return id;
    },
    ended: (id) => until(host, () => stage.receipt(id) !== undefined),
    expect: (id) => void builds.push({ id, askedAt: clock.now() }),
    post: async (path, body) => (await send(path, body)).status,
    receipt: (id) => receiptOf(world, id.replace(/(-[^-]+){3}$/, ""), id),
    async asOperator(method, id, apiVersion, body) {
      const headers = { authorization: `Bearer ${world.operatorToken}`, "content-type": "application/json" };
      const url = new URL(`${id}?api-version=${apiVersion}`, world.cloud.url);
      const answer = await world.cloud.answer({
        method,
        url,
        headers,
        body: Buffer.from(body ? JSON.stringify(body) : ""),
      });
      if (!answer || answer.status >= 300)
        throw new Error(`${method} ${id}: ${answer?.status} ${String(answer?.body)}`);
      if (method === "DELETE") removed.push(id);
      watched.look(method === "PUT" ? id : undefined);
    },
    kill(downSeconds = 0) {
      outages.push({ from: clock.now(), to: clock.now() + downSeconds * 1000 });
      host.crash(downSeconds);
      return new Promise<never>(() => {});
    },
    storageDown: (seconds) => watched.storageDownUntil(clock.now() + seconds * 1000),
    hubDown(seconds) {
      outages.push({ from: clock.now(), to: clock.now() + seconds * 1000 });
      host.storageDown(seconds);
    },
    tokensDown(seconds) {
      const { tokens } = world;
      const kept = { ...tokens };
      for (const audience of Object.keys(kept)) delete tokens[audience];
      clock.setTimeout(() => Object.assign(tokens, kept), seconds * 1000);
    },
  };
  return stage;
}

/** Looks every few seconds until it is so; gives up after days. */
async function until({ clock }: Simulation["host"], isSo: () => boolean): Promise<void> {
  const start = clock.now();
  while (!isSo() && clock.now() - start < LONGEST_SECONDS * 1000) await clock.sleep(10_000);
}

/** Waits until everything that was begun has ended, children too, and the sweeper has had its say about what is left. */
async function settled({ host }: Simulation): Promise<void> {
  const isOver = () =>
    [...host.hub.instances.values()].every(
      ({ name, runtimeStatus }) => name.startsWith("@") || !["Running", "Pending"].includes(runtimeStatus),
    );
  await until(host, isOver);
  await host.clock.sleep(SWEPT_SECONDS * 1000);
  await until(host, isOver);
}

function begunIn({ hub }: Simulation["host"]): string[] {
  return [...hub.instances.values()].filter(({ name }) => name === "buildImage").map(({ instanceId }) => instanceId);
}
