import { lineEndOf } from "./longLines.ts";
import { KEY_MARK } from "./privateKeys.ts";
import { ENVIRONMENT_KEY, IS, NAME, OPTION, VALUE } from "./secretShapes.ts";

/** What packer writes before each line of what a script says, and image builder before that. */
const PREFIX = String.raw`(?:(?:(?:\[[\w-]{1,64}\][ \t])?PACKER[ \t](?:OUT|ERR)[ \t])?[ \t]{0,16}(?:==>[ \t])?azure-arm:[ \t]?)?`;

/** Lines after which a secret counts as ended whose end was never printed; an RSA key of 16,384 bits has 200. */
const LONGEST_SECRET = 300;
/** The same of a quote, which may be none. */
const LONGEST_QUOTE = 50;
/** Lines that an ARM parameter's value may stand behind its name. */
const LONGEST_PARAMETER = 4;

/** Takes what is open out of a line, or a piece of one, without packer's words before it. */
type Carry = (line: string) => Taken;

interface Taken {
  text: string;
  /** What is still open then. */
  carry?: Carry | undefined;
}

/**
 * Takes secrets that go on in the lines after the one with their names out of texts that follow each other, of whole
 * lines or pieces of one. No text is kept for it, only what is open.
 *
 * @param redactLine takes out what stands in one line; it may be given several.
 */
export function carriedSecretFilter(redactLine: (text: string) => string): (text: string) => string {
  let carry: Carry | undefined;

  function takeCarried(line: string): string {
    if (!carry) return line;
    let text = "";
    for (const [index, part] of line.split(KEY_MARK).entries()) {
      // The marks of a private key stay: they tell where it ends.
      const isMark = index % 2 === 1;
      const [prefix, rest] = isMark ? [part, ""] : apart(part);
      const taken: Taken = carry && rest ? carry(rest) : { text: rest, carry };
      text += prefix + taken.text;
      carry = taken.carry;
    }
    return text;
  }

  return (text) => {
    const redacted = redactLine(text);
    // Most texts leave nothing open, and need not be looked at line by line.
    if (!carry && !opened(text, redacted)) return redacted;
    const lines = redacted.split(LINES);
    return text
      .split(LINES)
      .map((line, index) => {
        const rest = takeCarried(line);
        const stays = rest === line ? (lines[index] ?? "") : redactLine(rest);
        carry ??= opened(rest, stays);
        return stays;
      })
      .join("");
  };
}

const LINES = /(?<=\n)/;

/** What a line leaves open, or any of several. @param redacted the same without the secrets that stand in it. */
function opened(line: string, redacted: string): Carry | undefined {
  const begun = found(QUOTE_BEGUN, line) ?? found(QUOTE_BEGUN, redacted);
  if (begun) return quoted(begun.groups?.double ?? "'", LONGEST_QUOTE);
  if (found(VALUE_FOLLOWS, redacted)) return value;
  if (found(PARAMETER_BEGUN, line)) return parameter(LONGEST_PARAMETER);
  if (found(BLOCK_BEGUN, line)) return block(indentOf(apart(line)[1]), LONGEST_SECRET);
  if (WRAPPED.test(line) && TAKEN_TO_ITS_END.test(redacted)) return wrapped(LONGEST_SECRET);
  return undefined;
}

function found(patterns: readonly RegExp[], line: string): RegExpExecArray | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(line);
    if (match) return match;
  }
  return undefined;
}

/** What stands after any name of a secret. */
const named = (after: string) => [new RegExp(NAME + after, "i"), new RegExp(ENVIRONMENT_KEY + after)];

const LINE_END = String.raw`[ \t]{0,64}\r?\n`;

/** `PASSWORD="first` */
const QUOTE_BEGUN = named(String.raw`${IS}(?:(?<double>")(?:[^"\\\n]|\\[^\n])*\\?|(?<single>')[^'\n]*)\n`);

/** `export PASSWORD=\`, `--password \`; `"password":`, as JSON is written for people. */
const VALUE_FOLLOWS = [
  ...named(String.raw`${IS}(?:\[redacted\])?\\\r?\n`),
  new RegExp(String.raw`${OPTION}(?:\[redacted\])?\\\r?\n`, "i"),
  ...named(String.raw`\\?["'][ \t]{0,8}:${LINE_END}`),
];

