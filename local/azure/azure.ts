import type { Landscape } from "../landscape.ts";
import type { Attempt } from "./authorization/access.ts";
import type { ResourceTypes } from "./arm/resourceType.ts";
import type { Faults } from "./control/faults.ts";
import type { EventGrid } from "./events/eventGrid.ts";
import type { Settings } from "./settings.ts";
import type { Random } from "./store/random.ts";
import type { State } from "./store/state.ts";

/** What every part of the stand-in works on. */
export interface Azure {
  readonly landscape: Landscape;
  readonly settings: Settings;
  readonly random: Random;
  readonly faults: Faults;
  readonly events: Pick<EventGrid, "wanted" | "publish">;
  readonly resourceTypes: ResourceTypes;
  /** Told of each operation that roles are asked for. */
  readonly onAccess?: (attempt: Attempt) => void;
  /** What every URL in an answer begins with: `https://localhost:8443`. */
  origin: string;
  state: State;
  /** Time of the request, or of the transition, that is being worked on: milliseconds since 1970. */
  now: number;
}

/** A GUID that no other call gets. It depends on what it is for, and how often there was one for that before. */
export function newGuid({ random, state }: Azure, ...purpose: string[]): string {
  const key = purpose.join(" ").toLowerCase();
  const before = state.guids[key] ?? 0;
  state.guids[key] = before + 1;
  return random.guid("guid", key, before);
}
