import type { Finding } from "../failure.ts";
import { sameId } from "../resourceId.ts";
import { valueOf } from "./observed.ts";
import { EVERY_TOPOLOGY, rule } from "./rule.ts";
import type { Usage } from "./subscription.ts";

/** Packer's container takes so many cores at the most. */
const CONTAINER_CORES = 4;

export const quotas = rule({
  name: "quotas",
  holds: "The subscription's quotas have room for the build VM, its proxy and packer's container.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "cores-quota": {
      severity: "blocks",
      owner: "operator",
      why: "Azure makes no machine beyond the quota of its family or of the region, and the build fails minutes into the run.",
    },
    "cores-undecided": {
      severity: "notes",
      owner: "operator",
      why: "Which quota the size counts against is not known here, so only the region's own was checked.",
    },
    "container-quota": {
      severity: "blocks",
      owner: "operator",
      why: "Packer runs in a container group, whatever the topology.",
    },
  },
  check({ plan, computeUsages, containerUsages }, find) {
    const findings: Finding[] = [];
    const { vmSize } = plan.template.vmProfile;
    const sizes = [vmSize, ...(plan.topology.kind === "private link" ? [plan.topology.proxyVmSize] : [])];
    const usages = valueOf(computeUsages);
    const short = (
      code: "cores-quota" | "container-quota",
      { name, used, limit }: Usage,
      needed: number,
      what: string,
    ) => {
      if (used + needed <= limit) return;
      findings.push(
        find(code, {
          resource: plan.place,
          seen: `${used} of ${limit} are used of the quota ${name} in ${plan.location}, and ${what} takes ${needed}.`,
          mend: "Remove what is no longer used, let fewer builds run at a time (GOLDSMITH_CONCURRENT_BUILDS), or ask for a higher quota.",
        }),
      );
    };
    if (usages) {
      const known = sizes.map((size) => ({ size, ...familyOf(size) }));
      for (const { size, family } of known) {
        if (family && usages.some(({ name }) => sameId(name, family))) continue;
        findings.push(
          find("cores-undecided", {
            resource: plan.place,
            seen: `Of the size ${size} no quota is found by its name.`,
            mend: `Look which quota it counts against: az vm list-usage --location ${plan.location}.`,
          }),
        );
      }
      const total = usages.find(({ name }) => sameId(name, "cores"));
      if (total)
        short(
          "cores-quota",
          total,
          known.reduce((sum, { cores = 1 }) => sum + cores, 0),
          "the build",
        );
      for (const { size, family = "", cores = 1 } of known) {
        const usage = usages.find(({ name }) => sameId(name, family));
        if (usage) short("cores-quota", usage, cores, size);
      }
    }
    for (const usage of valueOf(containerUsages) ?? []) {
      if (sameId(usage.name, "ContainerGroups")) short("container-quota", usage, 1, "packer's container group");
      if (sameId(usage.name, "StandardCores")) short("container-quota", usage, CONTAINER_CORES, "packer's container");
    }
    return findings;
  },
});

/**
 * The quota that a size counts against, and its vCPUs, by Microsoft's naming convention: `Standard_D2s_v5` is of
 * `standardDSv5Family` and has 2. Sizes before the third version do not keep to it, but for the A of the second.
 */
function familyOf(size: string): { family?: string; cores?: number } {
  const [, letters = "", cores, suffix = "", version = ""] = /^Standard_([A-Z]+)(\d+)([a-z]*)_(v\d+)$/.exec(size) ?? [];
  if (!cores || (Number(version.slice(1)) < 3 && `${letters}${version}` !== "Av2")) return {};
  return { family: `standard${letters}${suffix.toUpperCase()}${version}Family`, cores: Number(cores) };
}
