import type { NetworkManagementClient } from "@azure/arm-network";
import { readNetworkOf } from "../azure/virtualNetworks.ts";
import type { Finding } from "../domain/failure.ts";
import type { Plan } from "../domain/plan.ts";
import { checkSubnet } from "../domain/subnet.ts";

export function subnetActivities(network: NetworkManagementClient) {
  return {
    /** Reads the subnet and says what stands in the way of a build in it; changes nothing. */
    async validateSubnet({ subnetId, location }: Pick<Plan, "subnetId" | "location">): Promise<Finding[]> {
      return checkSubnet(subnetId, location, await readNetworkOf(network, subnetId));
    },
  };
}
