import type { ResourceManagementClient } from "@azure/arm-resources";
import { insistOn, unknownIfNotFound } from "./azureError.ts";

export async function resourceGroupExists(client: ResourceManagementClient, id: string): Promise<boolean> {
  const name = id.split("/").at(-1) ?? "";
  return (await insistOn(() => client.resourceGroups.get(name).catch(unknownIfNotFound))) !== undefined;
}

/** Every resource group of the subscription. */
export async function resourceGroupNames(client: ResourceManagementClient): Promise<{ id: string; name: string }[]> {
  return insistOn(async () => {
    const found: { id: string; name: string }[] = [];
    for await (const { id = "", name = "" } of client.resourceGroups.list()) found.push({ id, name });
    return found;
  });
}
