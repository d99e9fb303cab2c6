import type { InvocationContext } from "@azure/functions";
import type { Archive } from "../azure/archive.ts";
import type { Settings } from "../settings.ts";
import { type AuditEvent, auditTrail } from "./auditTrail.ts";
import { addressOf } from "./platformHeaders.ts";
import { logLine } from "../telemetry/logLine.ts";
import { whyOf } from "../telemetry/whyOf.ts";

/** Where something happened, with the headers that somebody came with. */
interface At {
  context: Pick<InvocationContext, "log" | "warn" | "error">;
  request: { headers: Headers };
}

/** Tells in the log what happened at a door, and keeps it. @param level `warn` unless told: it was a refusal. */
export type Audit = (at: At, event: Omit<AuditEvent, "address">, level?: "log" | "warn") => Promise<void>;

export function auditing(
  archive: Pick<Archive, "readJson" | "replaceJson">,
  platform: Pick<Settings["platform"], "forwardsAddress">,
): Audit {
  const keep = auditTrail(archive);
  return async ({ context, request }, event, level = "warn") => {
    const told = { ...event, ...addressOf(request.headers, platform) };
    context[level](`audit ${JSON.stringify(told)}`);
    await keep(told, new Date()).catch((error: unknown) =>
      context.error(logLine("audit not kept", `The audit was not kept: ${whyOf(error).why}`)),
    );
  };
}
