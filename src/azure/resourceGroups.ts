import type { ResourceManagementClient } from "@azure/arm-resources";
import { insistOn, unknownIfNotFound } from "./azureError.ts";

export async function resourceGroupExists(client: ResourceManagementClient, id: string): Promise<boolean> {
  const name = id.split("/").at(-1) ?? "";
  return (await insistOn(() => client.resourceGroups.get(name).catch(unknownIfNotFound))) !== undefined;
}
