import type { BuildRequest } from "./buildRequest.ts";
import type { Plan } from "./plan.ts";

/** A build's place in the queue. */
export interface Turn {
  buildId: string;
  image: string;
  /** The subscription and region whose machines it takes. */
  place: string;
  /** Whom Azure lets build; a build that asked before there was a limit on it names none, and counts for none. */
  identity?: string;
  /** Who asked for it; likewise. */
  requester?: string;
}

/** Who may build now, and who waits, in the order in which they asked or last had to stand back. */
export interface Turns {
  running: Turn[];
  waiting: Turn[];
}

/** How many builds may run at the same time of one image, with one identity, in one region and one subscription. */
export type Limits = Record<Limit, number>;
export const LIMITS = ["image", "identity", "region", "subscription"] as const;
export type Limit = (typeof LIMITS)[number];

/** In what a build is bounded, the narrowest first. */
function boundsOf({ image, identity, place }: Turn): [limit: Limit, key: string][] {
  return [
    ["image", `image ${image}`],
    ...(identity === undefined ? [] : ([["identity", `identity ${identity}`]] satisfies [Limit, string][])),
    ["region", `region ${place}`],
    ["subscription", `subscription ${place.split("/", 1)[0]}`],
  ];
}

/** How much room there is beside those who run, as long as more of them are added. */
function roomBeside(running: readonly Turn[], limits: Limits) {
  const counts = new Map<string, number>();

  function add(turn: Turn): void {
    for (const [, key] of boundsOf(turn)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  for (const turn of running) add(turn);

  return {
    add,
    /** @returns the narrowest limit that keeps the build from running beside them and beside another one. */
    fullFor(turn: Turn, other: Turn | undefined): Limit | undefined {
      const others = new Set(other && boundsOf(other).map(([, key]) => key));
      const full = boundsOf(turn).find(
        ([limit, key]) => (counts.get(key) ?? 0) + (others.has(key) ? 1 : 0) >= limits[limit],
      );
      return full?.[0];
    },
  };
}

/**
 * Those who wait, each with the limit that it waits for, undefined where there is room. The first who waits for more
 * than its own image keeps its place in all its limits from those behind: else it might find one of them full whenever
 * there is room in another.
 */
function* looked(waiting: readonly Turn[], room: ReturnType<typeof roomBeside>) {
  let kept: Turn | undefined;
  for (const turn of waiting) {
    const full = room.fullFor(turn, kept);
    yield { turn, full };
    if (full && full !== "image") kept ??= turn;
  }
}

/** @returns the limit that a build waits for; undefined where it does not wait. */
export function waitsFor({ running, waiting }: Turns, buildId: string, limits: Limits): Limit | undefined {
  for (const { turn, full } of looked(waiting, roomBeside(running, limits))) if (turn.buildId === buildId) return full;
  return undefined;
}

/** Puts a build into the queue; again is the same as once. */
export function queued(turns: Turns, turn: Turn): Turns {
  const known = [...turns.running, ...turns.waiting].some(({ buildId }) => buildId === turn.buildId);
  return known ? turns : { ...turns, waiting: [...turns.waiting, turn] };
}

/** All builds that have a turn or wait for one. */
export function buildsIn({ running, waiting }: Turns): string[] {
  return [...running, ...waiting].map(({ buildId }) => buildId);
}

export function withoutBuilds(turns: Turns, buildIds: readonly string[]): Turns {
  const stays = ({ buildId }: Turn) => !buildIds.includes(buildId);
  return { running: turns.running.filter(stays), waiting: turns.waiting.filter(stays) };
}

/**
 * Lets those run, the first first, for whom there is room. Whose turn has come, of the same image the others stand back
 * behind all who wait, and of these the same requester's behind the others': while an image waits that has room, no
 * other gets two turns before it, nor does another requester of one image.
 *
 * @returns also who has just been let in.
 */
export function admitted(turns: Turns, limits: Limits): { turns: Turns; admitted: Turn[] } {
  const room = roomBeside(turns.running, limits);
  const letIn: Turn[] = [];
  let { waiting } = turns;
  for (;;) {
    const next = [...looked(waiting, room)].find(({ full }) => full === undefined)?.turn;
    if (!next) return { turns: { running: [...turns.running, ...letIn], waiting }, admitted: letIn };
    room.add(next);
    letIn.push(next);
    waiting = afterTurnOf(next, waiting);
  }
}

/** @returns how many get their turn before this build, if nobody else asks and there is room for one at a time. */
export function ahead({ waiting }: Turns, buildId: string): number {
  const images = groupsOf(waiting, ({ image }) => image);
  const ofEach = images.flatMap((turns) => inRounds(turns, ({ requester }) => requester));
  return inRounds(ofEach, ({ image }) => image).findIndex((turn) => turn.buildId === buildId);
}

/** The first of each, in the order in which they stand, then the second of each, and so on. */
function inRounds(turns: readonly Turn[], of: (turn: Turn) => string | undefined): Turn[] {
  return groupsOf(turns, of)
    .flatMap((group) => group.map((turn, round) => ({ turn, round })))
    .toSorted((one, other) => one.round - other.round)
    .map(({ turn }) => turn);
}

function groupsOf(turns: readonly Turn[], of: (turn: Turn) => string | undefined): Turn[][] {
  const groups = new Map<string | undefined, Turn[]>();
  for (const turn of turns) {
    const group = groups.get(of(turn));
    if (group) group.push(turn);
    else groups.set(of(turn), [turn]);
  }
  return [...groups.values()];
}

function afterTurnOf(turn: Turn, waiting: readonly Turn[]): Turn[] {
  const left = waiting.filter(({ buildId }) => buildId !== turn.buildId);
  const ofImage = left.filter(({ image }) => image === turn.image);
  return [
    ...left.filter(({ image }) => image !== turn.image),
    ...ofImage.filter(({ requester }) => requester !== turn.requester),
    ...ofImage.filter(({ requester }) => requester === turn.requester),
  ];
}

/** What a build asks for. What the service starts by itself is asked for by the door through which it comes. */
export function turnOf(
  { buildId, image, place, builderPrincipalId }: Pick<Plan, "buildId" | "image" | "place" | "builderPrincipalId">,
  { door, requester }: Pick<BuildRequest, "door" | "requester">,
): Turn {
  return { buildId, image, place, identity: builderPrincipalId, requester: requester ?? door };
}
