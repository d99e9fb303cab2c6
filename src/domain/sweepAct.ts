import * as z from "zod";
import { component } from "./component.ts";
import { type Grant, roleAssignmentId } from "./grant.ts";
import type { BuildsImage } from "./importedImage.ts";
import { type Holder, type LedgerEntry, unexpired } from "./lease.ts";
import type { Attempt } from "./plan.ts";
import type { Leftover } from "./receipt.ts";

/** What a sweep can do. */
export const SweepDoing = z.enum([
  "stop asking",
  "release grant",
  "remove template",
  "remove image",
  "give turn back",
  "close build",
]);

/** Something that a sweep does. `id` is what it does it to. */
export type SweepAct =
  /** An instance that goes on asking for something on behalf of a dead build. */
  | { kind: "stop asking"; id: string }
  /** @param ends the builds that are taken off the lease. @param seen whether the assignment has been seen in Azure. */
  | { kind: "release grant"; id: string; grant: Grant; ends: Holder[]; seen: boolean }
  /** @param hasTime for what only the template tells to be read again, where Azure does not tell it now. */
  | { kind: "remove template"; id: string; buildId: string; attempt: Attempt; hasTime: boolean }
  | ({ kind: "remove image"; id: string } & BuildsImage)
  /** A build that is in the queue and dead. */
  | { kind: "give turn back"; id: string }
  /** A dead build of which nothing is left any more that can be removed: it gets its receipt. */
  | { kind: "close build"; id: string; leftovers: Leftover[] };

/** What a sweep has done, or in a dry run would have, and how it went. */
export const Done = component(
  "SweepDone",
  z.strictObject({
    what: SweepDoing,
    id: z.string(),
    result: z.string(),
    builds: z.array(z.string()).exactOptional().describe("Of a grant or a template, the builds whose it was."),
    failed: z.literal(true).exactOptional().describe("It is the next sweep's turn again."),
    code: z.string().exactOptional().describe("Of what failed, the codes alone."),
  }),
);
export type Done = z.infer<typeof Done>;

/** Builds that one act takes off a lease, at most: hundreds can share one. */
const ENDS_AN_ACT = 20;

/** Grants that somebody holds beyond its time: known from the ledger alone. @param now ISO 8601, on Azure's clock. */
export function overdueActs(leases: readonly LedgerEntry[], now: string): SweepAct[] {
  return leases.flatMap(({ grant, holders }) => {
    const inTime = unexpired(holders, new Date(now));
    return releases(
      grant,
      holders.filter((holder) => !inTime.includes(holder)),
      false,
    );
  });
}

/** Takes so many off a lease, in acts of a bounded size; none where there is nobody. */
export function releases(grant: Grant, ends: readonly Holder[], seen: boolean): SweepAct[] {
  const acts: SweepAct[] = [];
  for (let from = 0; from < ends.length; from += ENDS_AN_ACT) {
    acts.push(release(grant, ends.slice(from, from + ENDS_AN_ACT), seen));
  }
  return acts;
}

export function release(grant: Grant, ends: Holder[], seen: boolean): SweepAct {
  return { kind: "release grant", id: roleAssignmentId(grant), grant, ends, seen };
}

/** The builds whose what an act removes was; none where its id is a build's, or says whose. */
export function buildsOf(act: SweepAct | undefined): { builds?: string[] } {
  if (act?.kind === "release grant" && act.ends.length > 0) return { builds: act.ends.map(({ buildId }) => buildId) };
  return act?.kind === "remove template" ? { builds: [act.buildId] } : {};
}

/** By what an act is counted over the sweeps; the grant of each build by itself, since many share one. */
export function triesOf(act: SweepAct): string[] {
  if (act.kind !== "release grant" || act.ends.length === 0) return [`${act.kind} ${act.id}`];
  return act.ends.map(({ buildId }) => releaseTry(act.grant, buildId));
}

export function releaseTry({ name }: Grant, buildId: string): string {
  return `release grant ${name} ${buildId}`;
}
