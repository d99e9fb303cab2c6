import type { YAMLError } from "yaml";

type Code = YAMLError["code"];

/** Which of a code's faults it is, by the parser's words and by what stands there; and what a person does about it. */
type Words = [isIt: (message: string, rest: string, line: string) => boolean, words: string];

const WRONG_COLUMN = "is in the wrong column: what belongs together begins in the same one";
const NO_FIELD = "has a line that is no field: that takes a name, a colon, and a blank behind it";
const anyway = () => true;
const says = (some: string) => (message: string) => message.includes(some);
const goesOn = (form: RegExp) => (_: string, rest: string) => form.test(rest);

const STRUCTURE: Words[] = [
  [goesOn(/^- /), WRONG_COLUMN],
  [goesOn(/:(\s|$)/), "has a colon with a blank behind it: put the text into quotes"],
  [(_, __, line) => /^\s*-[^\s-]/.test(line), "needs a blank behind the hyphen"],
  [anyway, "goes on in the next line, by its column: fields of one thing begin in the same one"],
];

const WORDS: Partial<Record<Code, Words[]>> = {
  TAB_AS_INDENT: [[anyway, "is indented by a tab; YAML takes blanks only"]],
  MULTIPLE_DOCS: [[anyway, "is followed by another document; a file holds one recipe"]],
  NON_STRING_KEY: [[anyway, "has a name that is no text"]],
  RESOURCE_EXHAUSTION: [[anyway, "is nested too deeply"]],
  TAG_RESOLVE_FAILED: [[anyway, "has a tag, which a recipe does not take; text that begins with ! goes into quotes"]],
  BLOCK_AS_IMPLICIT_KEY: STRUCTURE,
  MULTILINE_IMPLICIT_KEY: [[anyway, NO_FIELD]],
  MISSING_CHAR: [
    [says("closing"), "has a quote that is never closed"],
    [says("Sequence item"), WRONG_COLUMN],
    [anyway, NO_FIELD],
  ],
  BAD_INDENT: [
    [says("end with a }"), "comes before the end of what a { begins: the } is missing"],
    [says("end with a ]"), "comes before the end of what a [ begins: the ] is missing"],
    [anyway, WRONG_COLUMN],
  ],
  UNEXPECTED_TOKEN: [
    [says("at node end"), "goes on behind a closing quote or bracket: put all of it into quotes"],
    [says("block-seq-ind"), "has a list in the line of its name: begin it in the next line"],
    [anyway, "is no YAML: what is meant as text goes into quotes"],
  ],
  BAD_SCALAR_START: [[anyway, "begins with a character that YAML keeps for itself: put the text into quotes"]],
  BAD_ALIAS: [[anyway, "begins with & or *, which YAML keeps for itself: put the text into quotes"]],
  BAD_DQ_ESCAPE: [[anyway, String.raw`has a \ that means nothing within double quotes: take single ones`]],
  BLOCK_IN_FLOW: [[anyway, "has no comma between its fields"]],
};

/** What is wrong with a text that is no YAML, in words that say what to do; the parser's own where that is rare. */
export function yamlWords({ code, message, pos: [offset] }: YAMLError, text: string): string {
  const [rest = ""] = text.slice(offset).trimStart().split("\n");
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1).split("\n")[0] ?? "";
  return WORDS[code]?.find(([isIt]) => isIt(message, rest, line))?.[1] ?? message;
}
