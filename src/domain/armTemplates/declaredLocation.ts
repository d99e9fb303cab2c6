import { isJsonObject, type Json, type JsonObject, propertyOf, textProperty } from "../json.ts";
import type { Surroundings } from "./evaluateExpression.ts";
import { expandValue } from "./expandValue.ts";
import type { Scope } from "./scope.ts";
import { attempt } from "./templateFault.ts";

/**
 * Where a resource lies that the template itself makes, which is known before it is there.
 * @param wanted its symbolic name, its name or its id, as `reference` takes them
 */
export function declaredLocation(scope: Scope, wanted: string): Json | undefined {
  const around: Surroundings = { scope, copies: new Map(), lambdas: new Map() };
  const read = (resource: JsonObject, name: string) =>
    attempt(() => expandValue(propertyOf(resource, name) ?? null, around, scope.path)) ?? undefined;
  const resources = propertyOf(scope.template, "resources") ?? [];
  const isSymbolic = isJsonObject(resources);
  const id = typeAndName(wanted);
  for (const [key, one] of Object.entries(resources)) {
    if (!isJsonObject(one) || propertyOf(one, "existing") === true || propertyOf(one, "copy") !== undefined) continue;
    if (isSymbolic && key.toLowerCase() === wanted.toLowerCase()) return read(one, "location");
    if (id.type !== undefined && textProperty(one, "type")?.toLowerCase() !== id.type) continue;
    // Each look reads the names of all, and a name that cannot be told costs most.
    scope.evaluation.budget.spend(20);
    const name = read(one, "name");
    if (typeof name === "string" && name.toLowerCase() === id.name) return read(one, "location");
  }
  return undefined;
}

/** `…/providers/Microsoft.Compute/galleries/a/images/b` is `a/b` of the type `microsoft.compute/galleries/images`. */
function typeAndName(wanted: string): { type: string | undefined; name: string } {
  const lower = wanted.toLowerCase();
  const at = lower.lastIndexOf("/providers/");
  if (at < 0) return { type: undefined, name: lower };
  const [namespace = "", ...rest] = lower.slice(at + "/providers/".length).split("/");
  const every = (remainder: number) => rest.filter((_, index) => index % 2 === remainder);
  return { type: [namespace, ...every(0)].join("/"), name: every(1).join("/") };
}
