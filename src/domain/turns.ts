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
  subscription?: string;
  /** Who asked for it. */
  requester?: string;
}

/** Who may build now, and who waits, in the order in which they asked or last had to stand back. */
export interface Turns {
  running: Turn[];
  waiting: Turn[];
}

/** How many builds may run at the same time of one image, with one identity, in one region and one subscription. */
export type Limits = Record<Limit, number>;
export type Limit = "image" | "identity" | "region" | "subscription";

const BOUNDED = [
  ["image", ({ image }) => image],
  ["identity", ({ identity }) => identity],
  ["region", ({ place }) => place],
  ["subscription", ({ subscription }) => subscription],
] as const satisfies [Limit, (turn: Turn) => string | undefined][];

/** @returns what keeps the build from running now, the narrowest first; undefined where there is room for it. */
export function fullLimit(running: readonly Turn[], turn: Turn, limits: Limits): Limit | undefined {
  return BOUNDED.find(([limit, of]) => {
    const value = of(turn);
    return value !== undefined && running.filter((other) => of(other) === value).length >= limits[limit];
  })?.[0];
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
  const running = [...turns.running];
  let { waiting } = turns;
  for (;;) {
    const next = waiting.find((turn) => fullLimit(running, turn, limits) === undefined);
    if (!next) return { turns: { running, waiting }, admitted: running.slice(turns.running.length) };
    running.push(next);
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

/** What a build asks for. Requesters are told apart by what the ticket says, and else by the door. */
export function turnOf(
  { buildId, image, place, builderPrincipalId }: Pick<Plan, "buildId" | "image" | "place" | "builderPrincipalId">,
  { door, ticket }: BuildRequest,
): Turn {
  const subscription = place.slice(0, place.indexOf("/"));
  const requester = ticket?.requestedBy ?? door;
  return { buildId, image, place, identity: builderPrincipalId, subscription, requester };
}
