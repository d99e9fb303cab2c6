/** Makes two recordings comparable: what differs between any two runs becomes a sign such as `<time>` or `<guid>`. */

export interface Secrets {
  /** Part of every instance id of the run. */
  run: string;
  /** Host name and port. */
  host: string;
  keys: string[];
}

const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const HEX32 = /\b[0-9a-f]{32}\b/gi;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?/g;
const US_TIME = /\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d( [+-]\d\d:\d\d)?/g;
/** Times that scenarios send themselves, and the one that means never. */
const KEPT_TIMES = new Set([
  "2024-01-02T03:04:05.678Z",
  "2024-01-02T03:04:05.6789012Z",
  "2024-01-02T03:04:05+02:00",
  "2024-01-02T03:04:05Z",
  "0001-01-01T00:00:00",
]);
const NUMBERS = new Set(["duration", "startTime", "tookMs", "processId", "lockTime"]);
const PATHS = new Set(["functionDirectory", "script_href", "test_data_href"]);
const LONGEST_TEXT = 3000;

export function normaliser(secrets: Secrets): (value: unknown) => unknown {
  const value = (given: unknown, key = ""): unknown => {
    if (key === "ClientSpanId" && given) return "<span>";
    if (key === "content-length" && given !== "0") return "<n>";
    if (typeof given === "string") return named(key) ?? normaliseText(given, secrets);
    if (typeof given === "number") return number(given, key);
    if (Array.isArray(given)) return given.map((item) => value(item));
    if (typeof given !== "object" || given === null) return given;
    return Object.fromEntries(
      Object.entries(given).map(([name, field]) => [normaliseText(name, secrets), value(field, name)]),
    );
  };
  return (given) => value(given);
}

/** Texts that are known by where they stand. */
function named(key: string): string | undefined {
  if (key === "Date") return "<time>";
  if (PATHS.has(key)) return "<path>";
  return key === "StackTrace" ? "<stack>" : undefined;
}

function number(given: number, key: string): unknown {
  if (given > 1.5e12 && given < 3e12) return "<ms>";
  return NUMBERS.has(key) ? "<n>" : given;
}

function normaliseText(given: string, { run, host, keys }: Secrets): string {
  let text = withoutExceptions(given).replaceAll(run, "RUN");
  for (const key of keys) text = text.replaceAll(key, "<key>").replaceAll(encodeURIComponent(key), "<key>");
  text = text
    .replace(/code=[^&"\s\\]+/g, "code=<key>")
    .replace(/(https?):\/\/((?:127\.0\.0\.1|localhost|\[::1\]):\d+)/g, (_, scheme: string, origin: string) =>
      origin === host ? `${scheme}://HOST` : `${scheme}://LOOPBACK`,
    )
    .replaceAll(host, "HOST")
    .replace(/\b(127\.0\.0\.1|localhost):\d+/g, "LOOPBACK")
    .replace(TIME, (time) => (KEPT_TIMES.has(time) ? time : "<time>"))
    .replace(US_TIME, "<time>")
    .replace(/(\\*"Date\\*":\\*")[^"\\]+/g, "$1<time>")
    .replace(GUID, "<guid>")
    .replace(HEX32, "<hex32>")
    .replace(/(Trigger|httpTrigger|\$return|Client)([0-9a-f]{10})\b/g, "$1<binding>")
    .replace(/(\\*"(?:duration|startTime|d|t)\\*":)\d+(\.\d+)?/g, "$1<n>")
    .replace(/known (orchestrator|entity|activity) functions: [^.]*\./g, "known $1 functions: <list>.");
  text = withoutStacks(text);
  if (text.length <= LONGEST_TEXT) return text;
  return `<string of about ${Math.round(text.length / 1000)}k characters: ${text.slice(0, 120)}...>`;
}

/** Of a stack only that there was one: it names files of the host or the app. */
const withoutStacks = (text: string): string =>
  text
    .replace(/(\\*"(?:StackTrace|stack)\\*":\s*\\*")(?!<)(?:[^"\\]|\\+[^"\\]|\\{2,}")*?(\\*")(?=[,}])/g, "$1<stack>$2")
    .replace(/StackTrace: +at [\s\S]*?(?=\\*"[,}]|$)/g, "StackTrace: <stack>")
    .replace(/(?:(?:\\+r)?\\+n|\r?\n) {2,}at (?:(?!\\+n|\\+r|\\*"|\n)[\s\S])+/g, "<frame>")
    .replace(/(<frame>)+/g, "<stack>");

/** A serialised .NET exception, however deeply it is escaped, as one sign: its text is the host's own. */
function withoutExceptions(text: string): string {
  const begin = /\{(\\*)"\$type\1":\1"System\./.exec(text);
  if (!begin) return text;
  let depth = 0;
  let at = begin.index;
  do {
    if (text[at] === "{") depth++;
    else if (text[at] === "}") depth--;
    at++;
  } while (depth > 0 && at < text.length);
  return withoutExceptions(`${text.slice(0, begin.index)}<exception json>${text.slice(at)}`);
}
