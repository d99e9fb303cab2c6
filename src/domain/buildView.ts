import * as z from "zod";
import { ApprovalAsked } from "./approval.ts";
import { runPhaseOf } from "./buildEvents.ts";
import type { BuildRequest } from "./buildRequest.ts";
import { component } from "./component.ts";
import { HeldGrant, type Outcome, type Progress, Receipt, Requested, requestedOf } from "./receipt.ts";
import { type Limit, LIMITS } from "./turns.ts";

const common = { id: z.string(), image: z.string() };
const links = z.strictObject({
  self: z.url(),
  events: z.url(),
  log: z.url().exactOptional().describe("Where the receipt tells of one."),
});

const UNDER_WAY = ["accepted", "waiting", "running"] as const;
const ENDS = ["built", "refused", "failed", "cancelled"] as const satisfies readonly Outcome["kind"][];

/** How a build is doing, or how it has ended. */
export const BuildState = component("BuildState", z.enum([...UNDER_WAY, ...ENDS]));
export type BuildState = z.infer<typeof BuildState>;

/** The phase in which a build waits for others, and so does nothing. */
export const WAITING = "waiting for its turn";
/** The same while somebody has to decide on it. */
export const WAITING_FOR_APPROVAL = "waiting for approval";

/** A build's place in the queue. */
export const QueuePlace = component(
  "QueuePlace",
  z.strictObject({
    ahead: z.int().min(0).describe("Builds that wait and get their turn before it, as it is now."),
    waitsFor: z.enum(LIMITS).describe("Of what no more builds may run at the same time."),
  }),
);

const underWay = z.strictObject({
  ...common,
  state: BuildState.extract(UNDER_WAY).describe(
    "`waiting`: for its turn, or to be approved; nothing is granted meanwhile.",
  ),
  phase: z.string().describe("What it is doing: Goldsmith's own step, or while it runs image builder's word."),
  queue: QueuePlace.exactOptional().describe("Where it waits for its turn."),
  requested: Requested.exactOptional().describe("What it was asked for by, as in the receipt."),
  startedAt: z.iso.datetime().exactOptional().describe("Absent until the first step has begun."),
  elapsedSeconds: z.int().min(0),
  expectedSeconds: z
    .number()
    .exactOptional()
    .describe("What the whole build is expected to take, from the image's past."),
  approval: ApprovalAsked.omit({ templateHash: true })
    .exactOptional()
    .describe("What somebody has to decide on; absent where nobody has to just now."),
  grants: z.array(HeldGrant).describe("Grants that may be held now."),
  retryAfterSeconds: z.int().describe("When it is worth asking again."),
});
export type UnderWay = z.infer<typeof underWay>;

/** What `GET /api/builds/{id}` answers with. */
export const BuildView = component(
  "Build",
  z.union([
    underWay.extend({ links }),
    z.strictObject({ ...common, state: BuildState.extract(ENDS), receipt: Receipt, links }),
    z.strictObject({
      ...common,
      state: z.literal("failed"),
      detail: z.string().describe("Why there is no receipt; the sweeper writes one."),
      links,
    }),
  ]),
);
export type BuildView = z.infer<typeof BuildView>;

/** What the instance tells that the build waits in: image builder's phase, or its place in the queue. */
export interface Told {
  phase?: string;
  ahead?: number;
  waitsFor?: Limit;
}

/** How a build that is under way shows itself. */
export function buildView(
  id: string,
  image: string,
  progress: Progress | undefined,
  { phase: runPhase, ahead, waitsFor }: Told,
  now: Date,
  request?: BuildRequest,
): UnderWay {
  const elapsedSeconds = progress
    ? Math.max(0, Math.round((now.getTime() - Date.parse(progress.startedAt)) / 1000))
    : 0;
  const left = (progress?.expectedSeconds ?? 0) - elapsedSeconds;
  return {
    id,
    image,
    state: stateOf(progress),
    phase: runPhase ? runPhaseOf(runPhase) : (progress?.phase ?? "accepted"),
    ...(ahead !== undefined && waitsFor ? { queue: { ahead, waitsFor } } : {}),
    ...(request ? { requested: requestedOf(request) } : {}),
    ...(progress ? { startedAt: progress.startedAt } : {}),
    elapsedSeconds,
    ...(progress?.expectedSeconds ? { expectedSeconds: progress.expectedSeconds } : {}),
    ...(progress?.approval ? { approval: progress.approval } : {}),
    grants: progress?.grants ?? [],
    retryAfterSeconds: Math.min(120, Math.max(10, Math.round(left / 10))),
  };
}

function stateOf(progress: Progress | undefined): UnderWay["state"] {
  if (!progress) return "accepted";
  return [WAITING, WAITING_FOR_APPROVAL].includes(progress.phase) ? "waiting" : "running";
}

export function isUnderWayState(state: string): boolean {
  return UNDER_WAY.some((one) => one === state);
}
