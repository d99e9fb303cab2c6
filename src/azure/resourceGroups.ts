import type { ResourceManagementClient } from "@azure/arm-resources";
import { insistOn, unknownIfNotFound } from "./azureError.ts";

export interface NamedGroup {
  id: string;
  name: string;
  tags: Record<string, string>;
}

/** @returns undefined where there is none. */
export async function readResourceGroup(
  client: ResourceManagementClient,
  id: string,
): Promise<Pick<NamedGroup, "tags"> | undefined> {
  const name = id.split("/").at(-1) ?? "";
  const group = await insistOn(() => client.resourceGroups.get(name).catch(unknownIfNotFound));
  return group && { tags: group.tags ?? {} };
}

/** Every resource group of the subscription. */
export async function resourceGroups(client: ResourceManagementClient): Promise<NamedGroup[]> {
  return insistOn(async () => {
    const found: NamedGroup[] = [];
    for await (const { id = "", name = "", tags = {} } of client.resourceGroups.list()) found.push({ id, name, tags });
    return found;
  });
}
