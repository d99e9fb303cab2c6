import type { Json, JsonObject } from "../json.ts";
import type { Budget } from "./budget.ts";
import { TemplateFault } from "./templateFault.ts";

/**
 * Stands for the id of a subscription that nobody told: ids that hold it begin at `/resourceGroups/` in a recipe,
 * which means the service's own. A text that is made out of it in any other way would be wrong, and is a fault.
 */
export const OWN_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000";

/** Where a template would be deployed to, as far as it is known. */
export interface DeploymentTarget {
  subscriptionId?: string | undefined;
  resourceGroup?: string | undefined;
  /** The resource group's; of a deployment to a subscription, its own. */
  location?: string | undefined;
  /** Where the group is taken to lie if nothing tells: a deployment inside may go to a group of its own. */
  assumedLocation?: string | undefined;
  /** For `utcNow` in the defaults of parameters: two evaluations differ then. Without it, such a default is a fault. */
  now?: Date | undefined;
}

/** What all parts of one evaluation share. */
export interface Evaluation {
  budget: Budget;
  /** What the person who imports has to know about the values. */
  notes: Set<string>;
}

export function subscriptionIdOf({ subscriptionId }: DeploymentTarget): string {
  return subscriptionId ?? OWN_SUBSCRIPTION;
}

export function resourceGroupOf({ resourceGroup }: DeploymentTarget): string {
  if (resourceGroup !== undefined) return resourceGroup;
  throw new TemplateFault("needs to know the resource group that it is deployed to", { need: "resource-group" });
}

function locationOf({ location, assumedLocation, resourceGroup }: DeploymentTarget, { notes }: Evaluation): string {
  if (location !== undefined) return location;
  if (assumedLocation !== undefined) {
    notes.add(`the resource group ${resourceGroup ?? ""} is taken to lie in ${assumedLocation}: nothing else tells`);
    return assumedLocation;
  }
  throw new TemplateFault("needs to know the location that it is deployed to", { need: "location" });
}

/** `resourceGroup()`, each property when it is asked for. */
export function resourceGroupProperty(target: DeploymentTarget, name: string, evaluation: Evaluation): Json {
  const group = () => `/subscriptions/${subscriptionIdOf(target)}/resourceGroups/${resourceGroupOf(target)}`;
  switch (name.toLowerCase()) {
    case "name":
      return resourceGroupOf(target);
    case "location":
      return locationOf(target, evaluation);
    case "id":
      return group();
    case "type":
      return "Microsoft.Resources/resourceGroups";
    default:
      throw new TemplateFault(`asks for the resource group's ${name}, which only Azure knows`);
  }
}

export function subscriptionProperty(target: DeploymentTarget, name: string): Json {
  switch (name.toLowerCase()) {
    case "subscriptionid":
      return subscriptionIdOf(target);
    case "id":
      return `/subscriptions/${subscriptionIdOf(target)}`;
    default:
      throw new TemplateFault(`asks for the subscription's ${name}, which only Azure knows`);
  }
}

export function deploymentProperty(target: DeploymentTarget, name: string, evaluation: Evaluation): Json {
  if (name.toLowerCase() === "location") return locationOf(target, evaluation);
  throw new TemplateFault(`asks for the deployment's ${name}, which is known only while it is deployed`);
}

/** Of Azure's public cloud, the one that image builder and the service are used in. */
export const ENVIRONMENT: JsonObject = {
  name: "AzureCloud",
  portal: "https://portal.azure.com",
  resourceManager: "https://management.azure.com/",
  authentication: {
    loginEndpoint: "https://login.microsoftonline.com/",
    audiences: ["https://management.core.windows.net/", "https://management.azure.com/"],
    tenant: "common",
    identityProvider: "AAD",
  },
  suffixes: {
    acrLoginServer: ".azurecr.io",
    keyvaultDns: ".vault.azure.net",
    sqlServerHostname: ".database.windows.net",
    storage: "core.windows.net",
  },
};
