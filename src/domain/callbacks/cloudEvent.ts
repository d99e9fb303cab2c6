import type { ApprovalAsked } from "../approval.ts";
import type { BuildRequest } from "../buildRequest.ts";
import type { Leftover, Outcome, Receipt } from "../receipt.ts";
import { redact } from "../redaction.ts";
import type { BuildEvent } from "./notify.ts";

/** So much of what others say goes into an event; all of it is in the receipt. */
const MOST_TEXT = 500;
const MOST_ITEMS = 20;

/** What is told of a build: an event of CloudEvents 1.0 in its JSON format. */
export interface CloudEvent {
  specversion: "1.0";
  /** The same for the same event of the same build for ever: whoever gets it twice knows it by this. */
  id: string;
  /** The installation of the service. */
  source: string;
  type: `goldsmith.build.${BuildEvent}`;
  /** The build's id. */
  subject: string;
  /** When it was so, ISO 8601. */
  time: string;
  datacontenttype: "application/json";
  data: EventData;
}

interface EventData {
  buildId: string;
  image: string;
  /** As the request had it. */
  ticket?: NonNullable<BuildRequest["ticket"]>;
  state: BuildEvent | "running" | Outcome["kind"];
  links: { build: string; approve?: string; reject?: string };
  /** What somebody has to decide on. */
  approval?: ApprovalTold;
  outcome?: ShortOutcome;
  /** The first of them, and how many there are. */
  leftovers?: { count: number; first: Pick<Leftover, "id" | "why">[] };
}

/** Of what a build waits for: see ApprovalAsked. */
export type ApprovalTold = Pick<ApprovalAsked, "planHash" | "expiresAt">;

interface ShortOutcome {
  kind: Outcome["kind"];
  imageVersions?: string[];
  /** Codes of what the preflight found in the way. */
  findings?: string[];
  failure?: { code: string; message: string; owner: string };
  reason?: string;
}

/** What is known of a build when one of its events happens. */
export interface Happened {
  event: BuildEvent;
  request: Pick<BuildRequest, "buildId" | "image" | "ticket">;
  /** ISO 8601. */
  time: string;
  /** Where somebody has to decide on it. */
  approval?: ApprovalTold;
  /** Once it has ended. */
  receipt?: Pick<Receipt, "outcome" | "cleanUp">;
}

/** A build's event. @param source of this installation, a URI. @param serviceUrl the service's origin; empty where nobody knows it. */
export function cloudEvent(
  { event, request, time, approval, receipt }: Happened,
  source: string,
  serviceUrl: string,
): CloudEvent {
  const { buildId, image, ticket } = request;
  const build = `${serviceUrl}/api/builds/${buildId}`;
  const { outcome, cleanUp } = receipt ?? {};
  const leftovers = cleanUp?.kind === "leftovers" ? cleanUp.leftovers : [];
  return {
    specversion: "1.0",
    id: eventId(buildId, event),
    source,
    type: `goldsmith.build.${event}`,
    subject: buildId,
    time,
    datacontenttype: "application/json",
    data: {
      buildId,
      image,
      ...(ticket ? { ticket } : {}),
      state: outcome?.kind ?? (event === "started" ? "running" : event),
      links: { build, ...(approval ? { approve: `${build}/approve`, reject: `${build}/reject` } : {}) },
      ...(approval ? { approval } : {}),
      ...(outcome ? { outcome: short(outcome) } : {}),
      ...(leftovers.length > 0 ? { leftovers: { count: leftovers.length, first: firstOf(leftovers) } } : {}),
    },
  };
}

/** Without the dot that separates what is signed. */
export function eventId(buildId: string, event: BuildEvent): string {
  return `${buildId}-${event}`;
}

function short(outcome: Outcome): ShortOutcome {
  const { kind } = outcome;
  const made = "imageVersions" in outcome ? outcome.imageVersions : undefined;
  const versions = made ? { imageVersions: made.slice(0, MOST_ITEMS) } : {};
  if (kind === "refused") {
    const blocking = outcome.findings.filter(({ severity }) => severity === "blocks").map(({ code }) => code);
    return { kind, findings: [...new Set(blocking)].slice(0, MOST_ITEMS) };
  }
  if (kind === "failed") {
    const { code, message, owner } = outcome.failure;
    return { kind, failure: { code, message: told(message), owner }, ...versions };
  }
  if (kind === "cancelled") return { kind, ...(outcome.reason ? { reason: told(outcome.reason) } : {}), ...versions };
  return { kind, ...versions };
}

function firstOf(leftovers: readonly Leftover[]): Pick<Leftover, "id" | "why">[] {
  return leftovers.slice(0, MOST_ITEMS).map(({ id, why }) => ({ id, why: told(why) }));
}

function told(text: string): string {
  const redacted = redact(text);
  return redacted.length <= MOST_TEXT ? redacted : `${redacted.slice(0, MOST_TEXT)} …`;
}
