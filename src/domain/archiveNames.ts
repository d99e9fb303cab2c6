import { askedAtOf } from "./buildId.ts";
import type { NoticeKey, NoticeState } from "./callbacks/notice.ts";
import { EVENTS } from "./callbacks/notify.ts";

const LISTED = "listed/";
const SECONDS_DIGITS = 10;

/** Falls while the time grows, in as many digits. */
function newestFirst(at = ""): string {
  return String(10 ** SECONDS_DIGITS - 1 - Date.parse(at) / 1000).padStart(SECONDS_DIGITS, "0");
}

/** Where things lie in the archive container. */
export const archiveNames = {
  /** A build that was asked for and has no receipt yet; with "" what all of them begin with. */
  open: (buildId: string) => (buildId ? `open/${buildId}.json` : "open/"),
  /** A build among all, the newest first, as names are listed; with what it ended as. */
  listed: (buildId: string) => `${LISTED}${newestFirst(askedAtOf(buildId))}-${buildId}`,
  allListed: LISTED,
  buildListed: (name: string) => name.slice(LISTED.length + SECONDS_DIGITS + 1),
  plan: (image: string, buildId: string) => `builds/${image}/${buildId}/plan.json`,
  receipt: (image: string, buildId: string) => `builds/${image}/${buildId}/receipt.json`,
  log: (image: string, buildId: string, file: string) => `builds/${image}/${buildId}/${file}`,
  /** Under it lies a log that was read when one that a receipt may tell of had been kept already. */
  lateLog: (file: string) => file.replace(/(\.[^.]*)?$/, "-late$1"),
  isLog: (name: string) => /^builds\/[^/]+\/[^/]+\/[^/]+\.log$/.test(name),
  /** A container that raw logs have been written to; they go from there also when none are kept any more. */
  rawLogContainer: (container: string) => `raw-logs/${container}.json`,
  rawLogContainers: "raw-logs/",
  containerOf: (name: string) => name.replace(/^raw-logs\//, "").replace(/\.json$/, ""),
  /** Put there before a run is asked for: whoever finds it asks no more. */
  runFence: (image: string, buildId: string, attempt: number) => `builds/${image}/${buildId}/run-${attempt}.json`,
  /** What those of all attempts begin with. */
  runFences: (image: string, buildId: string) => `builds/${image}/${buildId}/run-`,
  /** What the sweeper has found of a dead build. */
  orphan: (image: string, buildId: string) => `builds/${image}/${buildId}/orphan.json`,
  /** What an idempotency key was used for, by a hash of it and of who sent it. */
  claim: (hash: string) => `requests/${hash}.json`,
  claims: "requests/",
  /** The first request to cancel a build. */
  cancel: (image: string, buildId: string) => `builds/${image}/${buildId}/cancel.json`,
  /** What of a build is to be approved. */
  approvalAsked: (image: string, buildId: string) => `builds/${image}/${buildId}/approval-asked.json`,
  /** The first decision on a build's plan. */
  approval: (image: string, buildId: string, planHash: string) =>
    `builds/${image}/${buildId}/approval-${planHash}.json`,
  /** What happened of one kind at the doors in an hour: `2026-11-21T02`. */
  audit: (hour: string, what: string) => `audit/${hour}/${what}.json`,
  /** What a build has left behind, for the operators. */
  alarm: (buildId: string) => `alarms/${buildId}.json`,
  /** An event on its way to somebody, or at its end; in the order of a build's events by their names. */
  notice: (state: NoticeState, { buildId, target, event }: NoticeKey) =>
    `notices/${state}/${buildId}/${target}-${EVENTS.indexOf(event)}-${event}.json`,
  /** What the names begin with of all notices in a state, or of one build's to one receiver. */
  notices: (state: NoticeState, of?: Pick<NoticeKey, "buildId" | "target">) =>
    of ? `notices/${state}/${of.buildId}/${of.target}-` : `notices/${state}/`,
  /** What was asked for of a role assignment, by its name. */
  lease: (name: string) => `leases/${name}.json`,
  leases: "leases/",
  /** What the sweeper has marked. */
  marks: "sweeps/marks.json",
  /** Places that Azure asks not to be asked about for a while, whichever sweep comes. */
  rests: "sweeps/rests.json",
  sweep: (id: string) => `sweeps/${id}.json`,
  /** What a sweep that is under way is going to do, and what of it has been done. */
  sweepWork: (id: string) => `sweeps/work/${id}.json`,
  sweepWorks: "sweeps/work/",
  /** What is known of an image across its builds. */
  image: (image: string) => `images/${image}.json`,
  /** What a build's source meant when its ground was looked at. */
  source: (image: string, buildId: string) => `builds/${image}/${buildId}/source.json`,
  /** When which version of a source was seen first. @param hash of the source and its region. */
  sourceVersions: (hash: string) => `sources/${hash}.json`,
  /** What was decided of the versions of an image's source. */
  follows: (image: string) => `follows/${image}.json`,
  /** What is known of an image's schedule. */
  schedule: (image: string) => `schedules/${image}.json`,
  /** What was decided of an occurrence: whoever writes it first has decided. @param retry 0 of the first time. */
  decision: (image: string, stamp: string, retry: number) =>
    `schedules/${image}/${stamp}${retry === 0 ? "" : `-r${retry}`}.json`,
  decisions: (image: string) => `schedules/${image}/`,
  /** For the operators: a schedule that pauses. */
  scheduleAlarm: (image: string) => `alarms/schedule-${image}.json`,
};
