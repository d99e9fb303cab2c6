import { armErrors } from "../arm/errors.ts";
import { isObject } from "../arm/genericResources.ts";
import { sameId } from "../arm/resourceId.ts";
import { type ArmAnswer, type ArmRequest, ok, type ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import type { PlatformImage } from "../compute/platformImages.ts";
import { findResource, storeResource } from "../store/resources.ts";

const TYPE = "Microsoft.MarketplaceOrdering/offerTypes/publishers/offers/plans/agreements";

type PurchasePlan = NonNullable<PlatformImage["plan"]>;

const agreementId = ({ landscape }: Azure, { publisher, product, name }: PurchasePlan) =>
  `/subscriptions/${landscape.subscriptionId}/providers/Microsoft.MarketplaceOrdering/offerTypes/virtualmachine` +
  `/publishers/${publisher}/offers/${product}/plans/${name}/agreements/current`;

/** Whether the subscription has accepted the terms of a plan. */
export function areTermsAccepted(azure: Azure, plan: PurchasePlan): boolean {
  const properties = findResource(azure, agreementId(azure, plan))?.body.properties;
  return isObject(properties) && properties.accepted === true;
}

/** Terms of the plans that images of the marketplace have: there of each plan, accepted or not. */
export const agreements: ResourceType = {
  type: TYPE,
  apiVersions: ["2015-06-01", "2021-01-01"],
  get: (azure, request) => answer(azure, planOf(azure, request)),
  put(azure, request) {
    const plan = planOf(azure, request);
    const { properties } = request.body();
    if (!isObject(properties) || typeof properties.accepted !== "boolean") {
      throw armErrors.InvalidRequestContent("Required property 'accepted' not found in JSON. Path 'properties'.");
    }
    const { accepted } = properties;
    const body = { properties: { accepted } };
    storeResource(azure, { id: agreementId(azure, plan), name: "current", type: TYPE, body });
    return answer(azure, plan);
  },
};

/** The plan that a request names, as the marketplace has it. */
function planOf({ state }: Azure, { target }: ArmRequest): PurchasePlan {
  const [offerType = "", publisher = "", product = "", name = "", current = ""] = target.names;
  const plan = state.publishedImages
    .flatMap((image) => image.plan ?? [])
    .find((one) => sameId([one.publisher, one.product, one.name].join("/"), [publisher, product, name].join("/")));
  if (plan && sameId(offerType, "virtualmachine") && sameId(current, "current")) return plan;
  throw armErrors.NotFound(`The terms of the plan ${name} of the offer ${product} were not found.`);
}

function answer(azure: Azure, plan: PurchasePlan): ArmAnswer {
  const { publisher, product, name } = plan;
  const properties = { publisher, product, plan: name, accepted: areTermsAccepted(azure, plan) };
  return ok({ id: agreementId(azure, plan), name, type: "Microsoft.MarketplaceOrdering/offertypes", properties });
}
