import { z } from "zod";
import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { type Notice, noticeId } from "../domain/callbacks/notice.ts";
import { EVENTS } from "../domain/callbacks/notify.ts";
import { answer } from "../http/answers.ts";
import { door } from "../http/door.ts";

/** Of one answer; how many more there are is told. */
const MOST_NOTICES = 200;

const NoticeView = z.strictObject({
  id: z.string(),
  buildId: z.string(),
  event: z.enum(EVENTS),
  url: z.string(),
  since: z.string().describe("Since when it is tried, ISO 8601."),
  tried: z.int(),
  last: z
    .strictObject({ at: z.string(), status: z.int().optional(), error: z.string().optional() })
    .optional()
    .describe("How the last attempt went: the answer's status, or why there was none."),
  why: z.string().optional().describe("Why it was given up."),
  links: z.strictObject({ build: z.string(), resend: z.string().optional() }),
});
type NoticeView = z.infer<typeof NoticeView>;

const NoticeList = z.strictObject({
  notices: z.array(NoticeView).describe("The latest first."),
  more: z.int().describe("How many others there are."),
});
type NoticeList = z.infer<typeof NoticeList>;

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
