import * as z from "zod";
import { type ApprovalAsked, Decision } from "./approval.ts";
import { BuildDoor, type BuildRequest, BuildRequestBody } from "./buildRequest.ts";
import { component } from "./component.ts";
import { Failure, Finding } from "./failure.ts";
import type { EventWindow } from "./buildEvents.ts";
import { Grant } from "./grant.ts";
import { imageDeletion } from "./importedImage.ts";
import { ResolvedSource } from "./source.ts";
import { StandingGrant } from "./standingGrant.ts";
import { TraceParent } from "./traceParent.ts";

const { reason, ticket, parameters, notify } = BuildRequestBody.shape;
const time = z.iso.datetime();
const imageVersions = z.array(z.string());

export const Outcome = component(
  "Outcome",
  z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("built"),
      imageVersions: imageVersions.describe(
        "Image versions and managed images, by their ids; none where Azure did not tell them: the gallery has them.",
      ),
      runSeconds: z.number(),
    }),
    z.strictObject({
      kind: z.literal("refused"),
      findings: z.array(Finding),
      imageVersions: imageVersions
        .exactOptional()
        .describe("Made already, where they were not approved to be published: they are not the latest."),
    }),
    z.strictObject({
      kind: z.literal("failed"),
      failure: Failure,
      imageVersions: imageVersions.exactOptional().describe("Where the run made some all the same."),
    }),
    z.strictObject({
      kind: z.literal("cancelled"),
      reason,
      imageVersions: imageVersions.exactOptional().describe("Where the run made some all the same."),
    }),
  ]),
);
export type Outcome = z.infer<typeof Outcome>;

/** Whether an image version became the latest of its definition, where the recipe has that approved. */
export const Publication = component(
  "Publication",
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("published"), id: z.string(), at: time.describe("When that was read back.") }),
    z.strictObject({
      kind: z.literal("withheld").describe("It is kept out of what latest means."),
      id: z.string(),
      command: z.string().describe("The command that deletes it."),
    }),
    z.strictObject({ kind: z.literal("unknown").describe("It was asked for, and not read back."), id: z.string() }),
  ]),
);
export type Publication = z.infer<typeof Publication>;

/** Something of ours that could not be removed. */
export const Leftover = component(
  "Leftover",
  z.strictObject({
    id: z.string(),
    why: z.string(),
    command: z
      .string()
      .exactOptional()
      .describe("The command that removes it; absent where nobody has seen that it is this build's."),
  }),
);
export type Leftover = z.infer<typeof Leftover>;

export const CleanUp = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("clean") }),
  z.strictObject({ kind: z.literal("leftovers"), leftovers: z.array(Leftover) }),
]);
export type CleanUp = z.infer<typeof CleanUp>;

export const GrantRecord = component(
  "GrantRecord",
  z.strictObject({
    ...Grant.pick({ role: true, scope: true, name: true }).shape,
    askedAt: time.describe("Before the request was sent: from here on it may be held."),
    grantedAt: time.exactOptional().describe("Absent where no answer said so."),
    until: time.exactOptional().describe("On Azure's clock: no build holds it beyond."),
    standing: StandingGrant.extend({
      others: z.array(StandingGrant).exactOptional().describe("More of the same; absent where there is no other."),
    })
      .exactOptional()
      .describe("Somebody else's role assignment that gave the same access and was put up with; nothing was granted."),
    releasedAt: time.exactOptional().describe("When the build let go of it, or it was taken from the build."),
    takenBy: z
      .literal("sweeper")
      .exactOptional()
      .describe("Who took it: the build's time was over, or the build was dead. Absent where the build let go itself."),
    heldByOthers: z
      .int()
      .exactOptional()
      .describe("Other builds that still held it then: the last of them removes it."),
    removedAt: time
      .exactOptional()
      .describe("When it was read back from Azure, by id and by principal, that it is gone."),
    effectiveBy: time
      .exactOptional()
      .describe("By when Azure documents a removal to be effective; what was begun before may still end."),
  }),
);
export type GrantRecord = z.infer<typeof GrantRecord>;

/** How a build's holding of a grant ended. */
export type GrantEnd = Pick<GrantRecord, "releasedAt" | "takenBy" | "heldByOthers" | "removedAt" | "effectiveBy">;

export const ArchivedFile = component(
  "ArchivedFile",
  z.strictObject({
    name: z.string(),
    url: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    rawUrl: z
      .string()
      .exactOptional()
      .describe(
        "Where it lies for a week as image builder wrote it; absent where that is not asked for, or did not work.",
      ),
  }),
);
export type ArchivedFile = z.infer<typeof ArchivedFile>;

/** A log that is there and could not be kept. */
export const UnreadLog = z.strictObject({ name: z.string(), why: z.string() });
export type UnreadLog = z.infer<typeof UnreadLog>;

export const ArchivedLog = component(
  "ArchivedLog",
  z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("archived"),
      files: z.array(ArchivedFile),
      incomplete: z
        .literal(true)
        .exactOptional()
        .describe("Where its run would not end: then it was read before that."),
      unread: z.array(UnreadLog).exactOptional().describe("What could not be read."),
    }),
    z.strictObject({
      kind: z.literal("lost").describe("There was a run, and its log could not be kept."),
      why: z.string(),
    }),
    z.strictObject({ kind: z.literal("none").describe("No run, so no log.") }),
  ]),
);
export type ArchivedLog = z.infer<typeof ArchivedLog>;

