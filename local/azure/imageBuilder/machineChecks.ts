import type { Azure } from "../azure.ts";
import { registrationOf } from "../resources/registrations.ts";
import { findResource } from "../store/resources.ts";
import { sourceMachineProblem } from "./machineSource.ts";
import type { Template } from "./templateState.ts";

/** Packer's token lives for the build's timeout, and has to outlive five minutes. */
const SHORTEST_TIMEOUT_MINUTES = 6;
const CONTAINER_GROUPS = "Microsoft.ContainerInstance/containerGroups";

interface SubnetProperties {
  privateLinkServiceNetworkPolicies?: string;
  delegations?: { properties?: { serviceName?: string } }[];
}

/** Why packer cannot even begin, in its own words. */
export function packerProblem({ body }: Template): string | undefined {
  const { buildTimeoutInMinutes } = body.properties;
  if (!buildTimeoutInMinutes || buildTimeoutInMinutes >= SHORTEST_TIMEOUT_MINUTES) return undefined;
  return "client_jwt will expire within 5 minutes, please use a JWT that is valid for at least 5 minutes";
}

/**
 * What stands against the machines of a run. That none of it is looked at when the template is made is Azure's way:
 * the network may have changed since.
 */
export function machineProblem(azure: Azure, template: Template): string | undefined {
  return networkedProblem(azure, template) ?? sourceMachineProblem(azure, template);
}

function networkedProblem(azure: Azure, { body }: Template): string | undefined {
  // Packer runs in a container, whatever the topology.
  if (registrationOf(azure, "Microsoft.ContainerInstance") !== "Registered") {
    return "Azure Container Instances provider not registered for the subscription";
  }
  const { subnetId, containerInstanceSubnetId } = body.properties.vmProfile?.vnetConfig ?? {};
  if (!subnetId) return undefined;
  const build = subnetOf(azure, subnetId);
  if (isDelegated(build)) {
    return `SubnetIsDelegated: Subnet ${subnetId} is delegated to ${CONTAINER_GROUPS} and cannot be used for virtual machines`;
  }
  if (!containerInstanceSubnetId) {
    if (build.privateLinkServiceNetworkPolicies === "Disabled") return undefined;
    return `PrivateLinkService Network Policy is not disabled for the given subnet. Subnet: ${subnetId}. Please refer to https://aka.ms/azvmimagebuilderts`;
  }
  if (isDelegated(subnetOf(azure, containerInstanceSubnetId))) return undefined;
  return (
    `SubnetMissingRequiredDelegation: Subnet ${containerInstanceSubnetId} requires any of the following delegation(s) ` +
    `[${CONTAINER_GROUPS}] to reference service association link`
  );
}

const subnetOf = (azure: Azure, id: string) => (findResource(azure, id)?.body.properties ?? {}) as SubnetProperties;
const isDelegated = ({ delegations }: SubnetProperties) =>
  delegations?.some(({ properties }) => properties?.serviceName?.toLowerCase() === CONTAINER_GROUPS.toLowerCase());
