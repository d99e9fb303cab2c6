const DURATION = /^(?<count>\d{1,5})(?<unit>[dhm])$/;
const MILLISECONDS: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000 };

export const DURATION_TEXT = "takes a number with d, h or m for days, hours or minutes: 3d, 12h, 30m";

export function isDuration(text: string): boolean {
  return DURATION.test(text);
}

/** Milliseconds of `3d`, `12h`, `30m`. @throws Error where it is none. */
export function millisecondsOf(duration: string): number {
  const { count, unit = "" } = DURATION.exec(duration)?.groups ?? {};
  const milliseconds = Number(count) * (MILLISECONDS[unit] ?? Number.NaN);
  if (Number.isNaN(milliseconds)) throw new Error(`${duration} is no duration: it ${DURATION_TEXT}.`);
  return milliseconds;
}