export const TimelineEntry = component(
  "TimelineEntry",
  z.strictObject({ at: time, event: z.string(), detail: z.string().exactOptional() }),
);
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** A phase that a build came to. */
export const PhaseEntry = z.strictObject({
  at: time,
  phase: z.string(),
  after: z.int().min(0).describe("How many entries of the timeline came before it."),
});
export type PhaseEntry = z.infer<typeof PhaseEntry>;

/** What a build was asked for by. */
export const Requested = component(
  "Requested",
  z.strictObject({
    reason,
    ticket,
    parameters,
    notify,
    requester: z
      .string()
      .exactOptional()
      .describe(
        "Who asked, as the service knows callers: tenant and object id, after `application/` where it is no person; `key/<name>` or `hook/<name>`.",
      ),
    traceparent: TraceParent.exactOptional().describe(
      "Where the request stood in a trace of its caller's, as it said by the header of that name.",
    ),
    door: BuildDoor.or(z.literal("unknown")).describe("Of a build whose instance was lost nobody knows the door."),
  }),
);
export type Requested = z.infer<typeof Requested>;

/** What a build says of itself at its end: asked, done, granted and revoked, kept, left. Times are ISO 8601, UTC. */
export const Receipt = component(
  "Receipt",
  z.strictObject({
    schemaVersion: z.literal(1),
    buildId: z.string(),
    image: z.string(),
    requested: Requested,
    startedAt: time,
    endedAt: time,
    outcome: Outcome,
    findings: z
      .array(Finding)
      .exactOptional()
      .describe(
        "What the preflight warned of, or noted; absent where it was nothing, and where the build was refused.",
      ),
    approval: Decision.exactOptional().describe("Who decided on the build, where the recipe asks for that."),
    publication: z
      .array(Publication)
      .exactOptional()
      .describe("Of each image version, where the recipe has it approved before it is published."),
    cleanUp: CleanUp,
    grants: z.array(GrantRecord),
    log: ArchivedLog,
    timeline: z.array(TimelineEntry),
    phases: z
      .array(PhaseEntry)
      .exactOptional()
      .describe("What the build was at, in order; absent where the sweeper wrote the receipt."),
    keptImage: z
      .strictObject({ id: z.string(), command: z.string() })
      .exactOptional()
      .describe(
        "The managed image of the VHD that the build began with, where the recipe keeps it, and what deletes it.",
      ),
    notKept: z
      .string()
      .exactOptional()
      .describe("Why the receipt could not be kept in the archive; absent where it was."),
    source: ResolvedSource.exactOptional().describe(
      "What the build began with, and which version of it its run took; absent where there never was a plan.",
    ),
    templateHash: z.string().exactOptional().describe("SHA-256 of the template; absent where there never was a plan."),
    parameters: parameters
      .unwrap()
      .exactOptional()
      .describe("What the recipe's parameters were in the plan, defaults among them; absent where it has none."),
  }),
);
export type Receipt = z.infer<typeof Receipt>;

/** @returns what a build's instance has ended with, if that is a receipt. */
export function receiptIn(output: unknown): Receipt | undefined {
  const isReceipt = typeof output === "object" && output !== null && "schemaVersion" in output && "buildId" in output;
  return isReceipt ? (output as Receipt) : undefined;
}

/** @param asked versions that were to become the latest, with when it was read back that they are. */
export function publicationOf(
  outcome: Outcome,
  asked: ReadonlyMap<string, string | undefined>,
): Pick<Receipt, "publication"> {
  const versions = outcome.imageVersions ?? [];
  if (versions.length === 0) return {};
  const publication = versions.map((id): Publication => {
    const at = asked.get(id);
    if (at !== undefined) return { kind: "published", id, at };
    return asked.has(id) ? { kind: "unknown", id } : { kind: "withheld", id, command: imageDeletion(id) };
  });
  return { publication };
}

/** Whether there is nothing more to be kept. */
export function isWholeLog(log: ArchivedLog | undefined): boolean {
  return log?.kind === "archived" && !log.incomplete && !log.unread;
}

/** A grant that may be held now. */
export const HeldGrant = GrantRecord.pick({ role: true, scope: true, askedAt: true });

/** What a build shows of itself while it runs: the durable instance's custom status. */
export interface Progress {
  phase: string;
  startedAt: string;
  /** Seconds that the whole build is expected to take; absent before there is a plan. */
  expectedSeconds?: number;
  /** What it waits for somebody to approve. */
  approval?: Omit<ApprovalAsked, "templateHash">;
  /** Where to look for its place in the queue, and for the run's own phase once there is a run. */
  waitInstance?: string;
  /** Grants that may be held now. */
  grants: z.infer<typeof HeldGrant>[];
  /** The last of what has happened. */
  events: EventWindow;
}

export function requestedOf({
  door,
  requester,
  reason,
  ticket,
  parameters,
  notify,
  traceparent,
}: Omit<BuildRequest, "buildId" | "image">): Requested {
  return {
    door,
    ...(requester ? { requester } : {}),
    ...(reason ? { reason } : {}),
    ...(ticket ? { ticket } : {}),
    ...(parameters ? { parameters } : {}),
    ...(notify ? { notify } : {}),
    ...(traceparent ? { traceparent } : {}),
  };
}
