import * as z from "zod";
import { pathPattern } from "./pathPattern.ts";

const path = z.string().refine(isPattern, { error: "is not a regular expression or a glob" });
const text = z.string();

/** What happens to requests instead of, before or after their being served. */
export const requestFault = z.strictObject({
  kind: z.enum(["respond", "loseReply", "reset", "delay", "hang"]).default("respond"),
  method: text.optional(),
  /** A regular expression or a glob, over the path without its query. */
  path: path.optional(),
  /** How often it strikes; without it, always. */
  count: z.int().min(1).optional(),
  /** How often it strikes of the requests that it concerns, by the seed. */
  probability: z.number().min(0).max(1).optional(),
  /** So many requests that it concerns are let through first. */
  after: z.int().min(0).optional(),
  /** Of a `respond` or a `hang`: the request is carried out all the same. */
  executed: z.boolean().optional(),
  status: z.int().min(400).max(599).optional(),
  code: text.optional(),
  message: text.optional(),
  details: z.array(z.strictObject({ code: text, target: text.optional(), message: text })).optional(),
  /** Instead of an error body: what gateways in front of ARM send. */
  html: text.optional(),
  headers: z.record(z.string().regex(/^[!#$%&'*+.^`|~\w-]+$/), z.string().regex(/^[\t\x20-\x7e]*$/)).optional(),
  /** Seconds of the clock before anything else. */
  delaySeconds: z.number().min(0).max(86_400).optional(),
});

export type RequestFault = z.infer<typeof requestFault>;
export type RequestFaultInput = z.input<typeof requestFault>;

/** Whether the request that it strikes is carried out. */
export function letsExecute({ kind, executed = false }: RequestFault): boolean {
  return kind === "loseReply" || kind === "delay" || (kind !== "reset" && executed);
}

/** @throws Error where a fault of its kind cannot do without something. */
export function requireComplete({ kind, status, delaySeconds }: RequestFault): void {
  if (kind === "respond" && status === undefined) throw new Error('A fault of kind "respond" needs a status.');
  if (kind === "delay" && delaySeconds === undefined) throw new Error('A fault of kind "delay" needs delaySeconds.');
}

function isPattern(path: string): boolean {
  try {
    return Boolean(pathPattern(path));
  } catch {
    return false;
  }
}
