import { describe, expect, it } from "vitest";
import { faultText } from "../../../../src/domain/recipes/fault.ts";
import { parseRecipe } from "../../../../src/domain/recipes/recipeFile.ts";
import { besideFile } from "../../../support/besideFile.ts";

const TARGET =
  "{type: SharedImage, galleryImageId: /resourceGroups/rg-images/providers/Microsoft.Compute/galleries/g/images/d, targetRegions: [{name: westeurope}]}";
const recipe = (...steps: string[]) =>
  [
    "name: app",
    "description: d",
    "location: westeurope",
    "source: {type: PlatformImage, publisher: p, offer: o, sku: s}",
    `distribute: ${TARGET}`,
    "vmProfile: {vmSize: Standard_D2s_v5}",
    "customize:",
    ...steps.map((step) => `  - ${step}`),
  ].join("\n");
const shell = (command: string) => `{type: Shell, inline: [${command}]}`;
const include = (path: string) => `{include: ${path}}`;

/** @param snippets by path. */
function parse(text: string, snippets: Record<string, string>) {
  return parseRecipe("app.yaml", text, {
    readBeside(path) {
      const found = snippets[path];
      return found === undefined ? { kind: "unreadable", message: "is not there" } : besideFile(found);
    },
  });
}

function toldOf(text: string, snippets: Record<string, string> = {}): string[] {
  const parsed = parse(text, snippets);
  return parsed.kind === "faulty" ? parsed.faults.map(faultText) : [];
}

function commandsOf(text: string, snippets: Record<string, string>) {
  const parsed = parse(text, snippets);
  if (parsed.kind === "faulty") throw new Error(parsed.faults.map(faultText).join("\n"));
  return parsed.recipe.customize.map((step) => (step.type === "Shell" ? step.inline?.join() : step.type));
}

