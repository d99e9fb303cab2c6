import { Cron } from "croner";

/** NCRONTAB has numbers, names, lists, ranges and steps, and none of the letters of other dialects. */
const FIELD = /^(?:\*|\w+)(?:-\w+)?(?:\/\d+)?(?:,(?:\*|\w+)(?:-\w+)?(?:\/\d+)?)*$/;
const WORDS = /[a-z]+/gi;
const NAMES = new Set("jan feb mar apr may jun jul aug sep oct nov dec sun mon tue wed thu fri sat".split(" "));

/**
 * A timer's schedule as Azure Functions takes it, of six fields, seconds first, and in UTC. A day has to be among those of
 * the month and among those of the week; Sunday is 0 alone.
 *
 * @returns undefined where the host would not take it: its timer would never run.
 */
export function ncrontabOf(text: string): Cron | undefined {
  const fields = text.trim().split(/\s+/);
  const isTaken =
    fields.length === 6 &&
    fields.every((field) => FIELD.test(field)) &&
    (text.match(WORDS) ?? []).every((word) => NAMES.has(word.toLowerCase())) &&
    !/(?:^|[,-])0*7/.test(fields.at(-1) ?? "");
  if (!isTaken) return undefined;
  try {
    const cron = new Cron(fields.join(" "), {
      mode: "6-part",
      paused: true,
      timezone: "UTC",
      domAndDow: true,
      sloppyRanges: true,
    });
    return cron.nextRun() ? cron : undefined;
  } catch {
    return undefined;
  }
}
