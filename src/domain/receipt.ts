import type { BuildRequest } from "./buildRequest.ts";
import type { Failure, Finding } from "./failure.ts";
import type { StandingGrant } from "./standingGrant.ts";
import type { Grant } from "./grant.ts";
import type { ResolvedSource } from "./source.ts";

/** What a build says of itself at its end: asked, done, granted and revoked, kept, left. Times are ISO 8601, UTC. */
export interface Receipt {
  schemaVersion: 1;
  buildId: string;
  image: string;
  /** Of a build whose instance was lost nobody knows the door. */
  requested: Pick<BuildRequest, "reason" | "ticket" | "parameters"> & { door: BuildRequest["door"] | "unknown" };
  startedAt: string;
  endedAt: string;
  outcome: Outcome;
  /** What the preflight warned of, or noted; absent where it was nothing, and where the build was refused. */
  findings?: Finding[];
  cleanUp: CleanUp;
  grants: GrantRecord[];
  log: ArchivedLog;
  timeline: TimelineEntry[];
  /** The managed image of the VHD that the build began with, where the recipe keeps it, and what deletes it. */
  keptImage?: { id: string; command: string };
  /** Why the receipt could not be kept in the archive; absent where it was. */
  notKept?: string;
  /** What the build began with, and which version of it its run took; absent where the build never had a plan. */
  source?: ResolvedSource;
  /** SHA-256 of the template; absent where the build never had a plan. */
  templateHash?: string;
  /** What the recipe's parameters were in the plan, defaults among them; absent where it has none. */
  parameters?: NonNullable<BuildRequest["parameters"]>;
}

/** @returns what a build's instance has ended with, if that is a receipt. */
export function receiptIn(output: unknown): Receipt | undefined {
  const isReceipt = typeof output === "object" && output !== null && "schemaVersion" in output && "buildId" in output;
  return isReceipt ? (output as Receipt) : undefined;
}

export type Outcome =
  /** Image versions and managed images, by their ids; none where Azure did not tell them: the gallery has them. */
  | { kind: "built"; imageVersions: string[]; runSeconds: number }
  | { kind: "refused"; findings: Finding[] }
  /** With image versions where the run made some all the same. */
  | { kind: "failed"; failure: Failure; imageVersions?: string[] }
  | { kind: "cancelled"; reason?: string | undefined; imageVersions?: string[] };

export type CleanUp = { kind: "clean" } | { kind: "leftovers"; leftovers: Leftover[] };

/** Something of ours that could not be removed. */
export interface Leftover {
  id: string;
  why: string;
  /** The command that removes it; absent where nobody has seen that it is this build's. */
  command?: string;
}

export interface GrantRecord extends Pick<Grant, "role" | "scope" | "name"> {
  /** Before the request was sent: from here on it may be held. */
  askedAt: string;
  /** Absent where no answer said so. */
  grantedAt?: string;
  /** On Azure's clock: no build holds it beyond. */
  until?: string;
  /** Somebody else's role assignment that gave the same access and was put up with; nothing was granted. */
  standing?: StandingGrant & {
    /** More of the same; absent where there is no other. */
    others?: StandingGrant[];
  };
  /** When the build let go of it, or it was taken from the build. */
  releasedAt?: string;
  /** Who took it: the build's time was over, or the build was dead. Absent where the build let go itself. */
  takenBy?: "sweeper";
  /** Other builds that still held it then: the last of them removes it. */
  heldByOthers?: number;
  /** When it was read back from Azure, by id and by principal, that it is gone. */
  removedAt?: string;
  /** The time by which Azure documents a removal to be effective; what was begun before may still end. */
  effectiveBy?: string;
}

/** How a build's holding of a grant ended. */
export type GrantEnd = Pick<GrantRecord, "releasedAt" | "takenBy" | "heldByOthers" | "removedAt" | "effectiveBy">;

export interface ArchivedFile {
  name: string;
  url: string;
  bytes: number;
  sha256: string;
  /** Where it lies for a week as image builder wrote it; absent where that is not asked for, or did not work. */
  rawUrl?: string;
}

/** A log that is there and could not be kept. */
export interface UnreadLog {
  name: string;
  why: string;
}

export type ArchivedLog =
  /** Incomplete where its run would not end: then it was read before that. Without what could not be read. */
  | { kind: "archived"; files: ArchivedFile[]; incomplete?: true; unread?: UnreadLog[] }
  /** There was a run, and its log could not be kept. */
  | { kind: "lost"; why: string }
  /** No run, so no log. */
  | { kind: "none" };

/** Whether there is nothing more to be kept. */
export function isWholeLog(log: ArchivedLog | undefined): boolean {
  return log?.kind === "archived" && !log.incomplete && !log.unread;
}

export interface TimelineEntry {
  at: string;
  event: string;
  detail?: string;
}

/** What a build shows of itself while it runs: the durable instance's custom status. */
export interface Progress {
  phase: string;
  startedAt: string;
  /** Seconds that the whole build is expected to take; absent before there is a plan. */
  expectedSeconds?: number;
  /** Where to look for its place in the queue, and for the run's own phase once there is a run. */
  waitInstance?: string;
  /** Grants that may be held now. */
  grants: Pick<GrantRecord, "role" | "scope" | "askedAt">[];
}
