import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import type { DurableClient } from "durable-functions";
import type * as z from "zod";
import type { Act } from "../auth/auditTrail.ts";
import type { Caller, Role } from "../domain/caller.ts";
import type { BodyLimits } from "../domain/jsonBody.ts";
import type { Problem, ProblemStatus } from "../domain/problem.ts";

/** A request that the service takes, by method and path. */
export interface Door<Query extends z.ZodRawShape = z.ZodRawShape> {
  /** The function's. */
  name: string;
  method: "GET" | "POST";
  /** Below `/api/`, as the host writes routes: `images/{image}/plan`. */
  route: string;
  /** What it is for, in a line. */
  summary: string;
  /** What its caller needs. */
  role: Role | "anyone";
  /** Of one that shows several images: its handler leaves out those for which the caller has not the role. */
  showsPermitted?: true;
  /** Events are sent to it: by applications that the settings name, which first ask whether they may. */
  isWebhook?: true;
  /** What the audit calls it that somebody came in, where nothing else keeps who that was. */
  audits?: Act;
  /** It tells how the service is, also where its settings cannot be used: nobody is known then. */
  isHealth?: true;
  /** By status, but for refusals. */
  answers: Record<number, DoorAnswer>;
  /** Kinds of problem documents by status, beside those that every door has: see refusals.ts. */
  refuses?: Partial<Record<ProblemStatus, readonly string[]>>;
  /** What the body may be; of some doors it depends on the path, and the handler knows better. */
  takes?: z.ZodType;
  /** What a body may be announced as; `application/json` unless told. */
  mediaTypes?: readonly string[];
  /** Parameters of the query; others are refused, so that none is misspelt in silence. */
  query?: z.ZodObject<Query>;
  /** Headers that it acts upon. */
  headers?: readonly RequestHeader[];
  /** @throws Refused where the request cannot be granted. */
  handle(asked: Asked<z.infer<z.ZodObject<Query>>>): Promise<HttpResponseInit>;
}

export interface DoorAnswer {
  description: string;
  /** Of its JSON. Where there is neither this nor text, an answer of this status has no body. */
  body?: z.ZodType;
  /** Plain text. */
  text?: true;
  /** It answers with other headers of these in no case. */
  headers?: Partial<Record<AnswerHeader, "always" | "sometimes">>;
}

export type RequestHeader = "If-None-Match" | "Range" | "If-Range" | "Idempotency-Key";

/** What a caller acts upon. */
export type AnswerHeader = "Location" | "Retry-After" | "ETag" | "Accept-Ranges" | "Content-Range";

/** A request that came in by a door. */
export interface Asked<Query = Record<string, unknown>> {
  request: HttpRequest;
  context: InvocationContext;
  client: DurableClient;
  caller: Caller;
  /** What stands in the route's place of that name, decoded; empty where it has none. */
  param: (name: string) => string;
  query: Query;
  /** @throws Refused where the body is not of that form. */
  body: <Body>(schema: z.ZodType<Body>, limits?: BodyLimits) => Promise<Body>;
  /**
   * Asked when all else is right, before something is begun that would fail where Azure says that the settings are not.
   *
   * @throws NotReady.
   */
  ready: () => Promise<void>;
  /** An absolute URL of this service, as the caller reaches it. @param path from its root. */
  urlOf: (path: string) => string;
}

/** A door whose handler knows the parameters of its query. */
export function door<Query extends z.ZodRawShape = z.ZodRawShape>(made: Door<Query>): Door {
  return made;
}

/** The answer to a request that cannot be granted. */
export class Refused extends Error {
  readonly problem: Problem;
  readonly headers: Record<string, string>;

  constructor(problem: Problem, headers: Record<string, string> = {}) {
    super(problem.detail);
    this.name = "Refused";
    this.problem = problem;
    this.headers = headers;
  }
}
