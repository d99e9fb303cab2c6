import type { InvocationContext } from "@azure/functions";
import { type MayWork, NotReady } from "../domain/notReady.ts";
import type { Work } from "../domain/work.ts";
import { logLine } from "../telemetry/logLine.ts";

/** One tick of a timer; where what it does may not be done it is left out, and the log has one line of it. */
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
  await tick();
}
