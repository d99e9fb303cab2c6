import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../clock/clock.ts";
import type { Landscape } from "../landscape.ts";
import { Throttling } from "./arm/throttling.ts";
import type { Azure } from "./azure.ts";
import { type ControlState, controlState } from "./control/controlState.ts";
import { platformImage, publishPlatformImage, withdrawPlatformImage } from "./compute/platformImages.ts";
import { cloudChanges, createFaults } from "./control/faults.ts";
import { type Fault, type FaultInput, parseFaults } from "./control/faultSchema.ts";
import { emptyLog, type RequestLog } from "./control/requestLog.ts";
import { createDoors } from "./doors.ts";
import { type SigningKey, signingKey } from "./entra/signingKey.ts";
import { announceEnded } from "./events/armEvent.ts";
import { type CallWebhook, createEventGrid, type EventSubscription } from "./events/eventGrid.ts";
import { wakeForEvents } from "./events/wake.ts";
import { deployLandscape } from "./initialState.ts";
import { resourceTypes, transitions } from "./providers.ts";
import { changedSettings, defaultSettings, type Settings, type SettingsChange } from "./settings.ts";
import { seededRandom } from "./store/random.ts";
import type { State } from "./store/state.ts";
import { stateFile } from "./store/stateFile.ts";
import { advance } from "./store/transitions.ts";

export interface AzureOptions extends SettingsChange {
  clock: Clock;
  landscape: Landscape;
  /** Where state, keys and `ca.pem` lie; without it all is in memory. */
  stateFolder?: string;
  /** Of every choice: durations, delays, names. */
  seed?: number;
  /** What goes wrong from the start, and again after each reset. */
  scenarios?: (string | FaultInput)[];
  /** The secret of the identity endpoint; without it a random one. */
  identityHeader?: string;
  /** Signs access tokens; without it the state folder's, or a fresh one. */
  key?: SigningKey;
  onAccess?: Azure["onAccess"];
  /** How webhooks are reached that events go to; over HTTP unless told. */
  callWebhook?: CallWebhook;
}

/** What a test, or a person at the control endpoint, may ask and change. */
export interface CloudControls {
  /** Back to the landscape, without requests, and without faults but those of the options. */
  reset(): void;
  /** Keeps what there is now. @returns goes back to it as `reset` does to the landscape, as often as it is called. */
  snapshot(): () => void;
  /** @throws Error with what is wrong with it. */
  addFault(fault: FaultInput | FaultInput[]): void;
  faults(): Fault[];
  clearFaults(): void;
  /** Brings ARM's events to a webhook of this machine. @throws Error where it does not shake hands. */
  subscribeToEvents(input: unknown): Promise<EventSubscription>;
  eventSubscriptions(): EventSubscription[];
  /** Puts a version on the marketplace. @throws Error where it is not one. */
  publishPlatformImage(image: unknown): object;
  /** Takes a version off the marketplace that was put there. @throws Error where it was not. */
  withdrawPlatformImage(image: unknown): object;
  state(): ControlState;
  requests(): RequestLog;
}

export interface OpenAzure {
  azure: Azure;
  key: SigningKey;
  identityHeader: string;
  controls: CloudControls;
  doors: ReturnType<typeof createDoors>;
  /** Begins to keep the state in its folder, where it has one. */
  save: () => void;
  /** Resolves when it is kept. */
  flush: () => Promise<void>;
}

/** An Azure of one subscription, without a way in yet: no sockets, so that a simulation can hand requests to its doors. */
export function openAzure(options: AzureOptions): OpenAzure {
  const { clock, landscape, stateFolder, seed = 1 } = options;
  if (stateFolder) mkdirSync(stateFolder, { recursive: true });
  const key = options.key ?? signingKey(stateFolder);
  const identityHeader = options.identityHeader ?? headerOf(stateFolder);
  const file = stateFolder ? stateFile(stateFolder) : undefined;
  const random = seededRandom(seed);
  const settings = settingsOf(options);
  const faults = createFaults(random);
  const standing = parseFaults(
    (options.scenarios ?? []).map((one) => (typeof one === "string" ? { scenario: one } : one)),
  );
  const events = createEventGrid(clock, random, `/subscriptions/${landscape.subscriptionId}`, options.callWebhook);
  const azure: Azure = {
    landscape,
    get settings() {
      return faults.settings(settings);
    },
    random,
    faults,
    events,
    get resourceTypes() {
      return faults.types(resourceTypes, landscape);
    },
    ...(options.onAccess && { onAccess: options.onAccess }),
    origin: "",
    state: {} as State,
    now: clock.now(),
  };
  const letGoWrong = (added: Fault[]) => {
    faults.add(added);
    for (const change of cloudChanges(added)) change(azure);
  };
  const before = file?.read();
  if (before) {
    azure.state = before;
    faults.add(standing);
  } else {
    deployLandscape(azure);
    letGoWrong(standing);
  }

  const throttling = new Throttling();
  const requestLog: RequestLog = emptyLog();
  /** What was due before something is changed by hand happens without that change. */
  const catchUp = () => {
    advance(azure, clock.now(), transitions);
    announceEnded(azure);
    wakeForEvents(azure, clock, catchUp);
  };
  const startOver = (fill: () => void) => {
    azure.now = clock.now();
    fill();
    faults.clear();
    letGoWrong(standing);
    events.clear();
    throttling.clear();
    Object.assign(requestLog, emptyLog());
    file?.save(azure.state);
  };
  const onMarketplace = (change: typeof publishPlatformImage) => (told: unknown) => {
    const image = platformImage.parse(told);
    catchUp();
    change(azure, image);
    file?.save(azure.state);
    return image;
  };
  const controls: CloudControls = {
    state() {
      catchUp();
      return controlState(azure);
    },
    requests: () => structuredClone(requestLog),
    reset: () => startOver(() => deployLandscape(azure)),
    snapshot() {
      catchUp();
      const kept = structuredClone(azure.state);
      return () => startOver(() => (azure.state = structuredClone(kept)));
    },
    addFault(input: unknown) {
      const added = parseFaults(input);
      catchUp();
      letGoWrong(added);
      file?.save(azure.state);
    },
    faults: () => faults.list(),
    clearFaults() {
      catchUp();
      faults.clear();
    },
    subscribeToEvents: (input) => events.subscribe(input),
    eventSubscriptions: () => events.list(),
    publishPlatformImage: onMarketplace(publishPlatformImage),
    withdrawPlatformImage: onMarketplace(withdrawPlatformImage),
  };
  const doors = createDoors({ azure, clock, key, identityHeader, throttling, requestLog, controls, catchUp, file });
  return {
    azure,
    key,
    identityHeader,
    controls,
    doors,
    save: () => file?.save(azure.state),
    flush: async () => file?.flush(),
  };
}

/** Those of the options that are settings, over the defaults. */
function settingsOf(options: AzureOptions): Settings {
  const names = Object.keys(defaultSettings) as (keyof Settings)[];
  const given = names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return changedSettings(defaultSettings, Object.fromEntries(given) as SettingsChange);
}

/** Kept in the state folder: what was told the secret goes on working after a restart. */
function headerOf(stateFolder: string | undefined): string {
  const file = stateFolder && join(stateFolder, "identity-header");
  if (file && existsSync(file)) return readFileSync(file, "utf8");
  const header = randomBytes(16).toString("hex");
  if (file) writeFileSync(file, header, { mode: 0o600 });
  return header;
}
