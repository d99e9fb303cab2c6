import type { Azure } from "../azure.ts";
import { detailsOf, platformImageVersion } from "../compute/platformImages.ts";
import { areTermsAccepted } from "../marketplaceOrdering/agreements.ts";
import type { Template } from "./templateState.ts";

/** What Azure says against a machine that is to be made of a marketplace image, in its own words. */
export function marketplaceProblem(azure: Azure, { body }: Template): string | undefined {
  const { source, vmProfile } = body.properties;
  if (source.type !== "PlatformImage") return undefined;
  const { publisher, offer, sku, planInfo } = source;
  const version = platformImageVersion(azure, source) ?? "";
  const { plan, sizeGB } = detailsOf(azure, { publisher, offer, sku, version });
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
  const asked = vmProfile?.osDiskSizeGB;
  if (!asked || asked >= sizeGB) return undefined;
  return (
    `Code="OperationNotAllowed" The specified disk size ${asked} GB is smaller than the size of the corresponding disk in ` +
    `the VM image: ${sizeGB} GB. This is not allowed. Please choose equal or greater size or do not specify an explicit size.`
  );
}
