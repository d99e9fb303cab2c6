import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import {
  type Attempt,
  type Deliveries,
  MOST_ATTEMPTS,
  type Notice,
  type Verdict,
  verdictOn,
} from "../domain/callbacks/notice.ts";
import { targetOf } from "../domain/callbacks/targets.ts";
import { retryAfterSeconds } from "../domain/retryAfter.ts";
import type { Outgoing } from "../http/outgoing.ts";
import { signedHeaders } from "../http/webhookSignature.ts";
import type { Settings } from "../settings.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

export type DeliveryActivities = ReturnType<typeof deliveryActivities>;

/** Of why there was no answer. */
const MOST_ERROR = 300;

export function deliveryActivities(
  archive: Archive,
  { callbackTargets, callbackSecrets }: Pick<Settings, "callbackTargets" | "callbackSecrets">,
  outgoing: Outgoing,
  telemetry: Telemetry,
) {
  return {
    /** Tries once to deliver the first notice on its way, and keeps how that went. What it has sent may arrive again. */
    async deliverNext(
      deliveries: Deliveries,
    ): Promise<Exclude<Verdict, { kind: "dead" }> | { kind: "dead" | "nothing" }> {
      const first = await firstOnItsWay(deliveries);
      if (!first) return { kind: "nothing" };
      const { attempt, retryAfter } = await attemptTo(first.notice);
      const notice = { ...first.notice, attempts: [...first.notice.attempts, attempt].slice(-MOST_ATTEMPTS) };
      const now = new Date();
      const verdict = verdictOn(notice, retryAfterSeconds(retryAfter, now) ?? 0, now);
      if (verdict.kind !== "delivered") {
        telemetry.measure("goldsmith.callback.failures", 1, { dead: String(verdict.kind === "dead") });
      }
      if (verdict.kind === "again") {
        // Where somebody else has tried meanwhile, it is theirs that is kept.
        await archive.replaceJson(first.name, notice, first.etag);
        return verdict;
      }
      const ended = verdict.kind === "dead" ? { ...notice, dead: verdict.why } : notice;
      await archive.writeJson(archiveNames.notice(verdict.kind, notice), ended);
      await archive.delete(first.name);
      return { kind: verdict.kind };
    },
  };

  async function firstOnItsWay(deliveries: Deliveries) {
    for (const name of (await archive.names(archiveNames.notices("pending", deliveries))).toSorted()) {
      const found = await archive.readJson(name);
      if (found?.value) return { name, notice: found.value as Notice, etag: found.etag };
    }
    return undefined;
  }

  async function attemptTo({ id, url, body }: Notice): Promise<{ attempt: Attempt; retryAfter?: string | undefined }> {
    const now = new Date();
    const at = now.toISOString();
    // The settings may have changed since it was asked for.
    const target = targetOf(url, callbackTargets);
    if (!target) return { attempt: { at, error: "GOLDSMITH_CALLBACK_TARGETS has no target of this URL." } };
    const secrets = target.secretNames.flatMap((name) => callbackSecrets.get(name) ?? []);
    const headers = {
      "content-type": "application/cloudevents+json; charset=utf-8",
      "user-agent": "goldsmith",
      ...signedHeaders({ id, body }, secrets, now),
    };
    try {
      const { status, retryAfter } = await outgoing({ url, headers, body, loopback: target.development });
      return { attempt: { at, status }, retryAfter };
    } catch (error) {
      return { attempt: { at, error: String(error instanceof Error ? error.message : error).slice(0, MOST_ERROR) } };
    }
  }
}
