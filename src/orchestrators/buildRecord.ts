import type { OrchestrationContext } from "durable-functions";
import type { BuildRequest } from "../domain/buildRequest.ts";
import type { Grant } from "../domain/grant.ts";
import type { Plan } from "../domain/plan.ts";
import type {
  ArchivedLog,
  GrantRecord,
  Leftover,
  Outcome,
  Progress,
  Receipt,
  TimelineEntry,
} from "../domain/receipt.ts";
import { now } from "../durable/time.ts";

/** Beyond the run itself: grants, template, archive and clean-up take about this long. */
const AROUND_THE_RUN_SECONDS = 240;

/** Writes down what a build does while it does it: shown live as custom status, kept in the end as the receipt. */
export function buildRecord(context: OrchestrationContext, request: BuildRequest) {
  const time = () => now(context).toISOString();
  const startedAt = time();
  const grants: GrantRecord[] = [];
  const timeline: TimelineEntry[] = [];
  let log: ArchivedLog = { kind: "none" };
  let plan: Plan | undefined;
  let phase = "planning";
  let waitInstance: string | undefined;

  const show = () =>
    context.df.setCustomStatus({
      phase,
      startedAt,
      ...(waitInstance ? { waitInstance } : {}),
      ...(plan ? { expectedSeconds: plan.expectedRunSeconds + AROUND_THE_RUN_SECONDS } : {}),
      grants: grants
        .filter(({ removedAt }) => !removedAt)
        .map(({ role, scope, askedAt }) => ({ role, scope, askedAt })),
    } satisfies Progress);

  const note = (event: string, detail?: string) => {
    timeline.push({ at: time(), event, ...(detail ? { detail } : {}) });
    show();
  };

  return {
    note,
    phase(name: string) {
      phase = name;
      waitInstance = undefined;
      show();
    },
    /** The run's own phases are told by the instance that waits for it. */
    waits(instance: string) {
      waitInstance = instance;
      show();
    },
    planned(made: Plan) {
      plan = made;
      note("planned", `template ${made.templateHash.slice(0, 12)}`);
    },
    asksFor({ role, scope, name }: Grant) {
      grants.push({ role, scope, name, askedAt: time() });
      show();
    },
    granted({ role, scope, name }: Grant) {
      const grant = grants.find((asked) => asked.name === name);
      if (grant) grant.grantedAt = time();
      note("granted", `${role} on ${scope}`);
    },
    revoked({ role, scope, name }: Grant, how: "deleted" | "absent") {
      const grant = grants.find((asked) => asked.name === name);
      if (grant) grant.removedAt = time();
      note(how === "deleted" || grant?.grantedAt ? "revoked" : "not granted", `${role} on ${scope}`);
    },
    archived(result: ArchivedLog) {
      log = result;
      if (result.kind === "archived") note("archived", result.files.map(({ name }) => name).join(", "));
      if (result.kind === "lost") note("log lost", result.why);
    },
    ended(outcome: Outcome) {
      if (outcome.kind === "built") note("built", outcome.imageVersions.join(", ") || "image version not told");
      if (outcome.kind === "refused") note("refused", outcome.findings.map(({ code }) => code).join(", "));
      if (outcome.kind === "failed") note("failed", outcome.failure.code);
    },
    receipt(outcome: Outcome, leftovers: Leftover[]): Receipt {
      const { buildId, image, door, reason, ticket } = request;
      return {
        schemaVersion: 1,
        buildId,
        image,
        requested: { door, ...(reason ? { reason } : {}), ...(ticket ? { ticket } : {}) },
        startedAt,
        endedAt: time(),
        outcome,
        cleanUp: leftovers.length === 0 ? { kind: "clean" } : { kind: "leftovers", leftovers },
        grants,
        log,
        timeline,
        ...(plan ? { templateHash: plan.templateHash } : {}),
      };
    },
  };
}
