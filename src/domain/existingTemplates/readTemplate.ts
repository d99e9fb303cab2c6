import type { DeploymentTarget } from "../armTemplates/deployment.ts";
import { findImageTemplate, isDeploymentTemplate } from "../armTemplates/imageTemplates.ts";
import type { Given, GivenParameters } from "../armTemplates/parameters.ts";
import { shortened, type TemplateFault } from "../armTemplates/templateFault.ts";
import { isJsonObject, type Json, type JsonObject, type JsonPath, propertyOf, textProperty } from "../json.ts";
import type { Remark } from "./fit.ts";
import { modernise, type ModernTemplate } from "./modernise.ts";
import { readParameters } from "./parameterFile.ts";
import { subscriptionsOfNobody, withRelativeIds } from "./relativeIds.ts";

export interface TemplateOptions {
  given?: GivenParameters | undefined;
  target?: DeploymentTarget | undefined;
  /** The image template's name, symbolic name or path, where the file has several. */
  wanted?: string | undefined;
  /** Where the file does not tell. */
  apiVersion?: string | undefined;
}

export type ReadTemplate =
  | { kind: "template"; template: ModernTemplate; name: string | undefined; path: JsonPath; notes: Remark[] }
  | { kind: "refused"; faults: Remark[]; notes: Remark[] };

/**
 * Of a resource by itself, which tools send to the right address whatever it says: samples of image builder's own stop
 * behind the namespace, its first examples had the singular. Terraform's providers write the version behind an `@`.
 */
const IMAGE_TEMPLATE_TYPE = /^microsoft\.virtualmachineimages(\/imagetemplates?)?(?:@([\w-]+))?$/i;

/** Finds the image template in a file's JSON, a resource by itself or inside a deployment, and makes it a modern one. */
export function readTemplate(file: Json, options: TemplateOptions = {}): ReadTemplate {
  const { target = {}, given = new Map<string, Given>(), wanted } = options;
  if (Array.isArray(file)) return fromList(file, [], options);
  if (!isJsonObject(file)) return refused([], "holds no template");
  const { value } = file;
  if (Array.isArray(value)) return fromList(value, ["value"], options);
  const schema = textProperty(file, "$schema") ?? "";
  if (/deploymentParameters/i.test(schema))
    return refused([], "is a parameter file: give it with the template that it belongs to");

  const wrapped = unwrapped(file);
  if (wrapped) return fromWrapped(wrapped, options);
  if (!isDeploymentTemplate(file)) return fromBareResource(file, options);

  const found = findImageTemplate(file, { target, given, wanted });
  if (found.kind === "faulty") return { kind: "refused", faults: found.faults.map(remarkOf), notes: [] };
  const { resource, name, path } = found.template;
  const read = fromResource(resource, path, options, target.subscriptionId !== undefined);
  const notes = [...found.notes, ...read.notes];
  return read.kind === "template" ? { ...read, name, notes } : { ...read, notes };
}

/** A deployment as it is sent or exported: the template in `properties.template` or in `template`. */
function unwrapped(
  file: JsonObject,
): { template: JsonObject; parameters: Json | undefined; path: JsonPath } | undefined {
  const properties = propertyOf(file, "properties");
  const [holder, path] = isJsonObject(properties) ? [properties, ["properties"]] : [file, []];
  const template = propertyOf(holder, "template");
  if (!isJsonObject(template) || propertyOf(file, "resources") !== undefined) return undefined;
  return { template, parameters: propertyOf(holder, "parameters"), path: [...path, "template"] };
}

function fromWrapped(
  { template, parameters, path }: NonNullable<ReturnType<typeof unwrapped>>,
  options: TemplateOptions,
): ReadTemplate {
  const own = parameters === undefined ? undefined : readParameters(parameters);
  if (own?.kind === "refused") return { kind: "refused", faults: [own.fault], notes: [] };
  const read = readTemplate(template, {
    ...options,
    given: new Map([...(own?.given ?? []), ...(options.given ?? [])]),
  });
  const moved = (remarks: Remark[]) => remarks.map((one) => ({ ...one, path: [...path, ...one.path] }));
  return read.kind === "template"
    ? { ...read, path: [...path, ...read.path], notes: moved(read.notes) }
    : { ...read, faults: moved(read.faults), notes: moved(read.notes) };
}

