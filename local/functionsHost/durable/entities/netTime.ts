/** A point in time as .NET counts it: 100-nanosecond ticks, here since 1970. */
export type Ticks = bigint;

const TICKS_IN_MILLISECOND = 10_000n;

/** What .NET's `DateTime` is when nobody set it. */
export const NEVER = "0001-01-01T00:00:00";

/** @param time milliseconds since 1970. */
export const ticksOf = (time: number): Ticks => BigInt(time) * TICKS_IN_MILLISECOND;

/** ISO 8601, UTC, with the seven decimals that a tick needs. */
export function ticksText(ticks: Ticks): string {
  const iso = new Date(Number(ticks / TICKS_IN_MILLISECOND)).toISOString().slice(0, -1);
  return `${iso}${String(ticks % TICKS_IN_MILLISECOND).padStart(4, "0")}Z`;
}
