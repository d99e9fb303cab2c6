import type { Azure } from "../azure.ts";
import { detailsOf, type PlatformImage, platformImageVersion } from "../compute/platformImages.ts";
import { areTermsAccepted } from "../marketplaceOrdering/agreements.ts";
import { sourceDiskSize } from "./sourceImage.ts";
import type { Source } from "./templateSchema.ts";
import type { Template } from "./templateState.ts";

/** What Azure says against a machine that is to be made of a source, in its own words. */
export function sourceMachineProblem(azure: Azure, { body }: Template): string | undefined {
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