/** What `az image builder list` shows; the REST API has the same in a `value`. */
function fromList(list: Json[], path: JsonPath, options: TemplateOptions): ReadTemplate {
  const names = list.map((one) => (isJsonObject(one) ? textProperty(one, "name") : undefined));
  const { wanted } = options;
  const at =
    list.length === 1 && wanted === undefined
      ? 0
      : names.findIndex((name) => name !== undefined && name.toLowerCase() === wanted?.toLowerCase());
  const chosen = list[at];
  if (isJsonObject(chosen)) return fromResource(chosen, [...path, at], options, true);
  return refused(
    path,
    `is a list of ${list.length}, of which one has to be chosen: ${names
      .map((name) => name ?? "one without a name")
      .join(", ")
      .slice(0, 300)}`,
  );
}

/** What is given, and cannot be meant for it, is not passed over. */
function fromBareResource(resource: JsonObject, options: TemplateOptions): ReadTemplate {
  const { given, wanted } = options;
  const name = textProperty(resource, "name");
  if (wanted !== undefined && wanted.toLowerCase() !== name?.toLowerCase()) {
    const own = name === undefined ? "without a name" : `called ${shortened(name)}`;
    return refused([], `is one resource, ${own}, not ${shortened(wanted)}`);
  }
  if (given && given.size > 0)
    return refused([], "takes no parameters: it is no deployment template, but a resource by itself");
  return fromResource(resource, [], options, true);
}

function fromResource(
  resource: JsonObject,
  path: JsonPath,
  { target, apiVersion }: TemplateOptions,
  isOwnKnown: boolean,
): ReadTemplate {
  const type = textProperty(resource, "type");
  const typed = type === undefined ? undefined : IMAGE_TEMPLATE_TYPE.exec(type);
  if (type !== undefined && !typed) {
    return refused(
      path,
      `is a resource of the type ${shortened(type)}, not an image template of Microsoft.VirtualMachineImages`,
    );
  }
  const properties = propertyOf(resource, "properties");
  const body = isJsonObject(properties) ? properties : resource;
  if (type === undefined && ["source", "distribute"].every((name) => propertyOf(body, name) === undefined)) {
    return refused(
      path,
      "is no image template: it has neither a source nor a distribute, nor resources that could be one",
    );
  }
  const faults = isOwnKnown ? subscriptionsOfNobody(properties ?? {}, ["properties"]) : [];
  const relative = withRelativeIds(resource, [], faults);
  const version = textProperty(resource, "apiVersion") ?? typed?.[2] ?? apiVersion;
  const modern = modernise(isJsonObject(relative) ? relative : {}, { apiVersion: version, location: target?.location });
  const moved = (remarks: Remark[]) => remarks.map((one) => ({ ...one, path: [...path, ...one.path] }));
  const notes = moved(modern.notes);
  if (typed && typed[1]?.toLowerCase() !== "/imagetemplates") {
    const message = `is ${shortened(type ?? "")}, and stands for Microsoft.VirtualMachineImages/imageTemplates: image builder goes by the address that it is sent to`;
    notes.unshift({ path: [...path, "type"], message });
  }
  if (modern.kind === "refused" || faults.length > 0) {
    return { kind: "refused", faults: moved([...faults, ...(modern.kind === "refused" ? modern.faults : [])]), notes };
  }
  return { kind: "template", template: modern.template, name: textProperty(resource, "name"), path, notes };
}

function remarkOf(fault: TemplateFault): Remark {
  const expression = fault.expression === undefined ? "" : `, in ${fault.expression}`;
  return { path: fault.path ?? [], message: `${fault.message}${expression}`, need: fault.need };
}

function refused(path: JsonPath, message: string): ReadTemplate {
  return { kind: "refused", faults: [{ path, message }], notes: [] };
}
