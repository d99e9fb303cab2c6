import {
  isJsonObject,
  type JsonObject,
  type JsonPath,
  nameIgnoringCase,
  pathText,
  propertyOf,
  textProperty,
} from "../json.ts";
import { Budget } from "./budget.ts";
import {
  type DeployedResource,
  holdsImageTemplate,
  IMAGE_TEMPLATE,
  isDeployed,
  resourcesOf,
} from "./deployedResources.ts";
import type { DeploymentTarget, Evaluation } from "./deployment.ts";
import { expandValue } from "./expandValue.ts";
import type { GivenParameters } from "./parameters.ts";
import { Scope } from "./scope.ts";
import { attempt, TemplateFault } from "./templateFault.ts";

/** An image template with nothing left to evaluate, and where it stands in the file. */
export interface ImageTemplateResource {
  /** `apiVersion`, `location`, `tags`, `identity` and `properties`, as far as they are there. */
  resource: JsonObject;
  /** Undefined where it cannot be told before deployment: nothing but the name depends on it. */
  name: string | undefined;
  path: JsonPath;
}

export interface TemplateNote {
  path: JsonPath;
  message: string;
}

export type FoundTemplate =
  | { kind: "found"; template: ImageTemplateResource; notes: TemplateNote[] }
  | { kind: "faulty"; faults: TemplateFault[] };

/** Whether this is a template to deploy, rather than one resource. */
export function isDeploymentTemplate(file: JsonObject): boolean {
  return propertyOf(file, "resources") !== undefined && propertyOf(file, "properties") === undefined;
}

/**
 * Evaluates the one image template of a deployment template; of several, the one whose name, symbolic name or path is
 * asked for. Nothing but that template is evaluated: the rest of the deployment may hold what only Azure knows.
 */
export function findImageTemplate(
  file: JsonObject,
  { target, given, wanted }: { target: DeploymentTarget; given: GivenParameters; wanted?: string | undefined },
): FoundTemplate {
  const evaluation: Evaluation = { budget: new Budget(), notes: new Set() };
  try {
    const scope = new Scope(file, { target, given, evaluation });
    const [stray] = scope.strayParameters();
    if (stray !== undefined)
      throw new TemplateFault(`is given the parameter ${stray.slice(0, 100)}, which it does not have`);
    const notes: TemplateNote[] = [];
    const chosen = withoutUntold(choose([...resourcesOf(scope)], wanted), notes);
    const faults: TemplateFault[] = [];
    const resource: JsonObject = {};
    for (const [name, value] of Object.entries(chosen.resource)) {
      const known = ["apiversion", "location", "tags", "identity", "properties"].find(
        (one) => one === name.toLowerCase(),
      );
      if (known === undefined) continue;
      const expanded = attempt(
        () => expandValue(value, { ...chosen.around, faults }, [...chosen.path, name]),
        (fault) => faults.push(fault),
      );
      if (expanded !== undefined) resource[known === "apiversion" ? "apiVersion" : known] = expanded;
    }
    if (faults.length > 0) return { kind: "faulty", faults: distinct(faults) };
    evaluation.budget.count(resource);
    return {
      kind: "found",
      template: { resource, name: nameOf(chosen), path: chosen.path },
      notes: [...[...evaluation.notes].map((message) => ({ path: [], message })), ...notes],
    };
  } catch (error) {
    if (error instanceof TemplateFault) return { kind: "faulty", faults: [error] };
    throw error;
  }
}

/**
 * Who builds it, and where it is built, is for the service to decide, and not for the template: where these hold what
 * only Azure knows, or what nobody gave a value, they are left out.
 */
function withoutUntold(chosen: DeployedResource, notes: TemplateNote[]): DeployedResource {
  const told = (holder: JsonObject, name: string, path: JsonPath): JsonObject => {
    const own = nameIgnoringCase(holder, name);
    if (own === undefined) return holder;
    const here = [...path, own];
    let reason = "";
    const value = attempt(
      () => expandValue(holder[own] ?? null, chosen.around, here),
      (fault) => (reason = fault.describe()),
    );
    if (value !== undefined) return holder;
    notes.push({ path: here, message: `is left out, as it is not needed, and cannot be told: ${reason}` });
    const { [own]: _, ...rest } = holder;
    return rest;
  };
  const resource = told(chosen.resource, "identity", chosen.path);
  const own = nameIgnoringCase(resource, "properties");
  const properties = own === undefined ? undefined : resource[own];
  if (own === undefined || !isJsonObject(properties)) return { ...chosen, resource };
  const kept = told(properties, "stagingResourceGroup", [...chosen.path, own]);
  return { ...chosen, resource: { ...resource, [own]: kept } };
}

function choose(resources: readonly DeployedResource[], wanted: string | undefined): DeployedResource {
  const all = resources.filter(({ type }) => type === IMAGE_TEMPLATE);
  const deployed = all.filter((one) => isDeployed(one));
  if (wanted !== undefined) {
    const fits = deployed.filter((one) =>
      [nameOf(one), one.symbol, pathText(one.path)].some((label) => label?.toLowerCase() === wanted.toLowerCase()),
    );
    const [fit] = fits;
    if (fit && fits.length === 1) return fit;
    throw new TemplateFault(
      fit
        ? `has ${fits.length} image templates that are called ${wanted}: ${labelsOf(fits)}`
        : `has no image template that is called ${wanted}; it has ${labelsOf(deployed) || "none"}`,
    );
  }
  const [only] = deployed;
  if (only && deployed.length === 1) return only;
  if (only)
    throw new TemplateFault(
      `has ${deployed.length} image templates, of which one has to be chosen: ${labelsOf(deployed)}`,
      { need: "resource" },
    );
  if (all.length > 0)
    throw new TemplateFault(
      `deploys none of its image templates (${labelsOf(all)}): with these parameters their conditions are false`,
    );
  const linked = resources.find(({ resource }) => {
    const properties = propertyOf(resource, "properties");
    return isJsonObject(properties) && propertyOf(properties, "templateLink") !== undefined;
  });
  if (linked)
    throw new TemplateFault(
      "has no image template of its own, and a deployment that links to another file: import that file",
      { path: linked.path },
    );
  const skipped = resources.find(({ resource, inner }) => !inner && holdsImageTemplate(resource));
  if (skipped) {
    const message = `deploys no image template: ${labelOf(skipped)} would, and with these parameters its condition is false`;
    throw new TemplateFault(message, { path: skipped.path });
  }
  throw new TemplateFault("has no resource of the type Microsoft.VirtualMachineImages/imageTemplates");
}

function nameOf({ resource, around, path }: DeployedResource): string | undefined {
  const name = attempt(() => expandValue(propertyOf(resource, "name") ?? null, around, [...path, "name"]));
  return typeof name === "string" && name !== "" ? name : undefined;
}

function labelsOf(some: readonly DeployedResource[]): string {
  return some.slice(0, 20).map(labelOf).join(", ");
}

function labelOf(one: DeployedResource): string {
  const name = nameOf(one) ?? one.symbol ?? textProperty(one.resource, "name");
  return `${(name ?? "without a name").slice(0, 100)} (${pathText(one.path)})`;
}

/** A parameter without a value is missed wherever it is used; told once. */
function distinct(faults: readonly TemplateFault[]): TemplateFault[] {
  return [...new Map(faults.map((fault) => [fault.describe(), fault])).values()];
}
