import { inRegion, type Usage, usage } from "../arm/quotaUsage.ts";
import { listed, type ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import type { Json } from "../store/state.ts";
import { computeVersions } from "./writes.ts";

/** A family of sizes, as its quota is called, and the vCPUs that one machine of a size takes. */
interface Size {
  family: string;
  cores: number;
}

/** Families that show before any machine of them is there. */
const FAMILIES = "Av2 BS Dv2 DSv3 DSv4 DDSv4 DSv5 DDSv5 DASv5 ESv5 FSv2"
  .split(" ")
  .map((name) => `standard${name}Family`);

/** `Standard_D2ds_v4` is of standardDDSv4Family and takes 2. */
export function sizeOf(name: string): Size | undefined {
  const [, letter = "", cores, suffix = "", version = ""] =
    /^Standard_([A-Z]+)(\d+)([a-z]*)(?:_(v\d+))?$/.exec(name) ?? [];
  return cores
    ? { family: `standard${letter}${suffix.toUpperCase()}${version}Family`, cores: Number(cores) }
    : undefined;
}

export const quotaUsages: ResourceType = {
  type: "Microsoft.Compute/locations/usages",
  apiVersions: computeVersions,
  readOnly: true,
  list: (azure, { target }) => listed(usagesOf(azure, target.names[0] ?? "")),
};

/** What is used of each quota in a region, by the machines that are there. */
export function usagesOf(azure: Azure, region: string): Usage[] {
  const { coreQuota } = azure.settings;
  const machines = inRegion(azure, "Microsoft.Compute/virtualMachines", region);
  const sizes = machines.flatMap(({ body }) => sizeOf(sizeName(body)) ?? []);
  const coresOf = (family?: string) =>
    sizes.filter((size) => !family || size.family === family).reduce((sum, { cores }) => sum + cores, 0);
  const families = [...new Set([...FAMILIES, ...sizes.map(({ family }) => family)])];
  return [
    usage("cores", "Total Regional vCPUs", coresOf(), coreQuota),
    usage("virtualMachines", "Virtual Machines", machines.length, 25_000),
    ...families.map((family) => usage(family, localName(family), coresOf(family), coreQuota)),
  ];
}

const sizeName = ({ properties }: Json) =>
  (properties as { hardwareProfile?: { vmSize?: string } }).hardwareProfile?.vmSize ?? "";

/** `Standard DSv5 Family vCPUs` */
const localName = (family: string) => family.replace(/^standard(.*)Family$/, "Standard $1 Family vCPUs");
