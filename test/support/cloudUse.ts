/** Uses up quotas and addresses of a local Azure, by things that the operator makes. */
import { expect } from "vitest";
import type { TestCloud } from "./cloud.ts";
import { besideNetwork, NETWORK_GROUP, NETWORK_VERSION } from "./cloudNetwork.ts";
import { ids } from "./cloudTemplates.ts";

const IN_GROUP = `${ids.subscription}/resourceGroups/${NETWORK_GROUP}/providers`;

export function cloudUse(cloud: () => TestCloud) {
  async function put(path: string, properties: object): Promise<void> {
    const answer = await cloud().send("PUT", path, { body: { location: "westeurope", properties } });
    expect(answer.status).toBe(201);
    await cloud().pass(60);
  }

  /** An interface takes an address of the build VM's subnet. */
  async function putInterface(name: string): Promise<string> {
    const id = besideNetwork("networkInterfaces", name);
    await put(id + NETWORK_VERSION, {
      ipConfigurations: [{ name: "c", properties: { subnet: { id: ids.subnet } } }],
    });
    return id;
  }

  return {
    async useAddresses(count: number): Promise<void> {
      for (let number = 0; number < count; number++) await putInterface(`nic-${number}`);
    },

    async useCores(vmSize: string): Promise<void> {
      const id = await putInterface("nic-large");
      await put(`${IN_GROUP}/Microsoft.Compute/virtualMachines/vm-large?api-version=2024-07-01`, {
        hardwareProfile: { vmSize },
        storageProfile: { osDisk: { createOption: "FromImage" } },
        networkProfile: { networkInterfaces: [{ id }] },
      });
    },

    async useContainers(groups: number): Promise<void> {
      const container = { name: "c", properties: { image: "i", resources: { requests: { cpu: 4, memoryInGB: 8 } } } };
      for (let number = 0; number < groups; number++)
        await put(`${IN_GROUP}/Microsoft.ContainerInstance/containerGroups/g-${number}?api-version=2023-05-01`, {
          osType: "Linux",
          containers: [container],
        });
    },
  };
}
