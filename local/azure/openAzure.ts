import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../clock/clock.ts";
import type { Landscape } from "../landscape.ts";
import { Throttling } from "./arm/throttling.ts";
import type { Azure } from "./azure.ts";
import { type ControlState, controlState } from "./control/controlState.ts";
import { createFaults } from "./control/faults.ts";
import { type Fault, type FaultInput, parseFaults } from "./control/faultSchema.ts";
import { emptyLog, type RequestLog } from "./control/requestLog.ts";
import { createDoors } from "./doors.ts";
import { type SigningKey, signingKey } from "./entra/signingKey.ts";
import { deployLandscape } from "./initialState.ts";
import { resourceTypes, transitions } from "./providers.ts";
import { defaultSettings, type Settings } from "./settings.ts";
import { seededRandom } from "./store/random.ts";
import type { State } from "./store/state.ts";
import { stateFile } from "./store/stateFile.ts";
import { advance } from "./store/transitions.ts";

export interface AzureOptions extends Partial<Omit<Settings, "run">> {
  run?: Partial<Settings["run"]>;
  clock: Clock;
  landscape: Landscape;
  /** Where state, keys and `ca.pem` lie; without it all is in memory. */
  stateFolder?: string;
  /** Of every choice: durations, delays, names. */
  seed?: number;
  /** The secret of the identity endpoint; without it a random one. */
  identityHeader?: string;
}

/** What a test, or a person at the control endpoint, may ask and change. */
export interface CloudControls {
  /** Back to the landscape, without requests and faults. */
  reset(): void;
  /** @throws Error with what is wrong with it. */
  addFault(fault: FaultInput | FaultInput[]): void;
  faults(): Fault[];
  clearFaults(): void;
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
  const key = signingKey(stateFolder);
  const identityHeader = options.identityHeader ?? headerOf(stateFolder);
  const file = stateFolder ? stateFile(stateFolder) : undefined;
  const random = seededRandom(seed);
  const azure: Azure = {
    landscape,
    settings: settingsOf(options),
    random,
    faults: createFaults(random),
    resourceTypes,
    origin: "",
    state: {} as State,
    now: clock.now(),
  };
  const before = file?.read();
  if (before) azure.state = before;
  else deployLandscape(azure);

  const throttling = new Throttling();
  const requestLog: RequestLog = emptyLog();
  const controls: CloudControls = {
    state() {
      advance(azure, clock.now(), transitions);
      return controlState(azure);
    },
    requests: () => structuredClone(requestLog),
    reset() {
      azure.now = clock.now();
      deployLandscape(azure);
      azure.faults.clear();
      throttling.clear();
      Object.assign(requestLog, emptyLog());
      file?.save(azure.state);
    },
    addFault: (input: unknown) => azure.faults.add(parseFaults(input)),
    faults: () => azure.faults.list(),
    clearFaults: () => azure.faults.clear(),
  };
  const doors = createDoors({ azure, clock, key, identityHeader, throttling, requestLog, controls, transitions, file });
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
  const settings = { ...defaultSettings, ...(Object.fromEntries(given) as Partial<Settings>) };
  return { ...settings, run: { ...defaultSettings.run, ...options.run } };
}

/** Kept in the state folder: what was told the secret goes on working after a restart. */
function headerOf(stateFolder: string | undefined): string {
  const file = stateFolder && join(stateFolder, "identity-header");
  if (file && existsSync(file)) return readFileSync(file, "utf8");
  const header = randomBytes(16).toString("hex");
  if (file) writeFileSync(file, header, { mode: 0o600 });
  return header;
}
