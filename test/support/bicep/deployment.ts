import { dirname, join } from "node:path";
import { evaluate, isChosen, loop, type Names, NESTED } from "./evaluate.ts";
import type { Value } from "./functions.ts";
import type { Place } from "./place.ts";
import { platformProperties } from "./platformProperties.ts";
import { idAt } from "./resourceIds.ts";
import {
  type BicepFile,
  bodyOf,
  type Declaration,
  type Expression,
  type Module,
  propertyOf,
  type Resource,
} from "./syntax.ts";

type Json = Record<string, Value>;

/** A resource as it would be sent to Azure. */
export interface Deployed {
  id: string;
  type: string;
  version: string;
  name: string;
  /** Of an extension resource what it is on; else what it is deployed to. */
  scope: string;
  /** All but its name. */
  body: Json;
  /** The file that says it, absolute. */
  file: string;
}

export interface Deployment {
  resources: Deployed[];
  outputs: Json;
  /** Deployments of modules, by their names at their scopes. */
  modules: { name: string; scope: string }[];
}

/** What a file comes to for its parameters. Nothing is taken from Azure but what each resource has there by itself. */
export function deploy(
  files: readonly BicepFile[],
  path: string,
  parameters: Json,
  place: Omit<Place, "folder">,
): Deployment {
  const deployment: Deployment = { resources: [], outputs: {}, modules: [] };
  deployment.outputs = deployFile(files, path, parameters, place, deployment);
  return deployment;
}

function deployFile(
  files: readonly BicepFile[],
  path: string,
  parameters: Json,
  at: Omit<Place, "folder">,
  deployment: Deployment,
): Json {
  const file = files.find((one) => one.path === path);
  if (!file) throw new Error(`There is no ${path}`);
  const place = { ...at, folder: dirname(path) };
  const known = new Map<string, Value>();
  const names: Names = (name) => {
    if (!known.has(name)) known.set(name, valueOf(name));
    return known.get(name);
  };

  function valueOf(name: string): Value {
    const declared = file?.declarations.find((one) => one.kind !== "output" && one.name === name);
    switch (declared?.kind) {
      case "parameter":
        return parameterOf(declared, parameters, names, place);
      case "variable":
        return evaluate(declared.value, names, place);
      case "resource":
      case "module":
        return each(declared.body, names, (body, inner, isMade) =>
          declared.kind === "module"
            ? deployModule(declared, body, inner, isMade)
            : deployResource(declared, body, inner, isMade, undefined),
        );
      default:
        throw new Error(`${path}: nothing is called ${name}`);
    }
  }

  /** Once, or as often as its loop goes round. A name is worked out also of what is not made. */
  function each<Made>(
    expression: Expression,
    names: Names,
    make: (body: Expression & { kind: "object" }, names: Names, isMade: boolean) => Made,
  ): Made | Made[] {
    if (expression.kind === "for") {
      return loop(expression, names, place).flatMap((inner) => each(expression.body, inner, make));
    }
    const isMade = expression.kind !== "if" || isChosen(expression, names, place);
    return make(bodyOf(expression), names, isMade);
  }

  function deployModule(module: Module, body: Expression, names: Names, isMade: boolean): Value {
    const of = (property: string) => {
      const expression = propertyOf(body, property);
      return expression && evaluate(expression, names, place);
    };
    const name = String(of("name"));
    const scope = (of("scope") as { id: string } | undefined)?.id ?? scopeOf(place);
    if (!isMade) return { name };
    const [, , subscriptionId = "", , resourceGroup] = scope.split("/");
    deployment.modules.push({ name, scope });
    const inner = { ...place, subscriptionId, resourceGroup, deploymentName: name };
    const given = (of("params") ?? {}) as Json;
    return { name, outputs: deployFile(files, join(place.folder, module.path), given, inner, deployment) };
  }

  function deployResource(
    resource: Resource,
    body: Expression & { kind: "object" },
    names: Names,
    isMade: boolean,
    above: { id: string; type: string; version: string } | undefined,
  ): Value {
    const { dependsOn: _, scope: on, parent, name, ...said } = evaluate(body, names, place) as Json & Placed;
    const within = above ?? (parent as typeof above);
    const type = above ? `${above.type}/${resource.type}` : resource.type;
    const version = resource.version ?? above?.version ?? "";
    const parts = name.split("/");
    const scope = on?.id ?? scopeOf(place);
    const id = within ? `${within.id}/${type.split("/").at(-1)}/${name}` : idAt(scope, type, parts);
    const properties = { ...(said.properties as Json | undefined) };
    const value: Json & { [NESTED]?: Json } = { ...said, id, name, type, version };
    if (isMade || resource.isExisting) value.properties = { ...properties, ...platformProperties(type, id) };
    if (isMade && !resource.isExisting) {
      deployment.resources.push({ id, type, version, name, scope, body: said, file: path });
    }
    const inside: Json = {};
    value[NESTED] = inside;
    const inner: Names = (wanted) => (Object.hasOwn(inside, wanted) ? inside[wanted] : names(wanted));
    for (const one of resource.within) {
      inside[one.name] = each(one.body, inner, (nested, more, isNestedMade) =>
        deployResource(one, nested, more, isMade && isNestedMade, { id, type, version }),
      );
    }
    return value;
  }

  for (const { kind, name } of file.declarations) if (kind !== "output") names(name);
  return Object.fromEntries(
    file.declarations.flatMap((one) =>
      one.kind === "output" ? [[one.name, typed(evaluate(one.value, names, place), one.type, one.name)]] : [],
    ),
  );
}

interface Placed {
  name: string;
  scope?: { id: string };
  parent?: unknown;
  dependsOn?: unknown;
}

const scopeOf = ({ subscriptionId, resourceGroup }: Omit<Place, "folder">) =>
  `/subscriptions/${subscriptionId}${resourceGroup === undefined ? "" : `/resourceGroups/${resourceGroup}`}`;

function parameterOf(declared: Declaration & { kind: "parameter" }, given: Json, names: Names, place: Place): Value {
  const { name, type, standard, decorators } = declared;
  if (given[name] === undefined && !standard) throw new Error(`${place.folder}: ${name} is not given`);
  const value = typed(given[name] ?? (standard && evaluate(standard, names, place)), type, name);
  for (const { name: rule, values } of decorators) {
    const [limit] = values.map((one) => evaluate(one, names, place));
    const size = typeof value === "number" ? value : Object.keys(value as object).length;
    if (rule === "allowed" && !(limit as Value[]).includes(value))
      throw new Error(`${name} cannot be ${String(value)}`);
    if (rule.startsWith("min") && size < Number(limit)) throw new Error(`${name} is less than ${String(limit)}`);
    if (rule.startsWith("max") && size > Number(limit)) throw new Error(`${name} is more than ${String(limit)}`);
  }
  return value;
}

/** @throws where a value is of another type than is declared. */
function typed(value: Value, type: string, name: string): Value {
  const actual = Array.isArray(value)
    ? "array"
    : typeof value === "number"
      ? "int"
      : typeof value === "boolean"
        ? "bool"
        : typeof value;
  if (value === null || actual !== type)
    throw new Error(`${name} is declared as ${type}, and is ${JSON.stringify(value)}`);
  return value;
}
