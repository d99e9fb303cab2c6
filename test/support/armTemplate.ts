import type { DeploymentTarget } from "../../src/domain/armTemplates/deployment.ts";
import { type FoundTemplate, findImageTemplate } from "../../src/domain/armTemplates/imageTemplates.ts";
import type { Given } from "../../src/domain/armTemplates/parameters.ts";
import type { Json, JsonObject } from "../../src/domain/json.ts";

export const TARGET: DeploymentTarget = {
  subscriptionId: "4f6d8a52-9b1e-4d3a-8c47-6e0b7f21a3c5",
  resourceGroup: "rg-images",
  location: "westeurope",
};

/** A deployment template with one image template, whose properties are given. */
export function deploymentOf(properties: Json, more: JsonObject = {}): JsonObject {
  return {
    $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    contentVersion: "1.0.0.0",
    resources: [
      { type: "Microsoft.VirtualMachineImages/imageTemplates", apiVersion: "2024-02-01", name: "image", properties },
    ],
    ...more,
  };
}

export function find(
  template: JsonObject,
  options: { target?: DeploymentTarget; given?: Record<string, Given>; wanted?: string } = {},
): FoundTemplate {
  return findImageTemplate(template, {
    target: options.target ?? TARGET,
    given: new Map(Object.entries(options.given ?? {})),
    wanted: options.wanted,
  });
}

/** What an expression comes to in a template, or what is wrong with it. */
export function evaluated(expression: Json, more: JsonObject = {}, options: Parameters<typeof find>[1] = {}): unknown {
  const found = find(deploymentOf({ value: expression }, more), options);
  if (found.kind === "faulty") return { fault: found.faults.map((one) => one.describe()).join("; ") };
  return (found.template.resource["properties"] as JsonObject)["value"];
}
