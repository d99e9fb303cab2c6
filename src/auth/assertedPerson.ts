import { jwtVerify } from "jose";
import * as z from "zod";
import type { Caller } from "../domain/caller.ts";
import { line } from "../domain/buildRequest.ts";

/** A ticket system that may tell which of its people decides: an entry of the setting `GOLDSMITH_APPROVAL_SYSTEMS`. */
export const ApprovalSystem = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, { error: "takes 1 to 40 of a-z, 0-9 and hyphen, a hyphen not first" }),
  /** Object id of the application, as Entra ID has it, that comes for the system. */
  application: z.guid(),
  secretNames: z
    .array(z.string().regex(/^[A-Z][A-Z0-9_]{0,39}$/, { error: "takes capitals, digits and _" }))
    .min(1)
    .max(4),
});
export type ApprovalSystem = z.infer<typeof ApprovalSystem>;

/** One with its keys. */
export type ReadySystem = ApprovalSystem & { secrets: readonly Uint8Array[] };

export const AUDIENCE = "goldsmith";
/** From when it was issued. */
const LONGEST_SECONDS = 600;

/** What is signed: who decides, and on what, so that it is good for nothing else. */
const Claims = z.object({
  sub: line(200),
  name: line(200).optional(),
  build: z.string(),
  decision: z.string(),
  planHash: z.string(),
});

/** What somebody is said to decide. */
export interface Decided {
  build: string;
  decision: string;
  planHash: string;
}

/**
 * The person for whom an application decides, by what its system has signed (a JWT, HS256): for this very decision, and
 * within ten minutes.
 *
 * @returns undefined where that does not hold, whichever part of it.
 */
export async function assertedPerson(
  systems: readonly ReadySystem[],
  caller: Caller,
  assertion: string | undefined,
  decided: Decided,
  now: Date,
): Promise<{ id: string; name?: string; system: string; own: string } | undefined> {
  if (assertion === undefined) return undefined;
  for (const { name: issuer, application, secrets } of systems) {
    if (caller.id.split("/").at(-1)?.toLowerCase() !== application.toLowerCase()) continue;
    for (const secret of secrets) {
      try {
        const { payload } = await jwtVerify(assertion, secret, {
          algorithms: ["HS256"],
          issuer,
          audience: AUDIENCE,
          currentDate: now,
          maxTokenAge: LONGEST_SECONDS,
          requiredClaims: ["iat", "exp", "sub"],
        });
        const claims = Claims.parse(payload);
        const isThis = (["build", "decision", "planHash"] as const).every((claim) => claims[claim] === decided[claim]);
        if (!isThis) continue;
        const { sub, name } = claims;
        return { id: `${issuer}/${sub}`, ...(name === undefined ? {} : { name }), system: issuer, own: sub };
      } catch {
        // Another key may be the one.
      }
    }
  }
  return undefined;
}
