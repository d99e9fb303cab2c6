import type { InvocationContext } from "@azure/functions";
import { type MayWork, NotReady } from "../domain/notReady.ts";
import type { Work } from "../domain/work.ts";
import { logLine } from "../telemetry/logLine.ts";
import { whyOf } from "../telemetry/whyOf.ts";

/** A tick has failed and the log has a line of why; its text is the service's own. */
export class TickFailed extends Error {}

/**
 * One tick of a timer; where what it does may not be done it is left out, and the log has one line of it.
 *
 * @throws TickFailed, so that the host counts it: of what a tick throws the host writes all, with what Azure has said.
 */
export async function whereReady(
  mayWork: MayWork,
  work: Work,
  context: Pick<InvocationContext, "error">,
  tick: () => Promise<void>,
): Promise<void> {
  try {
    await mayWork(work);
  } catch (error) {
    if (!(error instanceof NotReady)) throw error;
    context.error(logLine("not ready", `${error.message} GET /api/health tells what each of them takes.`));
    return;
  }
  try {
    await tick();
  } catch (error) {
    if (error instanceof TickFailed) throw error;
    const { why, code } = whyOf(error);
    context.error(logLine("tick failed", `The tick failed: ${why}`, { code }));
    throw new TickFailed("The tick failed; a line of the log says why.");
  }
}
