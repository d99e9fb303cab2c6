/** What looks like a secret in a build log, and what stays of it. Best effort: a script can print anything. */
const SECRETS: readonly [RegExp, string][] = [
  [/([?&]sig=)[^&\s"']+/gi, "$1[redacted]"],
  [/((?:AccountKey|SharedAccessKey|SharedAccessSignature)=)[^;\s"']+/gi, "$1[redacted]"],
  [/(\b(?:Bearer|Basic)\s+)[A-Za-z0-9._~+/=-]{8,}/gi, "$1[redacted]"],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, "[redacted]"],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/g, "[redacted]"],
  [
    /(\b[\w-]*(?:password|passwd|secret|api[_-]?key|access[_-]?token)[\w-]*["']?\s*[=:]\s*["']?)[^\s"']+/gi,
    "$1[redacted]",
  ],
  [/(:\/\/[^/\s:@]+:)[^/\s@]+(@)/g, "$1[redacted]$2"],
];

/** Longer lines are redacted in pieces, so that a log without line ends needs no more memory. */
const LONGEST_LINE = 256 * 1024;

export function redact(text: string): string {
  return SECRETS.reduce((redacted, [pattern, stays]) => redacted.replace(pattern, stays), text);
}

/** A text, redacted a line at a time, so that no secret is missed where two chunks meet. */
export async function* redactLines(source: AsyncIterable<string | Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of source) {
    rest += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    const end = rest.length > LONGEST_LINE ? rest.length : rest.lastIndexOf("\n") + 1;
    if (end > 0) yield redact(rest.slice(0, end));
    rest = rest.slice(end);
  }
  rest += decoder.decode();
  if (rest) yield redact(rest);
}
