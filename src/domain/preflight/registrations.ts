import type { Finding } from "../failure.ts";
import { sameId } from "../resourceId.ts";
import { az } from "./mends.ts";
import { valueOf } from "./observed.ts";
import { EVERY_TOPOLOGY, IN_RECIPE, rule } from "./rule.ts";
import { subscriptionIdOf } from "./subscription.ts";

/** What image builder asks to be registered; without the last it has been seen to work. */
const REQUIRED = ["VirtualMachineImages", "Compute", "Network", "Storage", "ContainerInstance"].map(
  (one) => `Microsoft.${one}`,
);
const USUAL = ["Microsoft.KeyVault"];
export const IMAGE_BUILDER = "Microsoft.VirtualMachineImages";

export const registrations = rule({
  name: "registrations",
  holds:
    "The subscription has registered the resource providers that image builder uses, and it is offered in the region.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "provider-not-registered": {
      severity: "blocks",
      owner: "platform",
      why: "Image builder makes resources of this provider, and fails minutes into the run where it may not.",
      noBicep: "Registering is an action on the subscription, and no resource.",
    },
    "provider-advised": {
      severity: "notes",
      owner: "platform",
      why: "Microsoft lists the provider among those that image builder uses.",
      noBicep: "Registering is an action on the subscription, and no resource.",
    },
    "region-not-supported": {
      severity: "blocks",
      owner: "requester",
      why: "Image builder is not offered in every region, and takes templates in those only where it is.",
      ...IN_RECIPE,
    },
  },
  check({ plan, providers }, find) {
    const all = valueOf(providers);
    if (!all) return [];
    const subscription = subscriptionIdOf(plan);
    const told = (code: "provider-not-registered" | "provider-advised", namespaces: readonly string[]): Finding[] =>
      namespaces.flatMap((namespace) => {
        const state = all.find((one) => sameId(one.namespace, namespace))?.state ?? "NotRegistered";
        if (sameId(state, "Registered")) return [];
        return [
          find(code, {
            resource: `/subscriptions/${subscription}/providers/${namespace}`,
            seen: `${namespace} is ${state} in the subscription.`,
            mend: sameId(state, "Registering") ? "Wait until it is registered." : `Register ${namespace}.`,
            command: az`provider register --subscription ${subscription} --namespace ${namespace} --wait`,
          }),
        ];
      });
    const builder = all.find(({ namespace }) => sameId(namespace, IMAGE_BUILDER));
    const regions = builder?.locations.imagetemplates ?? [];
    return [
      ...told("provider-not-registered", REQUIRED),
      ...told("provider-advised", USUAL),
      ...(regions.length === 0 || regions.includes(plan.location)
        ? []
        : [
            find("region-not-supported", {
              resource: plan.template.location,
              seen: `Image builder is not offered in ${plan.location}.`,
              mend: `Set the recipe's location to one of ${regions.join(", ")}.`,
            }),
          ]),
    ];
  },
});
