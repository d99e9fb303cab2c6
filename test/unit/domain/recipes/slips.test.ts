import { expect, it } from "vitest";
import { faultText } from "../../../../src/domain/recipes/fault.ts";
import { parseRecipe } from "../../../../src/domain/recipes/recipeFile.ts";

const SOUND = `name: app
description: d
location: westeurope
source: {type: PlatformImage, publisher: p, offer: o, sku: s}
vmProfile: {vmSize: Standard_D2s_v5}
distribute: {type: ManagedImage, imageId: /resourceGroups/rg-images/providers/Microsoft.Compute/images/app}
customize:
  - type: Shell
    inline:
      - echo one
      - echo two
`;

const COLON = "has a colon with a blank behind it: put the text into quotes";
const COLUMN = "is in the wrong column: what belongs together begins in the same one";
const NEXT_LINE = "goes on in the next line, by its column: fields of one thing begin in the same one";
const NO_FIELD = "has a line that is no field: that takes a name, a colon, and a blank behind it";
const RESERVED = "begins with a character that YAML keeps for itself: put the text into quotes";
const BEHIND = "goes on behind a closing quote or bracket: put all of it into quotes";
const FIELDS = "takes text: what has a colon with a blank behind it, or a brace, is fields, unless it is in quotes";
const ALIAS = "begins with *, and so stands for something that nothing before it is named as: put text into quotes";

it.each<[string, string, string, string]>([
  ["a colon in a text", "description: d", "description: Ubuntu: with tools", `2:14: description: ${COLON}`],
  ["a colon in a command", "echo one", "echo a: b", `10:9: customize[0].inline[0]: ${FIELDS}`],
  ["a command in braces", "echo one", "{ echo a; }", `10:9: customize[0].inline[0]: ${FIELDS}`],
  ["a command in brackets", "echo one", "[ -f /a ] && echo a", `10:19: customize[0].inline[0][0]: ${BEHIND}`],
  ["a command that begins with quotes", "echo one", '"$HOME/a" b', `10:19: customize[0].inline[0]: ${BEHIND}`],
  ["a command that begins with @", "echo one", "@a", `10:9: customize[0].inline[0]: ${RESERVED}`],
  ["a command that begins with *", "echo one", "*.txt", `10:9: customize[0].inline[0]: ${ALIAS}`],
  ["an alias of nothing", "description: d", "description: *x", `2:14: description: ${ALIAS}`],
  ["no colon", "location: westeurope", "location westeurope", `3:1: the recipe: ${NO_FIELD}`],
  [
    "no colon further in",
    "{vmSize: Standard_D2s_v5}",
    "\n  vmSize x\n  osDiskSizeGB: 9",
    `6:3: vmProfile: ${NO_FIELD}`,
  ],
  [
    "no colon in all that is further in",
    "{vmSize: Standard_D2s_v5}",
    "\n  vmSize x",
    "6:3: vmProfile: takes fields of its own, each with a name, a colon, and a blank behind it",
  ],
  ["no blank behind a colon", "description: d", "description:d", `2:1: the recipe: ${NO_FIELD}`],
  ["no blank behind a hyphen", "  - type", "  -type", "8:10: customize.-type: needs a blank behind the hyphen"],
  [
    "no blank behind hyphens",
    "- echo one\n      - echo",
    "-echo one\n      -echo",
    "10:7: customize[0].inline: takes a list: a blank goes behind the hyphen of an item",
  ],
  ["one blank too many at the top", "location", " location", `2:14: description: ${NEXT_LINE}`],
  ["one blank too many in a step", "    inline", "     inline", `8:11: customize[0].type: ${NEXT_LINE}`],
  ["one blank too few in a step", "    inline", "   inline", `9:1: customize[0].type: ${COLUMN}`],
  ["an item in another column", "      - echo two", "     - echo two", `11:1: customize[0].inline[0]: ${COLUMN}`],
  ["a quote that is open", "description: d", 'description: "d', "12:1: description: has a quote that is never closed"],
  ["a brace that is open", "_v5}", "_v5", "6:1: distribute: comes before the end of what a { begins: the } is missing"],
  ["a comma that is missing", "Image, pub", "Image pub", "4:16: source.type: has no comma between its fields"],
  [
    "a backslash in double quotes",
    "description: d",
    String.raw`description: "\d"`,
    String.raw`2:15: description: has a \ that means nothing within double quotes: take single ones`,
  ],
])("says what to do about %s", (_, before, after, told) => {
  expect(toldOf(before, after)).toEqual([`app.yaml:${told}`]);
});

it.each<[string, string, string]>([
  ["source: {type: PlatformImage", "source: {tpye: PlatformImage", "type, not tpye"],
  ["source: {type: PlatformImage, publisher: p, offer: o, sku: s}", "source: {recpie: base}", "recipe, not recpie"],
  ["- type: Shell", "- inclde: snippets/a.yaml\n  - type: Shell", "include, not inclde"],
  ["type: Shell", "type: bash", "Shell"],
  ["customize:", "parameters: {a: {type: bool, description: d}}\ncustomize:", "boolean"],
  ["customize:", "parameters: {a: {type: int, description: d}}\ncustomize:", "integer"],
])("of %j as %j asks whether %s was meant", (before, after, meant) => {
  expect(toldOf(before, after)).toEqual([expect.stringMatching(`; did you mean ${meant}\\?$`)]);
});

it("tells a required field with a slip in it once", () => {
  expect(toldOf("location:", "locaton:")).toEqual([
    "app.yaml:3:1: locaton: is not a field here; did you mean location?",
  ]);
});

it.each([
  ["buildTimeoutInMinutes: 5.5", "buildTimeoutInMinutes: takes a whole number"],
  ["parameters: {a: {type: string, description: d, default: ''}}", "parameters.a.default: takes some text"],
  ["parameters: {a: {type: integer, description: d, default: 5.5}}", "parameters.a.default: takes a whole number"],
])("tells of %s in a person's words, once", (line, told) => {
  expect(toldOf("customize:", `${line}\ncustomize:`)).toEqual([expect.stringMatching(`^app.yaml:7:\\d+: ${told}$`)]);
});

function toldOf(before: string, after: string): string[] {
  const text = SOUND.replace(before, () => after);
  if (text === SOUND) throw new Error(`The recipe has no ${before}.`);
  const parsed = parseRecipe("app.yaml", text);
  return parsed.kind === "faulty" ? parsed.faults.map(faultText) : [];
}
