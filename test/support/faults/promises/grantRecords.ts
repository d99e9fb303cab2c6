import type { GrantRecord, Receipt } from "../../../../src/domain/receipt.ts";
import type { Held } from "../watchedWorld.ts";

/** A build, as others than itself know it. Milliseconds of the host's clock, as all times here. */
export interface Teller {
  id: string;
  receipt: Receipt;
  /** From when it was asked for until its receipt was written. */
  from: number;
  to: number;
  /** Ids, in lower case, of the role assignments that it may ask for. */
  own: readonly string[];
  /** When a template of its was accepted, for which it needed all of them. */
  templatesAt: readonly number[];
}

/** What the cloud shows of role assignments. */
export interface GrantsSeen {
  held: readonly Pick<Held, "id" | "from" | "to">[];
  /** What was answered to whoever asked for assignments. */
  reads: readonly { path: string; status: number; at: number }[];
  /** How far the cloud's clock is ahead of the host's. */
  cloudAhead: number;
  /** When at the earliest that may have happened which the service notes at a time: it may have been down. */
  happenedFrom(noted: number): number;
}

/** Azure tells its time in whole seconds. */
const SECOND = 1000;
/** For which a fault may hold an answer up. */
const DELAY = 2 * 60_000;
/** As Azure documents it. */
const EFFECTIVE_AFTER = 10 * 60_000;

/** Sentences for what receipts say of grants that the cloud knows otherwise, and for what they keep silent about. */
export function untrueGrants(tellers: readonly Teller[], seen: GrantsSeen): string[] {
  return tellers.flatMap((teller) => [
    ...teller.receipt.grants.flatMap((record) => untrueIn(record, teller, tellers, seen)),
    ...keptSilent(teller, tellers, seen),
  ]);
}

/** The id, in lower case, of the role assignment that a record is of. */
export const assignmentIdOf = ({ scope, name }: GrantRecord): string =>
  `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`.toLowerCase();

/** Of one assignment, when it was there. */
const heldAs = ({ held }: GrantsSeen, id: string) => held.filter((one) => one.id.toLowerCase() === id);

/** Whether it was there at some time of these. */
const wasThere = (seen: GrantsSeen, id: string, from: number, to: number) =>
  heldAs(seen, id).some((one) => one.from <= to && (one.to ?? Infinity) >= from);

function untrueIn(record: GrantRecord, teller: Teller, tellers: readonly Teller[], seen: GrantsSeen): string[] {
  const { role, askedAt, grantedAt, standing, releasedAt, heldByOthers, removedAt } = record;
  const { receipt, own } = teller;
  const id = assignmentIdOf(record);
  const says = (words: string) => `T: ${teller.id} says of its ${role} ${words}`;
  if (!own.includes(id)) return [says("what is not its own")];
  if (receipt.grants.some((other) => other !== record && assignmentIdOf(other) === id)) return [says("two things")];
  if (standing) return own.includes(standing.id.toLowerCase()) || removedAt ? [says("that it was another's")] : [];

  const untrue: string[] = [];
  const asked = Date.parse(askedAt);
  const released = Date.parse(releasedAt ?? "");
  const end = releasedAt ? released : teller.to;
  const leftovers = receipt.cleanUp.kind === "clean" ? [] : receipt.cleanUp.leftovers;
  const isListed = leftovers.some((leftover) => leftover.id.toLowerCase() === id);
  if (grantedAt && !wasThere(seen, id, Date.parse(grantedAt) - seen.cloudAhead, end)) {
    untrue.push(says("that it was granted, and it never was"));
  }
  if (grantedAt && !releasedAt && !isListed) untrue.push(says("neither that it was let go nor that it is left"));
  if (isListed && (removedAt || releasedAt)) untrue.push(says("that it is left, and that it was let go"));
  if (removedAt) untrue.push(...untrueRemoval(record, id, teller, seen).map(says));
  if (heldByOthers && releasedAt) {
    const from = seen.happenedFrom(released);
    const isOthers = tellers.some((other) => other.id !== teller.id && mayHold(other, id, from, released));
    if (removedAt || !isOthers || !wasThere(seen, id, from, released)) {
      untrue.push(says("that others held on to it, and nobody did"));
    }
  }
  const wasItsOwn = wasThere(seen, id, asked, end);
  if (releasedAt && wasItsOwn && !removedAt && !heldByOthers) {
    untrue.push(says("that it was let go, and not what became of it"));
  }
  return untrue;
}

/** A removal is told by when Azure was read, which said that the assignment was gone. */
function untrueRemoval(
  { removedAt = "", effectiveBy, askedAt, scope }: GrantRecord,
  id: string,
  { from }: Teller,
  seen: GrantsSeen,
): string[] {
  const told = Date.parse(removedAt) - seen.cloudAhead;
  if (heldAs(seen, id).some((one) => one.from < told && (one.to ?? Infinity) >= told + SECOND)) {
    return [`that it was gone at ${removedAt}, when it was there`];
  }
  const asked = Math.max(from, Date.parse(askedAt) - Math.abs(seen.cloudAhead));
  if (told < asked - SECOND) return [`that it was removed at ${removedAt}, before it was asked for`];
  const ends = heldAs(seen, id).flatMap(({ to }) => (to !== undefined && to <= told + SECOND ? [to] : []));
  const since = Math.max(asked - SECOND, ...ends);
  const wasRead = (path: string, status: number) =>
    seen.reads.some(
      (read) =>
        read.path.toLowerCase() === path && read.status === status && read.at >= since && read.at <= told + DELAY,
    );
  const list = `${scope}/providers/Microsoft.Authorization/roleAssignments`.toLowerCase();
  return [
    ...(wasRead(id, 404) && wasRead(list, 200)
      ? []
      : [`that it was read back as gone at ${removedAt}, and nobody read`]),
    ...(Date.parse(effectiveBy ?? "") - Date.parse(removedAt) === EFFECTIVE_AFTER
      ? []
      : [`that its removal is effective by ${effectiveBy}`]),
  ];
}

/** Whether another build can have held it in that time: by when it was there itself, and by what it says. */
function mayHold({ receipt, from, to }: Teller, id: string, first: number, last: number): boolean {
  const record = receipt.grants.find((one) => assignmentIdOf(one) === id);
  if (!record || from > last || to < first) return false;
  return Date.parse(record.askedAt) <= last + DELAY && (!record.releasedAt || Date.parse(record.releasedAt) >= first);
}

/** An assignment that only this build can have asked for, or without which it could not have made its template. */
function keptSilent(teller: Teller, tellers: readonly Teller[], seen: GrantsSeen): string[] {
  const told = teller.receipt.grants.map(assignmentIdOf);
  const mayAsk = (id: string, at: number) =>
    tellers.filter(({ own, from, to }) => own.includes(id) && from <= at && to >= at);
  return teller.own
    .filter((id) => !told.includes(id))
    .filter(
      (id) =>
        teller.templatesAt.some((at) => wasThere(seen, id, at, at)) ||
        heldAs(seen, id).some(({ from }) => {
          const asking = mayAsk(id, from);
          return asking.length === 1 && asking[0] === teller;
        }),
    )
    .map((id) => `T: ${teller.id} had ${id}, and does not say so`);
}
