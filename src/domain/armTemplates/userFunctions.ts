import {
  FORBIDDEN_NAME,
  isJsonObject,
  type Json,
  type JsonObject,
  type JsonPath,
  nameIgnoringCase,
  propertyOf,
  textProperty,
} from "../json.ts";
import type { GivenParameters } from "./parameters.ts";
import { TemplateFault } from "./templateFault.ts";

/** A call of one of a template's own functions, as a small template of its own. */
interface FunctionCall {
  /** Its parameters, and its namespaces' functions, which it may call; it sees no variables. */
  template: JsonObject;
  given: GivenParameters;
  /** What it returns, to be evaluated. */
  output: Json;
  /** From the template's `functions`. */
  path: JsonPath;
}

/** @param name `namespace.member` */
export function functionCall(template: JsonObject, name: string, args: () => readonly Json[]): FunctionCall {
  const [namespace = "", member = ""] = name.split(".");
  const all = propertyOf(template, "functions");
  const namespaces = Array.isArray(all) ? all : [];
  const index = namespaces.findIndex(
    (one) => isJsonObject(one) && textProperty(one, "namespace")?.toLowerCase() === namespace.toLowerCase(),
  );
  const found = namespaces[index];
  const members = isJsonObject(found) ? propertyOf(found, "members") : undefined;
  const own = isJsonObject(members) ? nameIgnoringCase(members, member) : undefined;
  const definition = isJsonObject(members) && own !== undefined ? members[own] : undefined;
  if (!isJsonObject(definition) || own === undefined) {
    throw new TemplateFault(`uses ${name.slice(0, 100)}(), a function that the template does not define`);
  }
  const output = propertyOf(definition, "output");
  const declared = propertyOf(definition, "parameters") ?? [];
  if (!Array.isArray(declared) || !isJsonObject(output)) {
    throw new TemplateFault(`uses ${name.slice(0, 100)}(), whose definition has no parameters or no output`);
  }
  const values = args();
  if (declared.length !== values.length) {
    throw new TemplateFault(`${name.slice(0, 100)} takes ${declared.length} arguments, not ${values.length}`);
  }
  const parameters: JsonObject = {};
  const given = new Map<string, { kind: "value"; value: Json }>();
  for (const [at, parameter] of declared.entries()) {
    const called = isJsonObject(parameter) ? textProperty(parameter, "name") : undefined;
    if (!isJsonObject(parameter) || called === undefined || called === FORBIDDEN_NAME) {
      throw new TemplateFault(`uses ${name.slice(0, 100)}(), which has a parameter without a name`);
    }
    parameters[called] = parameter;
    given.set(called.toLowerCase(), { kind: "value", value: values[at] ?? null });
  }
  return {
    template: { parameters, functions: namespaces, definitions: propertyOf(template, "definitions") ?? {} },
    given,
    output: propertyOf(output, "value") ?? null,
    path: [index, "members", own, "output", "value"],
  };
}
