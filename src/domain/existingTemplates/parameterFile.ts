import type { Given } from "../armTemplates/parameters.ts";
import { isJsonObject, type Json, type JsonObject, propertyOf } from "../json.ts";
import type { Remark } from "./fit.ts";

export type ReadParameters = { kind: "parameters"; given: Map<string, Given> } | { kind: "refused"; fault: Remark };

/** Reads a parameter file, or its `parameters` alone; both are what `az deployment group create` takes. */
export function readParameters(file: Json): ReadParameters {
  if (!isJsonObject(file)) return refused([], "is no parameter file: it holds no object");
  const inside = propertyOf(file, "parameters");
  const parameters: JsonObject = isJsonObject(inside) ? inside : file;
  const given = new Map<string, Given>();
  for (const [name, one] of Object.entries(parameters)) {
    const path = isJsonObject(inside) ? ["parameters", name] : [name];
    if (!isJsonObject(one)) return refused(path, 'is no parameter: it takes the form {"value": …}');
    const value = propertyOf(one, "value");
    if (propertyOf(one, "reference") !== undefined) given.set(name.toLowerCase(), { kind: "secret" });
    else if (value !== undefined) given.set(name.toLowerCase(), { kind: "value", value });
    else return refused(path, 'is no parameter: it takes the form {"value": …}');
  }
  return { kind: "parameters", given };
}

function refused(path: Remark["path"], message: string): ReadParameters {
  return { kind: "refused", fault: { path, message } };
}
