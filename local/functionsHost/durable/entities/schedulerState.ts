import { jsonText } from "../jsonText.ts";
import type { Instance } from "../taskHub.ts";

/** What an entity is between two batches. The extension keeps it as the input of an orchestration that never ends. */
export interface SchedulerState {
  exists: boolean;
  /** JSON text; null when the app set none, which is not the text `null`. */
  state: string | null;
}

export const NO_ENTITY: SchedulerState = { exists: false, state: null };

/** @param entity undefined when nobody ever asked it anything. */
export function schedulerStateOf(entity: Instance | undefined): SchedulerState {
  if (!entity || entity.input === null) return NO_ENTITY;
  const { exists = false, state = null } = JSON.parse(entity.input) as Partial<SchedulerState>;
  return { exists, state };
}

/**
 * The state as status queries show it. What the extension's sorter remembers of each sender is left out: nothing
 * overtakes anything in this hub.
 */
export const schedulerInput = ({ exists, state }: SchedulerState): string =>
  jsonText({ ...(exists ? { exists } : {}), ...(state === null ? {} : { state }), sorter: {} });

/** The custom status that the extension gives an entity. */
export const entityStatus = ({ exists }: SchedulerState): string => (exists ? '{"entityExists":true}' : "{}");
