import {
  isJsonObject,
  type Json,
  type JsonObject,
  type JsonPath,
  nameIgnoringCase,
  propertyOf,
  textProperty,
} from "../json.ts";
import type { DeploymentTarget } from "./deployment.ts";
import type { Surroundings } from "./evaluateExpression.ts";
import { expandValue, loopCount, withLoop } from "./expandValue.ts";
import { targetOf } from "./nestedTarget.ts";
import type { Given } from "./parameters.ts";
import { Scope } from "./scope.ts";
import { attempt, TemplateFault } from "./templateFault.ts";

/** ARM's own limit. */
const MOST_RESOURCES = 800;
export const IMAGE_TEMPLATE = "microsoft.virtualmachineimages/imagetemplates";
const DEPLOYMENT = "microsoft.resources/deployments";

/** A resource of a template, one of each turn of its copy loop, with all that its expressions can see. */
export interface DeployedResource {
  resource: JsonObject;
  path: JsonPath;
  /** Its key, where the template has its resources by symbolic name. */
  symbol: string | undefined;
  /** In lower case. */
  type: string;
  around: Surroundings;
  /** The template inside, of a deployment that has one. */
  inner: Scope | undefined;
}

/** The image templates of a template, and the deployments in it, each before what lies inside. */
export function* resourcesOf(scope: Scope): Generator<DeployedResource> {
  const own = [...ownResources(scope)];
  scope.findOutput = (deployment, output) => outputOf(own, deployment, output);
  for (const one of own) {
    yield one;
    const { inner } = one;
    if (inner && holdsImageTemplate(one.resource)) yield* scope.evaluation.budget.nested(() => [...resourcesOf(inner)]);
  }
}

function* ownResources(scope: Scope): Generator<DeployedResource> {
  const section = nameIgnoringCase(scope.template, "resources") ?? "resources";
  const resources = scope.template[section] ?? [];
  if (typeof resources !== "object" || resources === null) return;
  const symbolic = !Array.isArray(resources);
  let count = 0;
  for (const [key, resource] of Object.entries(resources)) {
    const path: JsonPath = [...scope.path, section, symbolic ? key : Number(key)];
    if (!isJsonObject(resource)) throw new TemplateFault("is no resource", { path });
    const type = (textProperty(resource, "type") ?? "").toLowerCase();
    const isDeployment = type === DEPLOYMENT;
    // Other resources are not looked into: they may well hold what only Azure knows. `existing` ones are not deployed.
    if ((!isDeployment && type !== IMAGE_TEMPLATE) || propertyOf(resource, "existing") === true) continue;
    for (const around of turns(resource, scope, path)) {
      scope.evaluation.budget.spend();
      if (++count > MOST_RESOURCES)
        throw new TemplateFault(`has more than ${MOST_RESOURCES} resources, which ARM does not take`);
      // Where Azure alone knows the condition, it may well be deployed.
      const goesAhead = () => attempt(() => isDeployed({ resource, around, path })) !== false;
      const inner = isDeployment && goesAhead() ? innerScope(resource, around, path) : undefined;
      yield { resource, path, symbol: symbolic ? key : undefined, type, around, inner };
    }
  }
}

/** What holds one, by the resource: templates are asked again at each turn of a loop. */
const holders = new WeakMap<JsonObject, boolean>();

export function holdsImageTemplate(resource: JsonObject): boolean {
  const known = holders.get(resource);
  if (known !== undefined) return known;
  const holds = JSON.stringify(resource).toLowerCase().includes(IMAGE_TEMPLATE);
  holders.set(resource, holds);
  return holds;
}

/** Whether a resource's condition holds. @throws TemplateFault where that cannot be told */
export function isDeployed({
  resource,
  around,
  path,
}: Pick<DeployedResource, "resource" | "around" | "path">): boolean {
  const condition = propertyOf(resource, "condition");
  if (condition === undefined) return true;
  const value = expandValue(condition, around, [...path, "condition"]);
  if (typeof value !== "boolean") throw new TemplateFault("is no boolean", { path: [...path, "condition"] });
  return value;
}

