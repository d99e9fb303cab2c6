/**
 * What a clock on a wall shows, as the instant at which one in Greenwich shows the same: what schedules are written in.
 * A time zone turns one into the other: a wall's time may come twice in autumn, and one in spring not at all.
 */
export type WallTime = Date;

/** @returns what is wrong with the name of a time zone; undefined where nothing is. */
export function zoneFault(timeZone: string): string | undefined {
  try {
    formatOf(timeZone);
    return undefined;
  } catch {
    return "is not a time zone: write its name in the IANA database, as Europe/Berlin or UTC";
  }
}

/**
 * The instant at which a wall's clock shows a time: the first one where it comes twice; where it does not come, as much
 * later as the clock was put forward.
 */
export function instantOf(wall: WallTime, timeZone: string): Date {
  if (timeZone === "UTC") return new Date(wall);
  // The clock is ahead of Greenwich by what it was the day before, or by what it is the day after.
  const [before = wall, after = wall] = [-DAY, DAY].map((shift) => {
    const near = new Date(wall.getTime() + shift);
    return new Date(wall.getTime() - (wallTimeOf(near, timeZone).getTime() - near.getTime()));
  });
  const shown = [before, after].filter((one) => wallTimeOf(one, timeZone).getTime() === wall.getTime());
  return shown.toSorted((one, other) => one.getTime() - other.getTime())[0] ?? before;
}

const DAY = 86_400_000;

/** What the clock shows at an instant. */
export function wallTimeOf(instant: Date, timeZone: string): WallTime {
  if (timeZone === "UTC") return new Date(instant);
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day, hour, minute, second } = parts;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

/** Made once a zone: that takes longer than to use it. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const two = "2-digit";
  const made = new Intl.DateTimeFormat("en", {
    timeZone,
    calendar: "gregory",
    hourCycle: "h23",
    year: "numeric",
    month: two,
    day: two,
    hour: two,
    minute: two,
    second: two,
  });
  formats.set(timeZone, made);
  return made;
}
