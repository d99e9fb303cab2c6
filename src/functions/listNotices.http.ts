import * as z from "zod";
import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { type Notice, noticeId } from "../domain/callbacks/notice.ts";
import { NoticeList, type NoticeView } from "../domain/callbacks/noticeView.ts";
import { answer } from "../http/answers.ts";
import { door } from "../http/door.ts";

/** Of one answer; how many more there are is told. */
const MOST_NOTICES = 200;

/** Events of builds that are on their way to somebody, or have not arrived. */
export function listNotices(archive: Archive) {
  return door({
    name: "listNotices",
    method: "GET",
    route: "notices",
    summary: "Events of builds that have not arrived at who is to be told",
    role: "Operator",
    answers: { 200: { description: "Dead letters, or what is on its way.", body: NoticeList } },
    query: z.strictObject({
      state: z.enum(["dead", "pending"], { error: "takes dead or pending" }).default("dead"),
    }),
    async handle({ query: { state }, urlOf }) {
      const found = await archive.list(archiveNames.notices(state));
      const latest = found.toSorted((a, b) => b.written.getTime() - a.written.getTime()).slice(0, MOST_NOTICES);
      const read = await Promise.all(latest.map(({ name }) => archive.readJson(name)));
      // What has arrived between the list and the look is no more.
      const notices = read.flatMap((one) => (one?.value ? [viewOf(one.value as Notice, urlOf)] : []));
      return answer(200, { notices, more: found.length - latest.length } satisfies NoticeList);
    },
  });
}

function viewOf(notice: Notice, urlOf: (path: string) => string): NoticeView {
  const { buildId, event, url, since, attempts, dead } = notice;
  const id = noticeId(notice);
  const last = attempts.at(-1);
  return {
    id,
    buildId,
    event,
    url,
    since,
    tried: attempts.length,
    ...(last ? { last } : {}),
    ...(dead ? { why: dead } : {}),
    links: {
      build: urlOf(`/api/builds/${buildId}`),
      ...(dead ? { resend: urlOf(`/api/notices/${id}/resend`) } : {}),
    },
  };
}
