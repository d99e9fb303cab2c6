/**
 * What the local image builder says by itself against a template or a run, by a part of its text: the code by which the
 * preflight finds it before, or why nothing can be read.
 */
type Refusal = { code: string } | { why: string };

const BETWEEN = "It was there when the preflight looked, and went afterwards.";
const FRESH_GROUP =
  "The staging group is made new for each attempt, by image builder, which gives the builder its role there.";

export const REFUSALS: Readonly<Record<string, Refusal>> = {
  "assigned managed identity cannot be used": { why: BETWEEN },
  "Not authorized to access the resource": { code: "role-lacks-action" },
  "is unavailable. Please check the file exists": { code: "script-unreachable" },
  "does not match the sha256Checksum": {
    why: "What lies at a URL is image builder's to read; the service's own scripts are compared as they are put there.",
  },
  "The platform image '": { code: "source-not-found" },
  "The managed image ${id} was not found": { code: "source-not-found" },
  "The managed image ${id} must be in the region": { code: "source-in-other-region" },
  "GalleryImageVersionsClient#Get": { code: "source-not-found" },
  "the image version ${id} was not found in": { code: "source-not-found" },
  "The gallery image definition ${id} was not found": { code: "definition-not-found" },
  "The subnet ${id} was not found": { code: "subnet-not-found" },
  "The virtual network ${network} must be in the region": { code: "network-in-other-region" },
  "client_jwt will expire": { why: "A recipe with so short a timeout is refused before it is planned." },
  "Azure Container Instances provider not registered": { code: "provider-not-registered" },
  SubnetIsDelegated: { code: "subnet-delegated" },
  "PrivateLinkService Network Policy is not disabled": { code: "private-link-service-policies-enabled" },
  SubnetMissingRequiredDelegation: { code: "container-subnet-not-delegated" },
  "requires Plan information in the request": { code: "plan-not-named" },
  "The part number in the purchase information": { code: "plan-not-named" },
  MarketplacePurchaseEligibilityFailed: { code: "plan-terms-not-accepted" },
  "The specified disk size": { code: "disk-too-small" },
  "Azure Container Instances quota exceeded": { code: "container-quota" },
  QuotaExceeded: { code: "cores-quota" },
  "must be in the same region as the image template": { why: FRESH_GROUP },
  "must be empty": { why: FRESH_GROUP },
  "ResourceGroupNotFound: Resource group": { why: BETWEEN },
  "may be used by another image template": { why: FRESH_GROUP },
  "Failed to stage the customizer scripts": { code: "policy-denies" },
  "The image version ${id} already exists": {
    why: "Image builder takes the next number as it writes, and another took it just then.",
  },
  "different Hyper-V Generation": { code: "definition-differs" },
  "different OS type": { code: "definition-differs" },
  "is not Generalized": { code: "definition-specialized" },
  "different architecture": { code: "definition-differs" },
};
