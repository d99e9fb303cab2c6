import { isJsonObject, type JsonObject, type JsonPath, nameIgnoringCase, propertyOf, textProperty } from "../json.ts";
import type { DeploymentTarget } from "./deployment.ts";
import type { Surroundings } from "./evaluateExpression.ts";
import { expandValue } from "./expandValue.ts";
import type { Scope } from "./scope.ts";
import { attempt } from "./templateFault.ts";

const RESOURCE_GROUP = "microsoft.resources/resourcegroups";

/** A deployment inside may go to another group or subscription. What cannot be told is asked for when it is used. */
export function targetOf(resource: JsonObject, around: Surroundings, path: JsonPath): DeploymentTarget {
  const { target } = around.scope;
  const read = (name: string): string | undefined => {
    const own = nameIgnoringCase(resource, name);
    const value = own === undefined ? undefined : expandValue(resource[own] ?? null, around, [...path, own]);
    return typeof value === "string" ? value : undefined;
  };
  const subscriptionId = read("subscriptionId");
  const resourceGroup = read("resourceGroup");
  if (subscriptionId === undefined && resourceGroup === undefined) {
    return { ...target, location: target.location ?? attempt(() => read("location")) };
  }
  const isSame = subscriptionId === undefined || subscriptionId === target.subscriptionId;
  if (isSame && resourceGroup?.toLowerCase() === target.resourceGroup?.toLowerCase()) return target;
  return {
    ...target,
    subscriptionId: subscriptionId ?? target.subscriptionId,
    resourceGroup: resourceGroup ?? target.resourceGroup,
    location: resourceGroup === undefined ? undefined : locationOfGroup(resourceGroup, around.scope),
    assumedLocation: target.location ?? target.assumedLocation,
  };
}

/** Of a resource group that the template makes itself. */
function locationOfGroup(name: string, scope: Scope): string | undefined {
  const around: Surroundings = { scope, copies: new Map(), lambdas: new Map() };
  const resources = propertyOf(scope.template, "resources");
  for (const one of Object.values(isJsonObject(resources) || Array.isArray(resources) ? resources : {})) {
    if (!isJsonObject(one) || textProperty(one, "type")?.toLowerCase() !== RESOURCE_GROUP) continue;
    const read = (field: string) => attempt(() => expandValue(propertyOf(one, field) ?? null, around, scope.path));
    const [own, location] = [read("name"), read("location")];
    if (typeof own === "string" && own.toLowerCase() === name.toLowerCase() && typeof location === "string")
      return location;
  }
  return undefined;
}
