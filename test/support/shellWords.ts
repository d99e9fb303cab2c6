/** The words of a command as a shell takes them. @throws Error where one would do anything else than to take them. */
export function shellWords(command: string): string[] {
  const words: string[] = [];
  let rest = command;
  let word: string | undefined;
  while (rest) {
    const [part = "", plain, quoted, escaped, space] =
      /^(?:([\w./:=,@%+-]+)|'([^']*)'|\\([^\n])|( +))/.exec(rest) ?? [];
    if (!part) throw new Error(`A shell makes more of ${rest[0]} than a word: ${command}`);
    rest = rest.slice(part.length);
    if (space === undefined) {
      word = (word ?? "") + (plain ?? quoted ?? escaped ?? "");
      continue;
    }
    if (word !== undefined) words.push(word);
    word = undefined;
  }
  return word === undefined ? words : [...words, word];
}

/** What follows each option of a command of `az`. */
export function optionsOf(command: string): Map<string, string[]> {
  const options = new Map<string, string[]>();
  let values: string[] = [];
  for (const word of shellWords(command)) {
    if (word.startsWith("--")) options.set(word.slice(2), (values = []));
    else values.push(word);
  }
  return options;
}
