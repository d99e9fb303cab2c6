import * as z from "zod";
import { component } from "./component.ts";
import type { Receipt } from "./receipt.ts";

const at = z.iso.datetime();

/** Something that happened in a build. */
const happened = z.union([
  z.strictObject({ kind: z.literal("phase"), at, phase: z.string().describe("What the build does from now on.") }),
  z.strictObject({
    kind: z.literal("step"),
    at,
    event: z.string().describe("As in the receipt's timeline."),
    detail: z.string().exactOptional(),
  }),
]);
export type Happened = z.infer<typeof happened>;

const n = z.int().min(1).describe("Counts from 1, and stays the same.");

export const BuildEvent = component(
  "BuildEvent",
  z.union([
    ...happened.options.map((one) => one.extend({ n })),
    z.strictObject({
      kind: z.literal("log"),
      n,
      file: z.string(),
      text: z.string().describe("Some lines of the file; the texts of one file, put together, are the file."),
    }),
  ]),
);
export type BuildEvent = z.infer<typeof BuildEvent>;

/** What `GET /api/builds/{id}/events` answers with. */
export const BuildEvents = component(
  "BuildEvents",
  z.strictObject({
    events: z.array(BuildEvent),
    next: z.int().min(0).describe("What to ask `after` for what follows."),
    ended: z.boolean().describe("Whether nothing follows any more."),
  }),
);
export type BuildEvents = z.infer<typeof BuildEvents>;

/** The last of a build's events. */
export interface EventWindow {
  /** The number of the first of them. */
  first: number;
  list: Happened[];
}

/** Image builder's word for the phase of a run, as a build's. */
export function runPhaseOf(phase: string): string {
  return `running: ${phase.toLowerCase()}`;
}

/** Timeline and phases in the order in which they were written down. */
export function eventsOf({ timeline, phases = [] }: Pick<Receipt, "timeline" | "phases">): Happened[] {
  const events: Happened[] = [];
  let told = 0;
  const tell = (until: number) =>
    events.push(...timeline.slice(told, until).map((entry) => ({ kind: "step" as const, ...entry })));
  for (const { at, phase, after } of phases) {
    tell(after);
    told = Math.max(told, after);
    events.push({ kind: "phase", at, phase });
  }
  tell(timeline.length);
  return events;
}

/** Characters that the last events have at the most: with all else, far below what a custom status may have. */
const MOST_CHARACTERS = 4000;
/** Characters of a detail that are told before the receipt is there. */
const LONGEST_DETAIL = 500;

/** As many of the last events as a custom status may hold. */
export function lastOf(events: readonly Happened[]): EventWindow {
  const list: Happened[] = [];
  let left = MOST_CHARACTERS;
  for (const event of events.toReversed()) {
    const short = shortened(event);
    left -= JSON.stringify(short).length;
    if (left < 0) break;
    list.unshift(short);
  }
  return { first: events.length - list.length + 1, list };
}

function shortened(event: Happened): Happened {
  if (event.kind === "phase" || (event.detail?.length ?? 0) <= LONGEST_DETAIL) return event;
  return { ...event, detail: `${event.detail?.slice(0, LONGEST_DETAIL)}…` };
}
