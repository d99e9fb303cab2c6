import { sameId } from "../resourceId.ts";
import { nameOfSource } from "../source.ts";
import { az } from "./mends.ts";
import { valueOf } from "./observed.ts";
import { EVERY_TOPOLOGY, IN_RECIPE, rule } from "./rule.ts";
import { subscriptionIdOf } from "./subscription.ts";

export const purchasePlan = rule({
  name: "purchase-plan",
  holds:
    "The recipe names the purchase plan of its source, if it has one, and the subscription has accepted its terms.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "plan-not-named": {
      severity: "blocks",
      owner: "requester",
      why: "Azure makes no machine of an image that is bought where the template does not name its plan.",
      ...IN_RECIPE,
    },
    "plan-terms-not-accepted": {
      severity: "blocks",
      owner: "platform",
      why: "Azure makes no machine of an image that is bought before the subscription has accepted the terms.",
      noBicep: "Terms are accepted by somebody who has read them.",
    },
  },
  check({ plan: build, sourceImage, termsAccepted }, find) {
    const image = valueOf(sourceImage);
    if (!image) return [];
    const { plan } = image;
    const { source } = build.template;
    const resource = nameOfSource(source);
    const planInfo = source.type === "PlatformImage" ? source.planInfo : undefined;
    const named = planInfo && [planInfo.planPublisher, planInfo.planProduct, planInfo.planName].join(":");
    if (!plan) {
      if (!named) return [];
      const mend = "Take planInfo out of the recipe's source.";
      return [find("plan-not-named", { resource, seen: `The source image has no plan, and not ${named}.`, mend })];
    }
    const own = [plan.publisher, plan.product, plan.name].join(":");
    return [
      ...(named && sameId(named, own)
        ? []
        : [
            find("plan-not-named", {
              resource,
              seen: `The source image has the plan ${own}, and the recipe names ${named ?? "none"}.`,
              mend:
                "Write into the recipe's source: planInfo: " +
                `{planPublisher: ${plan.publisher}, planProduct: ${plan.product}, planName: ${plan.name}}.`,
            }),
          ]),
      ...(valueOf(termsAccepted) === false
        ? [
            find("plan-terms-not-accepted", {
              resource,
              seen: `The terms of the plan ${own} are not accepted in the subscription.`,
              mend: "Read the terms, and accept them for the subscription.",
              command: az`vm image terms accept --subscription ${subscriptionIdOf(build)} --publisher ${plan.publisher} --offer ${plan.product} --plan ${plan.name}`,
            }),
          ]
        : []),
    ];
  },
});
