import { NEVER } from "./netTime.ts";

/** What an entity is asked, in the extension's own form: it stands in the histories of those who ask. */
export interface EntityRequest {
  op: string;
  /** Only signals have it: nobody waits for their result. */
  signal?: true;
  /** JSON text. */
  input?: string;
  /** A GUID; the answer's event has it for its name. */
  id: string;
  /** Who asks and what it is answered under; a client's requests have none. */
  parent?: string;
  parentExecution?: string;
  Timestamp: string;
  /** The timestamp of the request that the same one sent before. */
  Predecessor: string;
}

/** What an entity answers. */
export interface EntityResponse {
  /** JSON text. */
  result: string | null;
  exceptionType?: "Error";
}

/** The event by which a request reaches an entity. */
export const REQUEST_EVENT = "op";

const typeName = (name: string) =>
  `Microsoft.Azure.WebJobs.Extensions.DurableTask.${name}, Microsoft.Azure.WebJobs.Extensions.DurableTask`;

/** The order of the fields is the extension's. */
export function requestText({ op, signal, input, id, parent, parentExecution, ...times }: EntityRequest): string {
  return JSON.stringify({
    $type: typeName("RequestMessage"),
    op,
    signal,
    input,
    id,
    parent,
    parentExecution,
    ...times,
  });
}

export const responseText = ({ result, exceptionType }: EntityResponse): string =>
  JSON.stringify({ $type: typeName("ResponseMessage"), result, exceptionType });

/** The request in an event's input; undefined when somebody raised something else at an entity. */
export function requestOf(text: string | null): EntityRequest | undefined {
  const request = (text === null ? null : JSON.parse(text)) as EntityRequest | null;
  return typeof request === "object" && typeof request?.op === "string" ? request : undefined;
}

/** A signal that no orchestration sends: such are not numbered. @param id a GUID. @param input JSON text. */
export function signal(op: string, id: string, input: string | undefined, parent?: string): EntityRequest {
  return {
    op,
    signal: true,
    ...(input === undefined ? {} : { input }),
    id,
    ...(parent === undefined ? {} : { parent }),
    Timestamp: NEVER,
    Predecessor: NEVER,
  };
}

/** @param id 32 hex digits. */
export const guidOf = (id: string): string => id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
