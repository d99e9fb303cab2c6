/** Whatever the local image builder says by itself against a template or a run is foreseen, or it is said why it cannot be. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { RULES } from "../../src/domain/preflight/catalogue.ts";
import { REFUSALS } from "../support/refusals.ts";

const textOf = (...path: string[]) => readFileSync(join(import.meta.dirname, "..", "..", ...path), "utf8");

/** Where it says so. */
const FILES = [
  "creationChecks",
  "scriptDownloads",
  "machineChecks",
  "quotaChecks",
  "stagingGroup",
  "galleryDistribution",
];

/** Texts of a file that are sentences, each in one piece. */
function sentencesOf(code: string): string[] {
  const bare = code.replaceAll(/\/\*\*?[^]*?\*\//g, "").replaceAll(/^(\s*\/\/|import ).*$/gm, "");
  const whole = bare.replaceAll(/["'`]\s*\+\s*["'`]/g, "");
  const texts = [...whole.matchAll(/(["'`])((?:(?!\1)[^\\\n])*)\1/g)].map(([, , text = ""]) => text);
  return texts.filter(
    (text) =>
      text
        .replaceAll(/\$\{[^}]*\}/g, "")
        .split(" ")
        .filter(isWord).length >= 4,
  );
}

const isWord = (word: string) => /^[A-Za-z'.,:-]{2,}$/.test(word);

const sentences = FILES.flatMap((name) => sentencesOf(textOf("local", "azure", "imageBuilder", `${name}.ts`)));
const known = Object.keys(REFUSALS);

it.each(sentences)("is known: %s", (sentence) => {
  expect(known.filter((part) => sentence.includes(part))).not.toEqual([]);
});

it("knows of none that is not there", () => {
  expect(known.filter((part) => !sentences.some((sentence) => sentence.includes(part)))).toEqual([]);
});

it("has a pair, of a prediction and a build that is forced, for each code that it names", () => {
  const pairs = ["predictions", "imagePredictions", "policyPredictions", "scenarioPredictions"]
    .map((name) => textOf("test", "standin", `${name}.test.ts`))
    .join("\n");
  const codes = Object.values(REFUSALS).flatMap((one) => ("code" in one ? [one.code] : []));
  expect(codes.filter((code) => !pairs.includes(`"${code}"`))).toEqual([]);
  expect(codes.filter((code) => !RULES.some(({ findings }) => code in findings))).toEqual([]);
});
