import { globSync } from "node:fs";
import { join } from "node:path";
import { type Deployment, deploy } from "./deployment.ts";
import type { Place } from "./place.ts";
import { readBicep } from "./readBicep.ts";

export const root = join(import.meta.dirname, "..", "..", "..");

/** All of infra/, however it is cut into files. */
export const infraFiles = globSync("infra/**/*.bicep", { cwd: root })
  .toSorted()
  .map((path) => readBicep(join(root, path)));

export const TENANT = "7a3c5d10-0b52-4c11-9c37-2f1d1c6a9e01";
export const SUBSCRIPTION = "4f6d8a52-9b1e-4d3a-8c47-6e0b7f21a3c5";

/** The application settings of the function app that was deployed. */
export function appSettingsOf({ resources }: Deployment): { name: string; value: string }[] {
  const app = resources.find(({ type }) => type === "Microsoft.Web/sites");
  if (!app) throw new Error("There is no function app.");
  const { siteConfig } = app.body.properties as { siteConfig: { appSettings: { name: string; value: string }[] } };
  return siteConfig.appSettings;
}

/** What infra/main.bicep comes to. */
export function deployInfra(
  parameters: Record<string, unknown>,
  more: Partial<Pick<Place, "deploymentName" | "onChoice">> = {},
): Deployment {
  return deploy(infraFiles, join(root, "infra", "main.bicep"), parameters, {
    tenantId: TENANT,
    subscriptionId: SUBSCRIPTION,
    resourceGroup: undefined,
    location: "westeurope",
    deploymentName: "main-1796000000",
    ...more,
  });
}