describe("a recipe that includes snippets", () => {
  it("has the steps of each in its place, those of snippets within snippets, too", () => {
    const snippets = {
      "parts/a.yaml": `- ${shell("a1")}\n- include: parts/deep/b.yaml\n- ${shell("a2")}\n`,
      "parts/deep/b.yaml": `- ${shell("b")}\n`,
      "parts/none.yaml": "[]",
    };
    const text = recipe(
      shell("one"),
      include("parts/a.yaml"),
      "{type: Include, include: parts/deep/b.yaml}",
      include("parts/none.yaml"),
      shell("two"),
    );
    expect(commandsOf(text, snippets)).toEqual(["one", "a1", "b", "a2", "b", "two"]);
  });

  it("is the same as one with the steps in it", () => {
    const snippets = {
      "parts/a.yaml": `- ${shell("a")}\n- {type: File, sourceUri: "https://x.test/f", destination: /tmp/f}`,
    };
    const written = recipe(shell("a"), '{type: File, sourceUri: "https://x.test/f", destination: /tmp/f}');
    const [one, other] = [parse(recipe(include("parts/a.yaml")), snippets), parse(written, {})];
    expect(one.kind === "recipe" && one.recipe).toEqual(other.kind === "recipe" && other.recipe);
  });

  const A = "parts/a.yaml";
  const long = `- ${shell("a")}\n#${"-".repeat(100_000)}\n`;
  /** Each list is ten of the one before. */
  const bomb = ["a", "b", "c", "d"]
    .map(
      (name, at, names) =>
        `- &${name} [${Array(10)
          .fill(at > 0 ? `*${names[at - 1]}` : "x")
          .join()}]`,
    )
    .join("\n");
  const rounds = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`parts/${at}.yaml`, `- ${include(`parts/${at + 1}.yaml`)}\n`]),
    );

  it.each<[string, string, Record<string, string>, string[]]>([
    [
      "a slip in a snippet's field",
      include(A),
      { [A]: "- type: Shell\n  inlin: [a]\n" },
      [
        "parts/a.yaml:1:3: [0]: takes either inline, scriptUri or script",
        "parts/a.yaml:2:3: [0].inlin: is not a field here; did you mean inline?",
      ],
    ],
    [
      "a wrong value deep in a snippet within another",
      include("parts/b.yaml"),
      { [A]: `- ${shell("a")}\n- type: Shell\n  inline:\n    - a\n    - 5\n`, "parts/b.yaml": `- ${include(A)}` },
      ["parts/a.yaml:5:7: [1].inline[1]: takes text: put the value into quotes"],
    ],
    [
      "a wrong value behind a snippet",
      `${include(A)}\n  - ${shell("5")}`,
      { [A]: "[]" },
      ["app.yaml:9:28: customize[1].inline[0]: takes text: put the value into quotes"],
    ],
    ["a snippet that is no YAML", include(A), { [A]: "- [\n" }, ["parts/a.yaml:2:1:"]],
    [
      "a snippet that is no list",
      include(A),
      { [A]: "type: Shell" },
      ["parts/a.yaml:1:1: the recipe: is no list; a snippet is a list of steps"],
    ],
    ["an empty snippet", include(A), { [A]: "" }, ["parts/a.yaml:1:1: the recipe: is no list"]],
    [
      "a bomb of aliases",
      include(A),
      {
        [A]: bomb,
      },
      ["has aliases that stand for more than a recipe can hold"],
    ],
    [
      "a secret in a snippet",
      include(A),
      { [A]: `- ${shell("az login --password hunter2-of-mine")}` },
      ["parts/a.yaml:1:46: [0].inline[0]: looks like a secret"],
    ],
    [
      "a snippet that is not there",
      include(A),
      {},
      ["app.yaml:8:15: customize[0].include: names parts/a.yaml, which is not there"],
    ],
    [
      "a snippet within another that is not there",
      include("parts/b.yaml"),
      { "parts/b.yaml": `- ${include(A)}` },
      ["parts/b.yaml:1:13: [0].include: names parts/a.yaml, which is not there"],
    ],
    [
      "a circle",
      include(A),
      { [A]: "- include: parts/b.yaml", "parts/b.yaml": `- ${include(A)}` },
      ["parts/b.yaml:1:13: [0].include: goes in a circle: parts/a.yaml includes parts/b.yaml includes parts/a.yaml"],
    ],
    ["a circle of one", include(A), { [A]: `- ${include(A)}` }, ["parts/a.yaml:1:13: [0].include: goes in a circle"]],
    [
      "snippets too deep within one another",
      include("parts/0.yaml"),
      rounds(6),
      ["parts/4.yaml:1:13: [0].include: is too deep: at most 5 snippets are within one another"],
    ],
    [
      "snippets that are too many",
      include("parts/b.yaml"),
      {
        "parts/b.yaml": `- ${include("parts/c.yaml")}\n`.repeat(8),
        "parts/c.yaml": `- ${include(A)}\n`.repeat(8),
        [A]: "[]",
      },
      ["include: is one too many: a recipe includes at most 50 snippets"],
    ],
    [
      "snippets that are too large together",
      [A, A, A].map(include).join("\n  - "),
      { [A]: long },
      ["app.yaml:10:15: customize[2].include: makes the recipe larger than 256 KiB, with all that it includes"],
    ],
    [
      "a field beside the snippet",
      "{include: parts/a.yaml, name: a}",
      { [A]: "[]" },
      ["app.yaml:8:29: customize[0].name: is not a field here"],
    ],
    [
      "steps where only the source is validated",
      `${include(A)}\nvalidate: {sourceValidationOnly: true, inVMValidations: [{type: Shell, inline: [x]}]}`,
      { [A]: `- ${shell("a")}` },
      ["customize: is never done where validate has sourceValidationOnly"],
    ],
  ])("is told where it is of %s", (_, step, snippets, told) => {
    const faults = toldOf(recipe(step), snippets);
    for (const one of told) expect(faults).toContainEqual(expect.stringContaining(one));
  });

  it.each([
    "../parts/a.yaml",
    "parts/../../a.yaml",
    "/etc/a.yaml",
    "C:/a.yaml",
    "'parts\\a.yaml'",
    "./parts/a.yaml",
    "parts//a.yaml",
    "parts/.hidden.yaml",
    "a.yaml",
    "parts/a.yml",
    '"parts/a.yaml\\0"',
    '"parts/a.yaml\\n"',
    "https://x.test/a.yaml",
    "5",
  ])("asks nobody for %s", (path) => {
    const asked: string[] = [];
    const parsed = parseRecipe("app.yaml", recipe(include(path)), {
      readBeside(name) {
        asked.push(name);
        return besideFile("[]");
      },
    });
    expect(asked).toEqual([]);
    expect(parsed).toMatchObject({ kind: "faulty", faults: [{ field: "customize[0].include", line: 8, column: 15 }] });
  });
});
