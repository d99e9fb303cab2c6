import type { ResourceManagementClient } from "@azure/arm-resources";

/** What time it is in Azure: each of its answers tells, refusals too. @returns undefined where it does not answer. */
export async function azureTime(client: ResourceManagementClient, resourceGroup: string): Promise<Date | undefined> {
  let date: string | undefined;
  await client.resourceGroups
    .get(resourceGroup, {
      onResponse: ({ headers }) => {
        date = headers.get("date");
      },
    })
    .catch(() => undefined);
  const time = new Date(date ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
