import type { Archive } from "../azure/archive.ts";
import type { ArmReader } from "../azure/armReader.ts";
import { type Known, observeGround } from "../azure/ground.ts";
import { ledger as ledgerOf } from "../azure/ledger.ts";
import type { Recollection } from "../azure/recollection.ts";
import type { Finding } from "../domain/failure.ts";
import { roleAssignmentId } from "../domain/grant.ts";
import { isAccountedFor } from "../domain/lease.ts";
import type { WholePlan } from "../domain/plan.ts";
import { checkGround, isBlocking } from "../domain/preflight/checkGround.ts";
import { valueOf } from "../domain/preflight/observed.ts";
import { builderOf } from "../domain/preflight/serviceNeeds.ts";
import { sourceVersionOf } from "../domain/schedule/sourceVersion.ts";
import type { SourceVersion } from "../domain/schedule/state.ts";
import type { Settings } from "../settings.ts";

/** What was seen of the ground that a build would stand on. */
export interface Seen {
  /** What is in its way, or worth to be known. */
  findings: Finding[];
  /** What its source means now; undefined where that was not shown, or is not there. */
  source: SourceVersion | undefined;
}

/** Reads the ground that a build would stand on; changes nothing. */
export type Preflight = (plan: WholePlan) => Promise<Seen>;

/** @param memory of the ground; its clock is to be the same. @param now milliseconds. */
export function preflight(
  memory: Recollection,
  settings: Settings,
  archive: Archive,
  now: () => number = () => Date.now(),
): Preflight {
  const ledger = ledgerOf(archive, settings.installationId);

  async function check(plan: WholePlan, through: ArmReader): Promise<Seen> {
    const today = new Date(now());
    const known: Known = {
      subscriptionId: settings.subscriptionId,
      builderId: builderOf(plan),
      servicePrincipalId: settings.servicePrincipals[0] ?? "",
      ledger: async () =>
        (await ledger.leases())
          .filter((lease) => isAccountedFor(lease, today))
          .map(({ grant }) => roleAssignmentId(grant)),
      acceptedGrants: settings.acceptedGrants.filter(({ until }) => Date.parse(until) > now()).map(({ id }) => id),
    };
    const ground = await observeGround(through, plan, known);
    return { findings: checkGround(ground), source: sourceVersionOf(valueOf(ground.sourceImage), plan) };
  }

  return async (plan) => {
    // What lies outside of its zone is not even looked at.
    if (plan.findings.length > 0) return { findings: plan.findings, source: undefined };
    const through = memory.reader();
    const seen = await check(plan, through);
    if (!through.hasRecalled || !seen.findings.some(isBlocking)) return seen;
    // What has been mended meanwhile must not refuse a build once more.
    through.lookAnew();
    return check(plan, through);
  };
}
