import type { Recorded } from "../app/functions/recorder.ts";
import type { Presented } from "./request.ts";

/** A history event as the orchestrator's payload has it. */
interface PayloadEvent {
  EventType: number;
  EventId: number;
  IsPlayed: boolean;
  Timestamp: string;
  Name?: string;
  TaskScheduledId?: number;
  TimerId?: number;
  FireAt?: string;
  Reason?: string;
  Details?: string;
  FailureDetails?: unknown;
}

interface Payload {
  isReplaying?: boolean;
  history?: PayloadEvent[];
}

/** Everything that can be seen of one instance, as recordings hold it. */
export function describeInstance(status: Presented, records: Recorded[], payloads: "all" | "last") {
  const orchestrations = records.filter(({ kind }) => kind === "orchestration");
  const last = orchestrations.at(-1)?.input as Payload | undefined;
  const history = last?.history ?? [];
  return {
    status: { httpStatus: status.status, headers: status.headers, body: status.body },
    events: history.filter(({ EventType }) => EventType !== 12 && EventType !== 13).map(eventText),
    timerDelaysSeconds: history.filter(({ EventType }) => EventType === 10).map(delayOf),
    failureDetails: history.filter(({ EventType }) => EventType === 6 || EventType === 9).map(failureOf),
    episodes: orchestrations.map(episodeOf),
    ...(payloads === "all"
      ? {
          payloads: orchestrations.map(({ triggerMetadata, retryContext, input }) => ({
            triggerMetadata,
            retryContext,
            input,
          })),
        }
      : last && { lastPayload: last }),
    activities: records
      .filter(({ kind }) => kind === "activity")
      .map(({ name, ...record }) => ({ activity: name, ...invocationOf(record) })),
  };
}

/** Everything that can be seen of one entity. */
export const describeEntity = (state: Presented, records: Recorded[]) => ({
  state,
  invocations: records.map(({ name, ...record }) => ({ name, ...invocationOf(record) })),
});

function invocationOf({ triggerMetadata, inputType, input, returned, threw }: Omit<Recorded, "name">) {
  return { triggerMetadata, inputType, input, ...(threw ? { threw } : { returned }) };
}

export const batchesOf = (record: Recorded): string =>
  ((record.input as Payload | undefined)?.history ?? [])
    .map(({ EventType, IsPlayed }) => `${EventType}${IsPlayed ? "p" : ""}`)
    .join(" ");

const episodeOf = (record: Recorded) => ({
  history: batchesOf(record),
  isReplaying: (record.input as Payload).isReplaying,
  ...(record.threw ? { threw: record.threw } : { returned: record.returned }),
});

function eventText({ EventType, Name, EventId, TaskScheduledId, TimerId }: PayloadEvent): string {
  const of = TaskScheduledId ?? TimerId;
  return `${EventType}${Name === undefined ? "" : ` ${Name}`} id=${EventId}${of === undefined ? "" : ` for=${of}`}`;
}

/** In seconds, to the half. */
const delayOf = ({ FireAt = "", Timestamp }: PayloadEvent): number =>
  Math.round((Date.parse(FireAt) - Date.parse(Timestamp)) / 500) / 2;

const failureOf = ({ EventType, Reason, FailureDetails, Details = "" }: PayloadEvent) => ({
  EventType,
  Reason,
  FailureDetails,
  details: detailsOf(Details),
});

/** A serialised .NET exception, as far as every run has it the same; the stacks inside name files. */
interface NetException {
  $type?: string;
  ClassName?: string;
  Message?: string;
  InnerException?: NetException;
  RemoteTypeName?: string | null;
  RemoteMessage?: string;
}

/** Of a failed activity its exception's shape and messages; of a failed child the text. */
function detailsOf(details: string): unknown {
  if (!details.startsWith("{")) return details;
  const outer = JSON.parse(details) as NetException;
  const inner = outer.InnerException ?? {};
  return {
    keys: Object.keys(outer),
    Message: outer.Message,
    type: outer.$type,
    ClassName: outer.ClassName,
    innerType: inner.$type,
    innerKeys: Object.keys(inner),
    // The test runner's stacks show the colon of a message that is empty.
    innerMessage: (inner.Message ?? "").split(/(?:: )?\n *at /)[0],
    remoteTypeName: inner.RemoteTypeName,
    remoteMessage: inner.RemoteMessage,
  };
}
