const BEGIN = /-----BEGIN [A-Z0-9 ]{0,64}PRIVATE KEY(?: BLOCK)?-----/;
const END = /-----END [A-Z0-9 ]{0,64}PRIVATE KEY(?: BLOCK)?-----/;

/** The lines between which a private key stands. */
export const KEY_MARK = new RegExp(`(${BEGIN.source}|${END.source})`, "g");

/** Lines after which a key counts as ended though its end was never printed; an RSA key of 16,384 bits has 200. */
const LONGEST_KEY = 300;

/**
 * Takes the private keys in PEM form out of texts that follow each other, of whole lines or pieces of one; a key may
 * begin in one text and end in another. Of its lines, nothing but their ends stays.
 */
export function privateKeyFilter(): (text: string) => string {
  /** Lines that may still belong to a key; 0 outside one. */
  let left = 0;

  function filterLine(line: string): string {
    let filtered = "";
    let rest = line;
    for (;;) {
      if (left === 0) {
        const begin = BEGIN.exec(rest);
        if (!begin) return filtered + rest;
        filtered += rest.slice(0, begin.index) + begin[0];
        rest = rest.slice(begin.index + begin[0].length);
        left = LONGEST_KEY;
      }
      const end = END.exec(rest);
      if (rest.slice(0, end?.index).trim()) filtered += "[redacted]";
      if (!end) {
        left--;
        return filtered + (/\r?\n$/.exec(rest)?.[0] ?? "");
      }
      filtered += end[0];
      rest = rest.slice(end.index + end[0].length);
      left = 0;
    }
  }

  return (text) =>
    text
      .split(/(?<=\n)/)
      .map(filterLine)
      .join("");
}
