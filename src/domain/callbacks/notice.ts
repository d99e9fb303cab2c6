import { type BuildEvent, EVENTS } from "./notify.ts";

/** An event on its way to one of those who are told. */
export interface Notice {
  /** The event's. */
  id: string;
  buildId: string;
  event: BuildEvent;
  /** Which of the build's callbacks, from 0. */
  target: number;
  url: string;
  /** As it is signed and sent, at each attempt the same. */
  body: string;
  /** Since when it is tried, ISO 8601. */
  since: string;
  attempts: Attempt[];
  /** Why it was given up; absent where it was not. */
  dead?: string;
}

export interface Attempt {
  /** ISO 8601. */
  at: string;
  /** Of the answer; absent where there was none. */
  status?: number;
  /** Why there was none. */
  error?: string;
}

/** Where a notice is: on its way, or at its end. */
export const NOTICE_STATES = ["pending", "delivered", "dead"] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];

/** Seconds for which a notice is tried. */
const TRIED_SECONDS = 24 * 3600;
const FIRST_PAUSE_SECONDS = 5;
const LONGEST_PAUSE_SECONDS = 3600;
/** Of attempts that are kept, the last ones. */
export const MOST_ATTEMPTS = 60;

export type Verdict =
  | { kind: "delivered" }
  /** Nothing mends it but a person. */
  | { kind: "dead"; why: string }
  /** After so many seconds, and not earlier than the receiver asks for. */
  | { kind: "again"; seconds: number; leastSeconds: number };

/**
 * What follows from the last attempt. Success is a 2xx, and a 410 means that nobody is there any more; whatever else,
 * redirects among it, may pass.
 *
 * @param retryAfterSeconds that the receiver asks for; it is taken at its word up to an hour.
 */
export function verdictOn({ since, attempts }: Notice, retryAfterSeconds: number, now: Date): Verdict {
  const { status, error } = attempts.at(-1) ?? {};
  if (status !== undefined && status >= 200 && status < 300) return { kind: "delivered" };
  if (status === 410) return { kind: "dead", why: "The receiver answers 410: nobody is there any more." };
  if (now.getTime() - Date.parse(since) >= TRIED_SECONDS * 1000) {
    return { kind: "dead", why: `It was tried for 24 hours; last: ${error ?? `status ${status}`}` };
  }
  const tried = attempts.filter(({ at }) => Date.parse(at) >= Date.parse(since)).length;
  const seconds = Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** Math.min(tried - 1, 20));
  return { kind: "again", seconds, leastSeconds: Math.min(LONGEST_PAUSE_SECONDS, retryAfterSeconds) };
}

/** What is the same of a notice in each state: the build, which of its callbacks, and which event. */
export type NoticeKey = Pick<Notice, "buildId" | "target" | "event">;

/** A build's notices to one receiver: whom another one keeps waiting is nothing to it. */
export type Deliveries = Pick<NoticeKey, "buildId" | "target">;

/** The instance that delivers them. */
export function deliveriesId({ buildId, target }: Deliveries): string {
  return `${buildId}-notify-${target}`;
}

/** A notice's id for people and URLs. */
export function noticeId({ buildId, target, event }: NoticeKey): string {
  return `${buildId}-${target}-${event}`;
}

/** @returns undefined where no notice has such an id; the build is not looked at. */
export function noticeKeyOf(id: string): NoticeKey | undefined {
  const { buildId = "", target, event } = NOTICE_ID.exec(id)?.groups ?? {};
  const known = EVENTS.find((name) => name === event);
  return known ? { buildId, target: Number(target), event: known } : undefined;
}
const NOTICE_ID = /^(?<buildId>[a-z0-9-]{1,200})-(?<target>\d)-(?<event>[a-z]+)$/;