/** What stands around the resource: once, or for each turn of its copy loop. */
function turns(resource: JsonObject, scope: Scope, path: JsonPath): Surroundings[] {
  const around: Surroundings = { scope, copies: new Map(), lambdas: new Map() };
  const copy = propertyOf(resource, "copy");
  if (!isJsonObject(copy)) return [around];
  const name = textProperty(copy, "name") ?? "copy";
  const read = () => loopCount(propertyOf(copy, "count") ?? null, around, [...path, "copy", "count"]);
  const count = holdsImageTemplate(resource) ? read() : (attempt(read) ?? 0);
  return Array.from({ length: count }, (_, index) => ({ ...around, copies: withLoop(around, name, index) }));
}

function innerScope(resource: JsonObject, around: Surroundings, path: JsonPath): Scope | undefined {
  const properties = propertyOf(resource, "properties");
  const template = isJsonObject(properties) ? propertyOf(properties, "template") : undefined;
  if (!isJsonObject(properties) || !isJsonObject(template)) return undefined;
  const { scope } = around;
  const here = [
    ...path,
    nameIgnoringCase(resource, "properties") ?? "",
    nameIgnoringCase(properties, "template") ?? "",
  ];
  const options = propertyOf(properties, "expressionEvaluationOptions");
  const isInner = isJsonObject(options) && textProperty(options, "scope")?.toLowerCase() === "inner";
  const target = targetOf(resource, around, path);
  // Unless told otherwise, ARM evaluates the inner template with the outer one's parameters and variables.
  if (!isInner) return new OuterScope(template, here, target, around);
  const given = new Map<string, Given>();
  const parameters = propertyOf(properties, "parameters");
  for (const [name, one] of Object.entries(isJsonObject(parameters) ? parameters : {})) {
    const at = [...path, "properties", "parameters", name];
    given.set(
      name.toLowerCase(),
      givenBy(one, () =>
        expandValue(isJsonObject(one) ? (propertyOf(one, "value") ?? null) : null, around, [...at, "value"]),
      ),
    );
  }
  return new Scope(template, { path: here, target, given, evaluation: scope.evaluation });
}

function givenBy(parameter: Json, read: () => Json): Given {
  return isJsonObject(parameter) && propertyOf(parameter, "reference") !== undefined
    ? { kind: "secret" }
    : { kind: "outer", read };
}

/** A template whose expressions see the parameters and variables of the one around it. */
class OuterScope extends Scope {
  readonly #around: Surroundings;

  constructor(template: JsonObject, path: JsonPath, target: DeploymentTarget, around: Surroundings) {
    super(template, { path, target, given: new Map(), evaluation: around.scope.evaluation });
    this.#around = around;
  }

  override parameter(name: string): Json {
    return this.#around.scope.parameter(name);
  }

  override variable(name: string): Json {
    return this.#around.scope.variable(name);
  }

  override userFunction(name: string, args: () => readonly Json[]): Json {
    return this.#around.scope.userFunction(name, args);
  }

  override outputOf(deployment: string, output: string): Json | undefined {
    return super.outputOf(deployment, output) ?? this.#around.scope.outputOf(deployment, output);
  }
}

/** By symbol, by name or by id, as `reference` takes them. */
function outputOf(resources: readonly DeployedResource[], deployment: string, output: string): Json | undefined {
  const wanted = deployment.toLowerCase();
  const last = wanted.split("/").at(-1);
  const found =
    resources.find(({ inner, symbol }) => inner && symbol?.toLowerCase() === wanted) ??
    resources.find(({ inner, resource, around, path }) => {
      if (!inner || last === undefined) return false;
      const name = attempt(() => expandValue(propertyOf(resource, "name") ?? null, around, [...path, "name"]));
      return typeof name === "string" && name.toLowerCase() === last;
    });
  if (!found?.inner) return undefined;
  const { inner } = found;
  // Its own deployments' outputs may be asked for in turn.
  if (!inner.findOutput) for (const _ of resourcesOf(inner));
  const outputs = propertyOf(inner.template, "outputs");
  const own = isJsonObject(outputs) ? nameIgnoringCase(outputs, output) : undefined;
  const definition = isJsonObject(outputs) && own !== undefined ? outputs[own] : undefined;
  if (!isJsonObject(definition) || own === undefined) return undefined;
  const around: Surroundings = { scope: inner, copies: new Map(), lambdas: new Map() };
  return expandValue(propertyOf(definition, "value") ?? null, around, [...inner.path, "outputs", own, "value"]);
}
