import type { Usage } from "../arm/quotaUsage.ts";
import type { Azure } from "../azure.ts";
import { usagesOf } from "../compute/quota.ts";
import { containerUsagesOf } from "../containerInstance/containerGroups.ts";

/** What is used in a region, before a run makes its machines and with them. */
export function quotasOf(azure: Azure, location: string): { containers: Usage[]; cores: Usage[] } {
  return { containers: containerUsagesOf(azure, location), cores: usagesOf(azure, location) };
}

/** Why a run's machines do not fit into the quotas of the region. @param before without them. */
export function quotaProblem(azure: Azure, location: string, before: ReturnType<typeof quotasOf>): string | undefined {
  const { containers, cores } = quotasOf(azure, location);
  if (containers.some(isExceeded)) return "Azure Container Instances quota exceeded";
  const exceeded = cores.find(isExceeded);
  if (!exceeded) return undefined;
  const { limit, currentValue, name } = exceeded;
  const used = before.cores.find((one) => one.name.value === name.value)?.currentValue ?? 0;
  // The list calls them vCPUs, and the error Cores.
  const quota = name.localizedValue.replace("vCPUs", "Cores");
  return (
    `Code="QuotaExceeded" Message="Operation could not be completed as it results in exceeding approved ${quota} quota. ` +
    `Current Limit: ${limit}, Current Usage: ${used}, Additional Required: ${currentValue - used}"`
  );
}

const isExceeded = ({ currentValue, limit }: Usage) => currentValue > limit;