/** `"adminPassword": {`, of an ARM template's parameters. */
const PARAMETER_BEGUN = named(String.raw`\\?["'][ \t]{0,8}:[ \t]{0,64}\{${LINE_END}`);

/** `password: |`, of YAML. */
const BLOCK_BEGUN = named(String.raw`["']?[ \t]{0,8}:[ \t]{1,64}[|>][+-]?${LINE_END}`);

/** Base 64 up to the line's end, as tools wrap it. */
const WRAPPED = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{60,}\r?\n/;
const TAKEN_TO_ITS_END = /\[redacted\]\r?\n/;

const PREFIXED = new RegExp(`^${PREFIX}`);
const NEXT_VALUE = new RegExp(String.raw`^(?<before>[ \t]{0,64})(?![-[{])(?<value>${VALUE})`);
const PARAMETER_VALUE = new RegExp(String.raw`^([ \t]{0,64}\\?["']?value\\?["']?[ \t]{0,8}:[ \t]{0,64})${VALUE}`, "i");
const PARAMETER_END = /^[ \t]{0,64}\}/;
const MORE_BASE64 = /^(?<before>[ \t]{0,64})(?<secret>[A-Za-z0-9+/]{1,}={0,2})(?<after>[\\"',;]{0,4}\r?\n?)$/;

/** What packer writes before a line, and the line. */
function apart(line: string): [prefix: string, rest: string] {
  const [prefix = ""] = PREFIXED.exec(line) ?? [];
  return [prefix, line.slice(prefix.length)];
}

const value: Carry = (line) => {
  const { before = "", value: taken = "" } = NEXT_VALUE.exec(line)?.groups ?? {};
  if (!taken) return { text: line };
  const rest = line.slice(before.length + taken.length);
  const [quote = ""] = /^["']/.exec(taken) ?? [];
  const isClosed = taken.length > 1 && taken.endsWith(quote);
  const text = `${before}[redacted]${rest}`;
  if (quote && !isClosed) return { text, carry: quoted(quote, LONGEST_QUOTE) };
  return { text, carry: /^(?:\\\r?\n)?$/.test(rest) ? value : undefined };
};

function quoted(quote: string, left: number): Carry {
  const upToQuote = quote === '"' ? /^(?:[^"\\]|\\[^])*(?=")/ : /^[^']*(?=')/;
  return (line) => {
    const inside = upToQuote.exec(line)?.[0];
    if (inside !== undefined) return { text: marked(inside) + line.slice(inside.length) };
    return { text: marked(line), carry: left > 1 ? quoted(quote, left - 1) : undefined };
  };
}

function parameter(left: number): Carry {
  return (line) => {
    const text = line.replace(PARAMETER_VALUE, "$1[redacted]");
    const isOver = text !== line || left === 1 || PARAMETER_END.test(line);
    return { text, carry: isOver ? undefined : parameter(left - 1) };
  };
}

/** Goes on as long as lines are indented deeper than the one that began it. */
function block(indent: number, left: number): Carry {
  return (line) => {
    const isWithin = !line.trim() || indentOf(line) > indent;
    if (!isWithin) return { text: line };
    return { text: marked(line), carry: left > 1 ? block(indent, left - 1) : undefined };
  };
}

function wrapped(left: number): Carry {
  return (line) => {
    const { before = "", secret = "", after = "" } = MORE_BASE64.exec(line)?.groups ?? {};
    if (!secret) return { text: line };
    // The last line is shorter, or has the digits that fill it up.
    const goesOn = WRAPPED.test(`${secret}\n`) && left > 1;
    return { text: `${before}[redacted]${after}`, carry: goesOn ? wrapped(left - 1) : undefined };
  };
}

function indentOf(line: string): number {
  return /^[ \t]*/.exec(line)?.[0].length ?? 0;
}

function marked(text: string): string {
  return text.trim() ? `[redacted]${lineEndOf(text)}` : text;
}
