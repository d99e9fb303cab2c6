import { dirname, join } from "node:path";
import { declarationsOf, expressionsOf } from "./declarations.ts";
import { type BicepFile, bodyOf, type Expression, type Module, partsOf, propertyOf } from "./syntax.ts";

/** Modules that are not there, do not fit their scope, or take and give something else than is written. */
export function wrongModules(file: BicepFile, files: readonly BicepFile[]): string[] {
  const modules = file.declarations.filter((one) => one.kind === "module");
  const fileOf = ({ path }: Module) => files.find((one) => one.path === join(dirname(file.path), path));
  const outputs = declarationsOf(file)
    .flatMap(expressionsOf)
    .flatMap((one) => [...partsOf(one)])
    .flatMap((part) => (part.kind === "member" ? (outputOf(part) ?? []) : []));
  return [
    ...modules.flatMap((module) => {
      const target = fileOf(module);
      if (/^\w+:/.test(module.path)) return [`${module.name} comes from a registry`];
      if (!target) return [`${module.name}: there is no ${module.path}`];
      return wrongParameters(file, module, target);
    }),
    ...outputs.flatMap(({ module: name, output }) => {
      const module = modules.find((one) => one.name === name);
      const target = module && fileOf(module);
      if (!module) return [`${name} is no module, and has no outputs`];
      const isThere = target?.declarations.some((one) => one.kind === "output" && one.name === output);
      return target && !isThere ? [`${name} has no output ${output}`] : [];
    }),
  ];
}

/** `module.outputs.name`, `module[0].outputs.name` */
function outputOf({ of, name }: Expression & { kind: "member" }): { module: string; output: string } | undefined {
  if (of.kind !== "member" || of.name !== "outputs") return undefined;
  const module = of.of.kind === "index" ? of.of.of : of.of;
  return module.kind === "name" ? { module: module.name, output: name } : undefined;
}

function wrongParameters(file: BicepFile, module: Module, target: BicepFile): string[] {
  const body = bodyOf(module.body);
  const given = propertyOf(body, "params");
  const names =
    given?.kind === "object"
      ? given.properties.flatMap(({ name }) => (name.kind === "literal" ? String(name.value) : []))
      : [];
  const taken = target.declarations.filter((one) => one.kind === "parameter");
  const scope = propertyOf(body, "scope");
  const isOfGroup = scope?.kind === "call" && scope.name === "resourceGroup";
  const scopeFits = scope ? (target.scope === "resourceGroup") === isOfGroup : target.scope === file.scope;
  return [
    // Later versions of Bicep make one up where it is left out: 0.28 refuses that.
    ...(propertyOf(body, "name") ? [] : [`${module.name} has no name`]),
    ...names.filter((name) => !taken.some((one) => one.name === name)).map((name) => `${module.name} takes no ${name}`),
    ...taken
      .filter((one) => !one.standard && !names.includes(one.name))
      .map(({ name }) => `${module.name} is not given ${name}`),
    ...(scopeFits ? [] : [`${module.name} is deployed to a ${target.scope}`]),
  ];
}
