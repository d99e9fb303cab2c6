import { type JsonObject, type JsonPath, nameIgnoringCase } from "../json.ts";
import type { DeploymentTarget } from "./deployment.ts";
import type { Surroundings } from "./evaluateExpression.ts";
import { expandValue } from "./expandValue.ts";
import type { Scope } from "./scope.ts";
import { attempt } from "./templateFault.ts";

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
  const location = scope.locationOf(`/providers/Microsoft.Resources/resourceGroups/${name}`);
  return typeof location === "string" ? location : undefined;
}
