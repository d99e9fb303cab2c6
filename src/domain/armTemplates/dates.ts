import { TemplateFault } from "./templateFault.ts";

const NAMED = new Map(
  Object.entries({
    u: "yyyy-MM-dd HH:mm:ssZ",
    s: "yyyy-MM-ddTHH:mm:ss",
    o: "yyyy-MM-ddTHH:mm:ss.fffffffZ",
  }),
);

/** A time in one of .NET's formats, as `utcNow` takes them; `yyyyMMddTHHmmssZ` unless told. */
export function dated(time: Date, format = "yyyyMMddTHHmmssZ"): string {
  const pattern = NAMED.get(format) ?? format;
  if (pattern.length < 2 || pattern.length > 100)
    throw new TemplateFault(`has a date format that is not understood: ${pattern.slice(0, 20)}`);
  const hour = time.getUTCHours();
  return pattern.replace(/'([^']*)'|([A-Za-z])\2*/g, (part, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted;
    switch (part) {
      case "yyyy":
        return String(time.getUTCFullYear()).padStart(4, "0");
      case "yy":
        return two(time.getUTCFullYear() % 100);
      case "MM":
        return two(time.getUTCMonth() + 1);
      case "M":
        return String(time.getUTCMonth() + 1);
      case "dd":
        return two(time.getUTCDate());
      case "d":
        return String(time.getUTCDate());
      case "HH":
        return two(hour);
      case "H":
        return String(hour);
      case "hh":
        return two(hour % 12 || 12);
      case "mm":
        return two(time.getUTCMinutes());
      case "ss":
        return two(time.getUTCSeconds());
      case "tt":
        return hour < 12 ? "AM" : "PM";
      case "T":
      case "Z":
        return part;
    }
    if (/^f{1,7}$/.test(part))
      return String(time.getUTCMilliseconds()).padStart(3, "0").padEnd(7, "0").slice(0, part.length);
    throw new TemplateFault(`has a date format that is not understood: ${part.slice(0, 20)}`);
  });
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
