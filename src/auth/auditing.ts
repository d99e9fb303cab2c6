import type { InvocationContext } from "@azure/functions";
import type { Archive } from "../azure/archive.ts";
import type { Settings } from "../settings.ts";
import { type AuditEvent, auditTrail } from "./auditTrail.ts";
import { addressOf } from "./platformHeaders.ts";

/** Where somebody was refused, with the headers that they came with. */
interface At {
  context: Pick<InvocationContext, "warn" | "error">;
  request: { headers: Headers };
}

/** Tells in the log that somebody was refused, and keeps it. */
export type Audit = (at: At, event: Omit<AuditEvent, "address">) => Promise<void>;

/** For doors that themselves find out who comes. */
export function auditing(
  archive: Pick<Archive, "readJson" | "replaceJson">,
  platform: Pick<Settings["platform"], "forwardsAddress">,
): Audit {
  const keep = auditTrail(archive);
  return async ({ context, request }, event) => {
    const told = { ...event, ...addressOf(request.headers, platform) };
    context.warn(`audit ${JSON.stringify(told)}`);
    await keep(told, new Date()).catch((error: unknown) => context.error(`The audit was not kept: ${String(error)}`));
  };
}
