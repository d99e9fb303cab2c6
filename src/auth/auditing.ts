import type { InvocationContext } from "@azure/functions";
import type { Archive } from "../azure/archive.ts";
import { type AuditEvent, auditTrail } from "./auditTrail.ts";

/** Tells in the log that somebody was refused, and keeps it. */
export type Audit = (context: Pick<InvocationContext, "warn" | "error">, event: AuditEvent) => Promise<void>;

/** For doors that themselves find out who comes. */
export function auditing(archive: Pick<Archive, "readJson" | "replaceJson">): Audit {
  const keep = auditTrail(archive);
  return async (context, event) => {
    context.warn(`audit ${JSON.stringify(event)}`);
    await keep(event, new Date()).catch((error: unknown) => context.error(`The audit was not kept: ${String(error)}`));
  };
}
