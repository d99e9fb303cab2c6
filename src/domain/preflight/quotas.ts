import type { Finding } from "../failure.ts";
import { sameId } from "../resourceId.ts";
import { az } from "./mends.ts";
import { valueOf } from "./observed.ts";
import { byHand, EVERY_TOPOLOGY, IN_RECIPE, rule } from "./rule.ts";
import { coresOf, familyOf } from "./sizes.ts";
import { subscriptionIdOf, type Usage } from "./subscription.ts";

/** Packer's container takes at least the one, and at most the other, as image builder's documents say. */
const [LEAST_CONTAINER_CORES, MOST_CONTAINER_CORES] = [1, 4];

const GRANTED = "A quota is asked for, and granted or not: nothing that is deployed.";
const BY_REQUEST = "Quotas of container instances are raised by a support request, in whose text people say why.";

export const quotas = rule({
  name: "quotas",
  holds: "The subscription's quotas have room for the build VM, its proxy and packer's container.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "cores-quota": {
      severity: "blocks",
      owner: "platform",
      why: "Azure makes no machine beyond the quota of its family or of the region, and the build fails minutes into the run.",
      noBicep: GRANTED,
    },
    "cores-undecided": {
      severity: "notes",
      owner: "platform",
      why: "Which quota the size counts against is not known here, so only the region's own was checked.",
      noBicep: "Quotas are looked at, not changed.",
    },
    "size-doubtful": {
      severity: "warns",
      owner: "requester",
      why: "Azure tells a quota of each family of sizes that a region has: where there is none, the size is mostly misspelt or not to be had there, and the build fails minutes into the run.",
      noBicep: IN_RECIPE.noBicep,
    },
    "container-quota": {
      severity: "blocks",
      owner: "platform",
      why: "Packer runs in a container group, whatever the topology.",
      ...byHand(BY_REQUEST),
    },
    "container-quota-tight": {
      severity: "warns",
      owner: "platform",
      why: "Packer's container takes up to four cores: where it asks for more than there are, Azure does not make it.",
      ...byHand(BY_REQUEST),
    },
  },
  check({ plan, computeUsages, containerUsages }, find) {
    const findings: Finding[] = [];
    const { vmSize } = plan.template.vmProfile;
    const sizes = [vmSize, ...(plan.topology.kind === "private link" ? [plan.topology.proxyVmSize] : [])];
    const usages = valueOf(computeUsages);
    const short = (
      code: "cores-quota" | "container-quota" | "container-quota-tight",
      { name, used, limit }: Usage,
      needed: number,
      what: string,
      takes = "takes",
    ) => {
      if (used + needed <= limit) return false;
      findings.push(
        find(code, {
          resource: plan.place,
          seen: `${used} of ${limit} are used of the quota ${name} in ${plan.location}, and ${what} ${takes} ${needed}.`,
          mend: "Remove what is no longer used, let fewer builds run at a time (GOLDSMITH_CONCURRENT_BUILDS), or ask for a higher quota.",
          ...(code === "cores-quota" && {
            command: request(subscriptionIdOf(plan), plan.location, name, used + needed),
          }),
        }),
      );
      return true;
    };
    if (usages) {
      const known = sizes.map((size) => ({ size, cores: coresOf(size), usage: usageOf(size, usages) }));
      for (const { size, usage } of known) {
        if (usage) continue;
        const family = familyOf(size);
        if (family && usages.some(({ name }) => /Family$/i.test(name))) {
          findings.push(
            find("size-doubtful", {
              resource: plan.place,
              seen: `Of the size ${size} there is no quota ${family} in ${plan.location}, where other families have theirs.`,
              mend: "Name a size in the recipe that the region has; or accept this, where the size is there.",
              command: az`vm list-skus --subscription ${subscriptionIdOf(plan)} --location ${plan.location} --size ${size} --all --output table`,
            }),
          );
          continue;
        }
        findings.push(
          find("cores-undecided", {
            resource: plan.place,
            seen: `Of the size ${size} no quota is found by its name.`,
            mend: "Look which quota it counts against.",
            command: az`vm list-usage ${{ subscription: subscriptionIdOf(plan), location: plan.location, output: "table" }}`,
          }),
        );
      }
      const sumOf = (machines: typeof known) => machines.reduce((sum, { cores }) => sum + cores, 0);
      const total = usages.find(({ name }) => sameId(name, "cores"));
      if (total) short("cores-quota", total, sumOf(known), "the build");
      for (const usage of new Set(known.flatMap((one) => one.usage ?? []))) {
        const machines = known.filter((one) => one.usage === usage);
        short("cores-quota", usage, sumOf(machines), machines.map(({ size }) => size).join(" with "));
      }
    }
    for (const usage of valueOf(containerUsages) ?? []) {
      const container = "packer's container";
      if (sameId(usage.name, "ContainerGroups")) short("container-quota", usage, 1, "packer's container group");
      if (!sameId(usage.name, "StandardCores")) continue;
      if (!short("container-quota", usage, LEAST_CONTAINER_CORES, container, "takes at least"))
        short("container-quota-tight", usage, MOST_CONTAINER_CORES, container, "may take");
    }
    return findings;
  },
});

function usageOf(size: string, usages: readonly Usage[]): Usage | undefined {
  const family = familyOf(size);
  return usages.find(({ name }) => family && sameId(name, family));
}

/** Asks for a quota that is just enough, by the CLI's extension `quota`. */
function request(subscription: string, location: string, name: string, limit: number): string {
  return az`quota update ${{
    subscription,
    scope: `/subscriptions/${subscription}/providers/Microsoft.Compute/locations/${location}`,
    "resource-name": name,
    "limit-object": `value=${limit}`,
    "resource-type": "dedicated",
  }}`;
}
