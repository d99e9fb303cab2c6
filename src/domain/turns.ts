/** A build's place in the queue. */
export interface Turn {
  buildId: string;
  image: string;
  /** What the number of builds is bounded in: a subscription and region. */
  place: string;
}

/** Who may build now, and who waits, in the order in which they asked. */
export interface Turns {
  running: Turn[];
  waiting: Turn[];
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
 * Lets those run, the first first, for whom there is room: one build an image, and so many a place.
 *
 * @returns also who has just been let in.
 */
export function admitted(turns: Turns, longest: number): { turns: Turns; admitted: Turn[] } {
  const running = [...turns.running];
  const waiting: Turn[] = [];
  for (const turn of turns.waiting) {
    const sameImage = running.some(({ image }) => image === turn.image);
    const samePlace = running.filter(({ place }) => place === turn.place).length;
    (sameImage || samePlace >= longest ? waiting : running).push(turn);
  }
  return { turns: { running, waiting }, admitted: running.slice(turns.running.length) };
}
