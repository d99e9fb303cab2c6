import type { OrchestrationContext } from "durable-functions";
import type { Approval, ApprovalAsked } from "../domain/approval.ts";
import { eventsOf, lastOf, runPhaseOf } from "../domain/buildEvents.ts";
import type { BuildRequest } from "../domain/buildRequest.ts";
import type { Finding } from "../domain/failure.ts";
import { effectiveBy, type Grant } from "../domain/grant.ts";
import { imageDeletion } from "../domain/importedImage.ts";
import type { Orphan } from "../domain/lostReceipt.ts";
import type { Plan } from "../domain/plan.ts";
import {
  type ArchivedLog,
  type GrantRecord,
  type Leftover,
  type Outcome,
  type PhaseEntry,
  type Progress,
  type Receipt,
  type TimelineEntry,
  publicationOf,
  requestedOf,
} from "../domain/receipt.ts";
import { resolvedSource } from "../domain/source.ts";
import type { Run, RunPhase } from "../domain/templateState.ts";
import { now } from "../durable/time.ts";
import type { Joined, Left, Taken } from "../entities/lease.ts";

/** Beyond the run itself: grants, template, archive and clean-up take about this long. */
const AROUND_THE_RUN_SECONDS = 240;

/** Writes down what a build does while it does it: shown live as custom status, kept in the end as the receipt. */
export function buildRecord(context: OrchestrationContext, request: BuildRequest) {
  const time = () => now(context).toISOString();
  const startedAt = time();
  const grants: GrantRecord[] = [];
  const timeline: TimelineEntry[] = [];
  const phases: PhaseEntry[] = [];
  let findings: Finding[] = [];
  let log: ArchivedLog = { kind: "none" };
  let imageVersions: string[] | undefined;
  let plan: Plan | undefined;
  let keptImage: Receipt["keptImage"];
  let sourceVersion: string | undefined;
  let approvalAsked: Progress["approval"];
  let decision: Receipt["approval"];
  let phase = "planning";
  let waitInstance: string | undefined;
  /** Image versions that are to become the latest, and when it was read back that they are. */
  const publishing = new Map<string, string | undefined>();

  const show = () =>
    context.df.setCustomStatus({
      phase,
      startedAt,
      ...(waitInstance ? { waitInstance } : {}),
      ...(plan ? { expectedSeconds: plan.expectedRunSeconds + AROUND_THE_RUN_SECONDS } : {}),
      ...(approvalAsked ? { approval: approvalAsked } : {}),
      grants: grants
        .filter(({ releasedAt }) => !releasedAt)
        .map(({ role, scope, askedAt }) => ({ role, scope, askedAt })),
      events: lastOf(eventsOf({ timeline, phases })),
    } satisfies Progress);

  const heldGrant = ({ name }: Grant): GrantRecord => {
    const found = grants.find((asked) => asked.name === name);
    if (!found) throw new Error(`Nobody asked for the grant ${name}.`);
    return found;
  };

  const note = (event: string, detail?: string) => {
    timeline.push({ at: time(), event, ...(detail ? { detail } : {}) });
    show();
  };

  return {
    note,
    phase(name: string) {
      phase = name;
      waitInstance = undefined;
      phases.push({ at: time(), phase, after: timeline.length });
      show();
    },
    /** The run's own phases are told by the instance that waits for it. */
    waits(instance: string) {
      waitInstance = instance;
      show();
    },
    /** Once it has ended nobody else tells its phases any more. */
    wentThrough(seen: readonly RunPhase[]) {
      waitInstance = undefined;
      phases.push(...seen.map((one) => ({ at: one.at, phase: runPhaseOf(one.phase), after: timeline.length })));
      show();
    },
    planned(made: Plan) {
      plan = made;
      note("planned", `template ${made.templateHash.slice(0, 12)}`);
    },
    asksApproval({ templateHash: _, ...asked }: ApprovalAsked) {
      approvalAsked = asked;
      const { source, imageVersions, expiresAt } = asked;
      if (imageVersions) return note("approval asked", `to publish ${imageVersions.join(", ")}, until ${expiresAt}`);
      note("approval asked", `${source.id}${source.version ? `, version ${source.version}` : ""}, until ${expiresAt}`);
    },
    decided(approval: Approval) {
      approvalAsked = undefined;
      if (approval.kind === "expired") return note("approval expired");
      decision = approval.decision;
      note(decision.decision, `by ${decision.by.name ?? decision.by.id}: ${decision.reason}`);
    },
    /** What the preflight found that does not stop the build. */
    found(told: Finding[]) {
      findings = told;
      const warnings = told.filter(({ severity, accepted }) => severity === "warns" && !accepted);
      if (warnings.length > 0) note("warned", warnings.map(({ code }) => code).join(", "));
    },
    ran({ sourceVersion: version }: Run) {
      sourceVersion = version;
    },
    /** The version of the source that the run took. */
    get sourceVersion() {
      return sourceVersion;
    },
    publishes(id: string) {
      publishing.set(id, undefined);
    },
    published(id: string) {
      publishing.set(id, time());
      note("published", id);
    },
    asksFor({ role, scope, name }: Grant) {
      grants.push({ role, scope, name, askedAt: time() });
      show();
    },
    granted(grant: Grant, joined: Joined) {
      const held = heldGrant(grant);
      if (joined.kind === "standing") {
        const { kind: _, ...standing } = joined;
        Object.assign(held, { standing });
        for (const { acceptedUntil } of [standing, ...(standing.others ?? [])]) {
          note("standing grant", `${grant.role} on ${grant.scope}: accepted until ${acceptedUntil}`);
        }
        return;
      }
      Object.assign(held, { grantedAt: joined.at, until: joined.until });
      note("granted", `${grant.role} on ${grant.scope}`);
    },
    released(grant: Grant, left: Left | Taken) {
      const held = heldGrant(grant);
      const where = `${grant.role} on ${grant.scope}`;
      if (left.kind === "taken") {
        Object.assign(held, left.end);
        return note("taken", `${where}: by the sweeper, at ${left.end.releasedAt}`);
      }
      held.releasedAt = time();
      if (left.kind === "stays") {
        held.heldByOthers = left.holders;
        return note("released", `${where}, which other builds still hold`);
      }
      if (left.kind === "foreign") return note("left alone", `${left.id}, which is not this service's`);
      if (left.readBackAt)
        Object.assign(held, { removedAt: left.readBackAt, effectiveBy: effectiveBy(left.readBackAt) });
      if (left.kind === "revoked") return note("revoked", where);
      note(held.grantedAt ? "gone already" : "not granted", where);
    },
    /** What is known by now of what goes with the template, and of what has been let go. */
    orphan: (): Orphan => ({ log: log.kind === "none" ? undefined : log, imageVersions, grants }),
    archived(result: ArchivedLog) {
      log = result;
      if (result.kind === "archived") {
        const files = result.files.map(({ name }) => name).join(", ");
        note(result.incomplete ? "archived as far as it went" : "archived", files);
        for (const { name, why } of result.unread ?? []) note("log lost", `${name}: ${why}`);
      }
      if (result.kind === "lost") note("log lost", result.why);
    },
    kept(id: string) {
      keptImage = { id, command: imageDeletion(id) };
      note("kept", id);
    },
    ended(outcome: Outcome) {
      imageVersions = "imageVersions" in outcome ? outcome.imageVersions : undefined;
      if (outcome.kind === "built") note("built", outcome.imageVersions.join(", ") || "image version not told");
      if (outcome.kind === "refused") note("refused", outcome.findings.map(({ code }) => code).join(", "));
      if (outcome.kind === "failed") note("failed", outcome.failure.code);
      if (outcome.kind === "cancelled") note("cancelled", outcome.reason);
    },
    receipt(outcome: Outcome, leftovers: Leftover[]): Receipt {
      const { buildId, image } = request;
      return {
        schemaVersion: 1,
        buildId,
        image,
        requested: requestedOf(request),
        startedAt,
        endedAt: time(),
        outcome,
        ...(decision ? { approval: decision } : {}),
        ...(findings.length > 0 ? { findings } : {}),
        ...(plan?.publishSeconds !== undefined ? publicationOf(outcome, publishing) : {}),
        cleanUp: leftovers.length === 0 ? { kind: "clean" } : { kind: "leftovers", leftovers },
        grants,
        log,
        timeline,
        phases,
        ...(plan ? { source: resolvedSource(plan.source, sourceVersion), templateHash: plan.templateHash } : {}),
        ...(keptImage ? { keptImage } : {}),
        ...(plan?.parameters ? { parameters: plan.parameters } : {}),
      };
    },
  };
}
