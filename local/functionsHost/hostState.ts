import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { HubStore } from "./durable/hubStore.ts";
import { type HubChange, snapshotOf } from "./durable/taskHub.ts";
import { fileJournal } from "./journal/fileJournal.ts";
import { lockFolder } from "./journal/folderLock.ts";
import { type Journal, memoryJournal } from "./journal/journal.ts";
import { type HostKeys, issueKeys } from "./keys.ts";
import type { ScheduleStatus } from "./timer/scheduleStatus.ts";

/** The journal's records: those of the task hub, and what else the host must not forget. */
type HostRecord =
  | HubChange
  | { kind: "keysIssued"; keys: HostKeys }
  | { kind: "scheduleRemembered"; functionName: string; status: ScheduleStatus };

/** Everything that outlives the host's process. */
export interface HostState {
  keys: HostKeys;
  store: HubStore;
  rememberedSchedule(functionName: string): ScheduleStatus | undefined;
  rememberSchedule(functionName: string, status: ScheduleStatus): Promise<void>;
  /** Forgets all but the keys: at once, and safely when it resolves. */
  reset(): Promise<void>;
  close: () => void;
}

export interface HostStateOptions {
  /** Absent: memory only. */
  folder: string | undefined;
  compactAboveBytes: number | undefined;
  newKey: () => string;
  /** Put round the journal. */
  wrapJournal?: (<Record>(journal: Journal<Record>) => Journal<Record>) | undefined;
}

/** Opens a state folder and brings back what it holds. */
export async function openHostState(options: HostStateOptions): Promise<HostState> {
  const unlock = lock(options.folder);
  try {
    return await open(options, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** @returns unlocks. Throws when another host has the folder. */
function lock(folder: string | undefined): () => void {
  if (folder === undefined) return () => {};
  mkdirSync(folder, { recursive: true });
  return lockFolder(resolve(folder));
}

async function open(options: HostStateOptions, unlock: () => void): Promise<HostState> {
  const schedules = new Map<string, ScheduleStatus>();
  let keys: HostKeys | undefined;
  const journal = openJournal(options, function* () {
    if (keys) yield { kind: "keysIssued", keys };
    for (const [functionName, status] of schedules) yield { kind: "scheduleRemembered", functionName, status };
    yield* snapshotOf(store.hub);
  });
  const store = new HubStore(journal as Journal<HubChange>);
  for (const record of journal.recovered()) {
    // Those of a host that knew one extension only are issued anew.
    if (record.kind === "keysIssued") keys = typeof record.keys.system === "object" ? record.keys : undefined;
    else if (record.kind === "scheduleRemembered") schedules.set(record.functionName, record.status);
    else {
      if (record.kind === "hubCleared") schedules.clear();
      store.recover(record);
    }
  }
  if (!keys) {
    keys = issueKeys(options.newKey);
    journal.append({ kind: "keysIssued", keys });
    await journal.durable();
  }
  return {
    keys,
    store,
    rememberedSchedule: (functionName) => schedules.get(functionName),
    async rememberSchedule(functionName, status) {
      schedules.set(functionName, status);
      journal.append({ kind: "scheduleRemembered", functionName, status });
      await journal.durable();
    },
    reset() {
      schedules.clear();
      return store.commit({ kind: "hubCleared" });
    },
    close() {
      journal.close();
      unlock();
    },
  };
}

function openJournal(
  { folder, compactAboveBytes, wrapJournal = (journal) => journal }: HostStateOptions,
  snapshot: () => Iterable<HostRecord>,
): Journal<HostRecord> {
  if (folder === undefined) return wrapJournal(memoryJournal());
  return wrapJournal(fileJournal({ folder, snapshot, compactAboveBytes }));
}
