import type { Clock } from "../clock/clock.ts";
import type { DurableFunctions } from "./durable/dispatcher.ts";
import type { HubChange, TaskHub } from "./durable/taskHub.ts";
import type { Journal } from "./journal/journal.ts";
import type { Gate } from "./http/gate.ts";
import type { PlainAnswer, PlainRequest } from "./http/plainRequest.ts";

export interface HostOptions {
  /** All time is taken from it; `installClock` gives it to the app as well. */
  clock: Clock;
  /** The folder with host.json and a package.json whose "main" names the bundle, or a pattern of files. */
  app: string;
  /** On the loopback; 0 or absent for any. */
  port?: number;
  /** Where the journal lies; absent: memory only. */
  stateFolder?: string;
  /** Put into the environment before the app is loaded; taken out again at close. */
  env?: Record<string, string>;
  /** Whether keys are asked for as in Azure; by default not, as under Core Tools. */
  requireKeys?: boolean;
  /** Told what the app and the host have to say. */
  log?: (line: string) => void;
  /** How long an activity that was being run when the host died is left alone: 300 s, as in Azure Storage. */
  activityRedeliverySeconds?: number;
  /** Real seconds that a function has, however fast the clock runs, before host.json's functionTimeout ends it: 10. */
  leastFunctionSeconds?: number;
  /** The journal is compacted when it grows beyond this. */
  compactAboveBytes?: number;
  /** 32 hex digits: every id and key of the host comes from it. By default chance. */
  newId?: () => string;
  /** How callers reach the host and its Durable endpoint, by default over sockets of the loopback. */
  openGate?: (port: number, whose: "host" | "durable") => Promise<Gate>;
  /**
   * How long messages, an activity or its result are on their way: milliseconds of the clock, asked each time. Without
   * it they are there at once, in the order in which they were sent, which no queue promises.
   */
  deliveryMilliseconds?: () => number;
  /** Put round the app's Durable functions. */
  wrapFunctions?: (functions: DurableFunctions) => DurableFunctions;
  /** Put round the journal. */
  wrapJournal?: <Record>(journal: Journal<Record>) => Journal<Record>;
  /** Told of every change of the hub after it was made. */
  onChange?: (change: HubChange) => void;
}

export interface Host {
  /** Without a slash at the end. */
  url: string;
  masterKey: string;
  /** Opens functions of the level "function". */
  hostKey: string;
  /** Opens the webhook of Event Grid. */
  eventGridKey: string;
  /** Every function that the app registered. */
  functionNames: string[];
  /** The orchestrations as they stand; not to be altered. */
  hub: Readonly<TaskHub>;
  /** Answers a request without a socket. Rejects when the host crashes meanwhile. */
  send: (request: PlainRequest) => Promise<PlainAnswer>;
  /**
   * As if the process were killed and started again at once, but for the app's modules, which stay: what is under way
   * is lost, what was recorded is taken up. Functions that run run on, since nothing can stop them, and come to nothing.
   *
   * @param downSeconds how long it takes, by the clock, until it is started again; nothing answers meanwhile.
   */
  crash: (downSeconds?: number) => void;
  /** As if nothing had ever been asked of it: instances, entities and what timers remember are gone. Keys stay. */
  reset: () => Promise<void>;
  /** Ends it as a shutdown does: what is running is not waited for, and is taken up by the next host on this state. */
  close: () => Promise<void>;
}
