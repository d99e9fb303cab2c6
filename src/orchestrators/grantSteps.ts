import type { OrchestrationContext } from "durable-functions";
import { grantChildOf } from "../domain/buildId.ts";
import type { Grant } from "../domain/grant.ts";
import type { Plan } from "../domain/plan.ts";
import type { Steps } from "../durable/call.ts";
import { stubbornEntityOf } from "../durable/keepTrying.ts";
import { type Joined, LEASE, type LeaseEntity, type Left, type Taken } from "../entities/lease.ts";
import type { cancellation } from "./cancellation.ts";
import { granting, PATIENT } from "./patience.ts";

/**
 * Takes a grant, or joins the builds that hold it, however long Azure takes to know it within the given minutes.
 *
 * @param number which of the build's grants it is, from 1.
 */
export function* takeGrant(
  context: OrchestrationContext,
  { buildId, grantSeconds, propagationMinutes }: Plan,
  grant: Grant,
  number: number,
  cancel: ReturnType<typeof cancellation>,
): Steps<Joined> {
  const lease = stubbornEntityOf<LeaseEntity>(
    context,
    LEASE,
    grant.name,
    granting(propagationMinutes),
    (keepTrying, trying) => cancel.child(keepTrying, trying, grantChildOf(number)),
  );
  return yield* lease.join({ grant, buildId, seconds: grantSeconds });
}

/** Lets go of a grant; the last build to do so takes it away and reads back that it is gone. */
export function* releaseGrant(
  context: OrchestrationContext,
  { buildId }: Plan,
  grant: Grant,
  patience = PATIENT,
): Steps<Left | Taken> {
  const lease = stubbornEntityOf<LeaseEntity>(context, LEASE, grant.name, patience);
  return yield* lease.leave({ grant, buildId });
}
