import type { Finding } from "../failure.ts";
import { sameId } from "../resourceId.ts";
import { valueOf } from "./observed.ts";
import { EVERY_TOPOLOGY, IN_RECIPE, rule } from "./rule.ts";

/** Of a version, in all regions together. */
const MOST_REPLICAS = 100;
const MEND = "Correct distribute.targetRegions in the recipe.";

export const targetRegions = rule({
  name: "target-regions",
  holds:
    "Each target region is one with galleries, named once, with zones where its storage asks for them; the definition's own is among them.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "region-unknown": {
      severity: "blocks",
      owner: "requester",
      why: "Azure refuses to replicate to it, at the end of the build.",
      ...IN_RECIPE,
    },
    "region-repeated": {
      severity: "blocks",
      owner: "requester",
      why: "Azure refuses a version that names a region twice, at the end of the build.",
      ...IN_RECIPE,
    },
    "definition-region-missing": {
      severity: "blocks",
      owner: "requester",
      why: "A version is made in the region of its definition; Azure refuses one that is not to stay there, at the end of the build.",
      ...IN_RECIPE,
    },
    "region-without-zones": {
      severity: "blocks",
      owner: "requester",
      why: "Azure refuses zone-redundant storage where there are no availability zones, at the end of the build.",
      ...IN_RECIPE,
    },
    "too-many-replicas": {
      severity: "blocks",
      owner: "requester",
      why: `Azure refuses a version with more than ${MOST_REPLICAS} replicas, at the end of the build.`,
      ...IN_RECIPE,
    },
    "definition-elsewhere": {
      severity: "notes",
      owner: "requester",
      why: "The image is copied to the definition's region first, and from there to the others, which makes the build longer.",
      ...IN_RECIPE,
    },
  },
  check({ plan, definitions, providers }, find) {
    return definitions.flatMap(({ target, definition }): Finding[] => {
      const { galleryImageId: resource, targetRegions: targets } = target;
      const findings: Finding[] = [];
      const told = (code: Parameters<typeof find>[0], seen: string, mend = MEND) =>
        findings.push(find(code, { resource, seen, mend }));
      const compute = valueOf(providers)?.find(({ namespace }) => sameId(namespace, "Microsoft.Compute"));
      const regions = compute?.locations["galleries/images/versions"] ?? compute?.locations.galleries ?? [];
      const zoned = compute?.zonedRegions ?? [];
      for (const [at, { name, storageAccountType }] of targets.entries()) {
        if (regions.length > 0 && !regions.includes(name)) {
          told("region-unknown", `The target region ${name} is none in which Azure has galleries.`);
        } else if (storageAccountType === "Standard_ZRS" && zoned.length > 0 && !zoned.includes(name)) {
          const mend = `Take Standard_LRS or Premium_LRS as storageAccountType of ${name}, or name another region.`;
          told("region-without-zones", `The target region ${name} has no availability zones.`, mend);
        }
        if (targets.findIndex((one) => one.name === name) < at) {
          told("region-repeated", `The target region ${name} is named twice.`);
        }
      }
      const replicas = targets.reduce((sum, { replicaCount }) => sum + replicaCount, 0);
      if (replicas > MOST_REPLICAS)
        told("too-many-replicas", `The target regions ask for ${replicas} replicas together.`);
      const own = valueOf(definition)?.location;
      if (own && targets.every(({ name }) => name !== own)) {
        const mend = `Add ${own} to distribute.targetRegions in the recipe, or name a definition of another region.`;
        told("definition-region-missing", `The definition lies in ${own}, which is no target region.`, mend);
      } else if (own && own !== plan.location) {
        const mend = "Name a definition of the recipe's location, where that matters.";
        told("definition-elsewhere", `The definition lies in ${own}, and the build runs in ${plan.location}.`, mend);
      }
      return findings;
    });
  },
});
