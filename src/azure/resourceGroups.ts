import type { ResourceManagementClient } from "@azure/arm-resources";
import { findInAzure } from "./azureError.ts";

export async function resourceGroupExists(client: ResourceManagementClient, id: string): Promise<boolean> {
  const name = id.split("/").at(-1) ?? "";
  return (await findInAzure(() => client.resourceGroups.get(name))) !== undefined;
}
