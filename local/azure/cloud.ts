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
import { IDENTITY_PATH } from "./entra/identityEndpoint.ts";
import { signingKey } from "./entra/signingKey.ts";
import { deployLandscape } from "./initialState.ts";
import { resourceTypes, transitions } from "./providers.ts";
import { serverCertificate } from "./server/certificate.ts";
import { listen, portOf, stop } from "./server/listen.ts";
import { defaultSettings, type Settings } from "./settings.ts";
import { seededRandom } from "./store/random.ts";
import type { State } from "./store/state.ts";
import { stateFile } from "./store/stateFile.ts";
import { advance } from "./store/transitions.ts";

export interface CloudOptions extends Partial<Omit<Settings, "run">> {
  run?: Partial<Settings["run"]>;
  clock: Clock;
  landscape: Landscape;
  /** Of HTTPS: ARM, blobs and control. 0, the default, is any that is free. */
  port?: number;
  /** Of the managed identity endpoint, plain HTTP on 127.0.0.1. */
  identityPort?: number;
  /** Where state, keys and `ca.pem` lie; without it all is in memory. */
  stateFolder?: string;
  /** Of every choice: durations, delays, names. */
  seed?: number;
  /** The secret of the identity endpoint; without it a random one. */
  identityHeader?: string;
}

export interface Cloud {
  /** `https://localhost:8443` */
  url: string;
  /** For `IDENTITY_ENDPOINT`. */
  identityUrl: string;
  /** For `IDENTITY_HEADER`. */
  identityHeader: string;
  /** PEM of the authority that a client must trust. */
  caCertificate: string;
  /** Back to the landscape, without requests and faults. */
  reset(): void;
  /** @throws Error with what is wrong with it. */
  addFault(fault: FaultInput | FaultInput[]): void;
  faults(): Fault[];
  clearFaults(): void;
  state(): ControlState;
  requests(): RequestLog;
  close(): Promise<void>;
}

/** An Azure of one subscription, on this machine. */
export async function createCloud(options: CloudOptions): Promise<Cloud> {
  const { clock, landscape, stateFolder, port = 0, identityPort = 0, seed = 1 } = options;
  if (stateFolder) mkdirSync(stateFolder, { recursive: true });
  const certificate = await serverCertificate(stateFolder);
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
  const controls = {
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
  const server = await listen(port, doors.https, certificate);
  azure.origin = `https://localhost:${portOf(server)}`;
  const identityServer = await listen(identityPort, doors.identity).catch(async (error: unknown) => {
    await stop(server);
    throw error;
  });
  file?.save(azure.state);

  return {
    ...controls,
    url: azure.origin,
    identityUrl: `http://127.0.0.1:${portOf(identityServer)}${IDENTITY_PATH}`,
    identityHeader,
    caCertificate: certificate.ca,
    async close() {
      await Promise.all([stop(server), stop(identityServer)]);
      file?.save(azure.state);
      await file?.flush();
    },
  };
}

/** Those of the options that are settings, over the defaults. */
function settingsOf(options: CloudOptions): Settings {
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
