import type { InvocationContext } from "@azure/functions";
import { type MayWork, NotReady } from "../domain/notReady.ts";
import { logLine } from "../telemetry/logLine.ts";

/** One tick of a timer; where the service may do no work it is left out, and the log has one line of it. */
export async function whereReady(
  mayWork: MayWork,
  context: Pick<InvocationContext, "error">,
  tick: () => Promise<void>,
): Promise<void> {
  try {
    await mayWork();
  } catch (error) {
    if (!(error instanceof NotReady)) throw error;
    context.error(logLine("not ready", `${error.message} GET /api/health tells what each of them takes.`));
    return;
  }
  await tick();
}
