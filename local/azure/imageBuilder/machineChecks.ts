import type { Azure } from "../azure.ts";
import { detailsOf, type PlatformImage, platformImageVersion } from "../compute/platformImages.ts";
import { areTermsAccepted } from "../marketplaceOrdering/agreements.ts";
import { registrationOf } from "../resources/registrations.ts";
import { findResource } from "../store/resources.ts";
import { sourceDiskSize } from "./sourceImage.ts";
import type { Source } from "./templateSchema.ts";
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

/** What Azure says against a machine that is to be made of a source, in its own words. */
function sourceMachineProblem(azure: Azure, { body }: Template): string | undefined {
  const { source, vmProfile } = body.properties;
  const asked = vmProfile?.osDiskSizeGB ?? 0;
  if (source.type !== "PlatformImage") return diskProblem(asked, sourceDiskSize(azure, source, body.location) ?? 0);
  const { publisher, offer, sku } = source;
  const version = platformImageVersion(azure, source) ?? "";
  const { plan, sizeGB } = detailsOf(azure, { publisher, offer, sku, version });
  return planProblem(azure, source.planInfo ?? undefined, plan) ?? diskProblem(asked, sizeGB);
}

type PlanInfo = NonNullable<(Source & { type: "PlatformImage" })["planInfo"]>;

function planProblem(azure: Azure, planInfo: PlanInfo | undefined, plan: PlatformImage["plan"]): string | undefined {
  if (plan && !planInfo) {
    return 'PurchasePlanNotProvided: Code="VMMarketplaceInvalidInput" Creating a virtual machine from Marketplace image requires Plan information in the request';
  }
  const named = [planInfo?.planPublisher, planInfo?.planProduct, planInfo?.planName];
  if (planInfo && named.join("/") !== [plan?.publisher, plan?.product, plan?.name].join("/")) {
    return 'Code="VMMarketplaceInvalidInput" Unable to deploy from the Marketplace image or a custom image sourced from Marketplace image. The part number in the purchase information is not as expected.';
  }
  if (plan && !areTermsAccepted(azure, plan)) {
    return 'Code="MarketplacePurchaseEligibilityFailed" Marketplace purchase eligibilty check returned errors. See inner errors for details.';
  }
  return undefined;
}

function diskProblem(asked: number, size: number): string | undefined {
  if (asked === 0 || asked >= size) return undefined;
  return (
    `Code="OperationNotAllowed" The specified disk size ${asked} GB is smaller than the size of the corresponding disk in ` +
    `the VM image: ${size} GB. This is not allowed. Please choose equal or greater size or do not specify an explicit size.`
  );
}
