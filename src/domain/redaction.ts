import { privateKeyFilter } from "./privateKeys.ts";

/** A value as shells, YAML and JSON write it: in quotes, in quotes inside quotes, or up to the next blank. */
const VALUE = String.raw`(?:\\"[^"\n]*"?|"(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|(?:\\.|[^\s"'\\])+)`;

/** What a secret is called. A library of that name is none: apt speaks of `libsecret-1-0`. */
const WORD = String.raw`(?:password|passwd|passphrase|(?<!\blib)secret|api[_-]?key|access[_-]?token)`;

/** Packages that are called like a secret stand in apt's lines with their architecture: `gir1.2-secret-1:amd64`. */
const ARCHITECTURE = String.raw`(?:all|amd64|arm64|armhf|i386|ppc64el|riscv64|s390x)(?=[.,;)]?(?:\s|$))`;

/**
 * What looks like a secret in a build log, and what stays of it. Best effort: a script can print anything.
 *
 * No repetition without a bound may begin at many places of a line: a line of one long word would take hours.
 */
const SECRETS: readonly [RegExp, string][] = [
  [/([?&]sig=)[^&\s"']+/gi, "$1[redacted]"],
  [/((?:AccountKey|SharedAccessKey|SharedAccessSignature)=)[^;\s"']+/gi, "$1[redacted]"],
  [/(\b(?:Bearer|Basic)[ \t]+)[A-Za-z0-9._~+/=-]{8,}/gi, "$1[redacted]"],
  [/\beyJ[A-Za-z0-9_-]{8,1024}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, "[redacted]"],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/g, "[redacted]"],
  [
    new RegExp(
      String.raw`((?:${WORD}[\w-]{0,64}|token)(?:\\?["'])?\]?[ \t]{0,8}(?::(?!${ARCHITECTURE})|=>?)[ \t]{0,64})(?!\[redacted\])${VALUE}`,
      "gi",
    ),
    "$1[redacted]",
  ],
  // An option and its value; another option is none.
  [new RegExp(String.raw`(--(?:[\w-]{0,64}-)?(?:${WORD}|account-key|token)[ \t]+)(?!-)${VALUE}`, "gi"), "$1[redacted]"],
  // az, docker, helm and others: -p is the password where somebody logs in, and a port or a path elsewhere.
  [new RegExp(String.raw`(\blogin\b[^\n]{0,400}?[ \t]-p(?:[ \t]+|=))(?!-)${VALUE}`, "g"), "$1[redacted]"],
  // Only what has a colon holds a password: without one, curl asks for it.
  [
    /(\bcurl\b[^\n]{0,400}?[ \t](?:-[A-Za-z]{0,10}[uU]|--user|--proxy-user)[ \t=]{0,8})(?:"[^":\n]*:[^"\n]*"?|'[^':\n]*:[^'\n]*'?|[^\s:"']{1,200}:\S+)/g,
    "$1[redacted]",
  ],
  [/(:\/\/[^/\s:@]+:)[^/\s@]+(@)/g, "$1[redacted]$2"],
];

/** Longer lines are redacted in pieces, so that a log without line ends needs no more memory. */
const LONGEST_LINE = 256 * 1024;

export function redact(text: string): string {
  return redactSecrets(privateKeyFilter()(text));
}

/** A text, redacted a line at a time, so that no secret is missed where two chunks meet. */
export async function* redactLines(source: AsyncIterable<string | Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const withoutKeys = privateKeyFilter();
  let rest = "";
  for await (const chunk of source) {
    rest += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    let end = rest.lastIndexOf("\n") + 1;
    if (end === 0 && rest.length > LONGEST_LINE) end = rest.length;
    if (end > 0) yield redactSecrets(withoutKeys(rest.slice(0, end)));
    rest = rest.slice(end);
  }
  rest += decoder.decode();
  if (rest) yield redactSecrets(withoutKeys(rest));
}

function redactSecrets(text: string): string {
  return SECRETS.reduce((redacted, [pattern, stays]) => redacted.replace(pattern, stays), text);
}
