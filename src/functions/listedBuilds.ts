import type { DurableClient } from "durable-functions";
import type { Archive, Mark } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { askedAtOf, imageOfBuild } from "../domain/buildId.ts";
import type { ListedBuild, Place } from "../domain/buildList.ts";
import { BuildState } from "../domain/buildView.ts";
import { readBuild } from "./readBuild.ts";

/** Names in one part of the storage's list, and such parts in one answer. */
const PART = 1000;
const MOST_PARTS = 3;
/** Builds that are asked about at once, and in one answer at the most: those that are under way. */
const AT_ONCE = 10;
const MOST_ASKED = 200;

export type Listed = Omit<ListedBuild, "links">;

export interface Wanted {
  images: (image: string) => boolean;
  state?: ListedBuild["state"] | undefined;
  since?: string | undefined;
  limit: number;
  from: Place;
}

/**
 * Builds, the newest first: of those that have ended the storage's list alone tells all, and only those under way are
 * asked about. The work for one answer is bounded, so that it may have fewer builds than wanted, and go on all the same.
 *
 * @returns also where it goes on; undefined at its end.
 */
export async function listedBuilds(
  sources: { archive: Archive; client: DurableClient },
  { images, state, since, limit, from }: Wanted,
): Promise<{ builds: Listed[]; next?: Place }> {
  const builds: Listed[] = [];
  let { marker, after = "" } = from;
  let asked = 0;
  for (let part = 0; part < MOST_PARTS; part++) {
    const { marks, marker: next } = await sources.archive.marks(archiveNames.allListed, { size: PART, marker });
    const wanted: (Mark & Pick<Listed, "id" | "image" | "askedAt">)[] = [];
    let isOver = next === undefined;
    for (const mark of marks) {
      const id = archiveNames.buildListed(mark.name);
      const [image, askedAt] = [imageOfBuild(id), askedAtOf(id)];
      if (image === undefined || askedAt === undefined || mark.name <= after || !images(image)) continue;
      isOver ||= since !== undefined && Date.parse(askedAt) < Date.parse(since);
      if (since !== undefined && Date.parse(askedAt) < Date.parse(since)) break;
      if (state !== undefined && mark.facts["state"] !== undefined && mark.facts["state"] !== state) continue;
      wanted.push({ ...mark, id, image, askedAt });
    }
    while (wanted.length > 0) {
      const some = wanted.splice(0, AT_ONCE);
      asked += some.filter(({ facts }) => facts["state"] === undefined).length;
      const told = await Promise.all(some.map((one) => listed(sources, one)));
      for (const [at, build] of told.entries()) {
        if (build && (state === undefined || build.state === state)) builds.push(build);
        after = some[at]?.name ?? after;
        const isLast = isOver && wanted.length === 0 && at === told.length - 1;
        if (builds.length === limit) return { builds, ...(isLast ? {} : { next: { marker, after } }) };
      }
      if (asked >= MOST_ASKED) return { builds, next: { marker, after } };
    }
    if (isOver) return { builds };
    marker = next;
  }
  return { builds, next: { marker } };
}

async function listed(
  sources: { archive: Archive; client: DurableClient },
  { id, image, askedAt, facts }: Mark & Pick<Listed, "id" | "image" | "askedAt">,
): Promise<Listed | undefined> {
  const state = BuildState.safeParse(facts["state"]).data;
  const { ended } = facts;
  if (state) return { id, image, state, askedAt, ...(ended ? { endedAt: ended } : {}) };
  const build = await readBuild(sources, { image, id });
  if (!build) return undefined;
  if ("receipt" in build) return { id, image, state: build.state, askedAt, endedAt: build.receipt.endedAt };
  return { id, image, state: build.state, askedAt, ...("phase" in build ? { phase: build.phase } : {}) };
}
