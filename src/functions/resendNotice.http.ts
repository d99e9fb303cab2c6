import type { Outbox } from "../activities/notices.ts";
import { imageOfBuild } from "../domain/buildId.ts";
import { noticeKeyOf } from "../domain/callbacks/notice.ts";
import { NoticeResent } from "../domain/callbacks/noticeView.ts";
import { problem } from "../domain/problem.ts";
import { answer } from "../http/answers.ts";
import { door, Refused } from "../http/door.ts";
import { logLine } from "../telemetry/logLine.ts";

const noticeUnknown = problem(404, "notice-unknown", "There is no dead letter of that id; see /api/notices.");

/** Tries a dead letter anew, for another day. */
export function resendNotice(outbox: Outbox) {
  return door({
    name: "resendNotice",
    method: "POST",
    route: "notices/{id}/resend",
    summary: "Tries a dead letter anew",
    role: "Operator",
    audits: "resend-asked",
    answers: { 202: { description: "It is on its way again.", body: NoticeResent } },
    refuses: { 404: ["notice-unknown"] },
    async handle({ param, client, context }) {
      const id = param("id");
      const key = noticeKeyOf(id);
      if (!key || !imageOfBuild(key.buildId)) throw new Refused(noticeUnknown);
      const isDead = await outbox.resend(key, { client, error: (text) => context.error(logLine("error", text)) });
      if (!isDead) throw new Refused(noticeUnknown);
      return answer(202, { id, state: "pending" } satisfies NoticeResent);
    },
  });
}
