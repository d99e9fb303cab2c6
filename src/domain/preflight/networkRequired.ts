import { IN_RECIPE, rule } from "./rule.ts";

export const networkRequired = rule({
  name: "network-required",
  holds: "A build goes into a network of the company's where its trust zone asks for that.",
  topologies: ["none"],
  findings: {
    "network-required": {
      severity: "blocks",
      owner: "requester",
      why: "In a network that image builder makes, the company's firewalls and logs see nothing of the build.",
      ...IN_RECIPE,
    },
  },
  check: ({ plan }, find) =>
    plan.networkRequired
      ? [
          find("network-required", {
            resource: plan.image,
            seen: "The recipe names no subnet, and its trust zone asks for one.",
            mend: "Name a subnet of the zone in vmProfile.vnetConfig.subnetId.",
          }),
        ]
      : [],
});
