import { relative } from "node:path";
import { declarationsOf, expressionsOf } from "./declarations.ts";
import { readsLate } from "./readsLate.ts";
import { type BicepFile, partsOf } from "./syntax.ts";
import { unresolved } from "./unresolved.ts";
import { wrongLoops } from "./wrongLoops.ts";
import { wrongModules } from "./wrongModules.ts";

/** What is wrong with files that belong together, one a line, as the compiler would find it, and more. */
export function findingsOf(files: readonly BicepFile[], root: string): string[] {
  return files.flatMap((file) => {
    const told = (finding: string) => `${relative(root, file.path)}: ${finding}`;
    if (file.errors.length > 0) return file.errors.map((error) => told(`does not parse: ${error}`));
    return [
      ...twice(file),
      ...unresolved(file),
      ...unused(file),
      ...wrongModules(file, files),
      ...wrongLoops(file),
      ...readsLate(file),
    ].map(told);
  });
}

function twice({ declarations }: BicepFile): string[] {
  const names = declarations.filter(({ kind }) => kind !== "output").map(({ name }) => name);
  return names.filter((name, at) => names.indexOf(name) < at).map((name) => `${name} is declared twice`);
}

const DECORATORS = new Set(
  "allowed description metadata minLength maxLength minValue maxValue secure batchSize".split(" "),
);

/** Parameters, variables and resources elsewhere that nothing names; decorators that there are not. */
function unused(file: BicepFile): string[] {
  const all = declarationsOf(file);
  const named = new Set(
    all
      .flatMap(expressionsOf)
      .flatMap((one) => [...partsOf(one)].flatMap((part) => (part.kind === "name" ? part.name : []))),
  );
  const needsUse = file.declarations.filter(
    (one) =>
      one.kind === "parameter" ||
      one.kind === "variable" ||
      (one.kind === "resource" && one.isExisting && one.within.every(({ isExisting }) => isExisting)),
  );
  return [
    ...needsUse.filter(({ name }) => !named.has(name)).map(({ name }) => `${name} is not used`),
    ...all
      .flatMap(({ decorators }) => decorators)
      .flatMap(({ name }) => (DECORATORS.has(name) ? [] : [`no decorator is called ${name}`])),
  ];
}
