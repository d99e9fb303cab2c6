import type { Evidence } from "../evidence.ts";
import { ownOf } from "../ours.ts";
import { type Teller, untrueGrants } from "./grantRecords.ts";

/** From what happens to when it is noted: an activity that was under way in a kill runs again after five minutes. */
const NOTED_WITHIN = 15 * 60_000;

/** T: what receipts say of grants is what the cloud had. */
export function brokenGrantRecords(evidence: Evidence): string[] {
  const { builds, answers, held, outages, cloudAheadSeconds } = evidence;
  const tellers = builds.flatMap(({ id, receipt, askedAt, receiptAt }): Teller[] => {
    const { grants, templates } = ownOf(id);
    const made = answers.filter(
      ({ method, path, status }) =>
        method === "PUT" && status < 300 && status > 0 && templates.includes(path.toLowerCase()),
    );
    if (!receipt || receiptAt === undefined) return [];
    return [
      {
        id,
        receipt,
        from: askedAt,
        to: receiptAt,
        own: grants.map((one) => one.id),
        templatesAt: made.map(({ at }) => at),
      },
    ];
  });
  return untrueGrants(tellers, {
    held,
    reads: answers.filter(({ method }) => method === "GET"),
    cloudAhead: cloudAheadSeconds * 1000,
    happenedFrom: (noted) => {
      const from = noted - NOTED_WITHIN;
      return Math.min(
        from,
        ...outages.filter((outage) => outage.to >= from && outage.from <= noted).map((one) => one.from),
      );
    },
  });
}
