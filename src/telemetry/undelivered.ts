import { logLine } from "./logLine.ts";
import { outsideSteps } from "./runningStep.ts";

/** What is told goes out every few seconds: an outage is said once in so long. */
const SAID_EVERY_MILLISECONDS = 3_600_000;

/**
 * Says in the log that telemetry does not arrive, since nobody else would: the exporters throw away what is not taken and
 * say nothing of it.
 *
 * @param to who should take it.
 * @returns what is to be told of each time that it was not taken.
 */
export function undelivered(to: string, log: (line: string) => void): (error: unknown) => void {
  // By its code: one that passes must not hide another for an hour.
  const nextAt = new Map<string, number>();
  return (error) => {
    const code = codeOf(error);
    if (Date.now() < (nextAt.get(code) ?? 0)) return;
    nextAt.set(code, Date.now() + SAID_EVERY_MILLISECONDS);
    const text = `What is told of builds does not reach ${to}: ${code}. While that lasts it is said once an hour.`;
    // It is sent by timers that a step may have begun, and has nothing to do with it.
    outsideSteps(() => log(logLine("telemetry not delivered", text, { to, code })));
  };
}

/** A status, the code of a connection that broke, or the kind of error: none of its words, which may have a URL or a key. */
function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (typeof code === "number") return `http-${code}`;
  return (
    ([code, name].find((one) => typeof one === "string" && /^\w{1,60}$/.test(one)) as string | undefined) ?? "unknown"
  );
}
