import type { Finding } from "../failure.ts";
import { sameId } from "../resourceId.ts";
import { nameOf, whereOf } from "./mends.ts";
import { valueOf } from "./observed.ts";
import { EVERY_TOPOLOGY, rule } from "./rule.ts";

export const destination = rule({
  name: "destination",
  holds: "The image definition is there, and is of the source's operating system, generation and architecture.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "definition-not-found": {
      severity: "blocks",
      owner: "requester",
      why: "The new version has no place to go to.",
    },
    "definition-differs": {
      severity: "blocks",
      owner: "requester",
      why: "Azure refuses the version at the end of the build.",
    },
    "region-unknown": {
      severity: "blocks",
      owner: "requester",
      why: "Azure refuses to replicate to it, at the end of the build.",
    },
  },
  check({ plan, definition, sourceImage, providers }, find) {
    const [{ galleryImageId, targetRegions }] = plan.template.distribute;
    const resource = galleryImageId;
    if (definition.kind === "absent") {
      return [
        find("definition-not-found", {
          resource,
          seen: `There is no image definition ${nameOf(resource)}, or not its gallery.`,
          mend: "Correct distribute.galleryImageId in the recipe, or create the definition.",
          command:
            `az sig image-definition create ${whereOf(resource)} --gallery-name ${resource.split("/").at(-3)} ` +
            `--gallery-image-definition ${nameOf(resource)} --publisher <publisher> --offer <offer> --sku <sku> ` +
            "--os-type Linux --os-state Generalized --hyper-v-generation V2",
        }),
      ];
    }
    const findings: Finding[] = [];
    const [from, to] = [valueOf(sourceImage), valueOf(definition)];
    const pairs: [string, string | undefined, string | undefined][] = [
      ["operating system", from?.operatingSystem, to?.operatingSystem],
      ["Hyper-V generation", from?.generation, to?.generation],
      ["architecture", from?.architecture, to?.architecture],
    ];
    for (const [what, one, other] of pairs) {
      if (!one || !other || sameId(one, other)) continue;
      findings.push(
        find("definition-differs", {
          resource,
          seen: `The ${what} of the source is ${one}, that of the definition ${other}.`,
          mend: `Name a definition with the ${what} ${one}, or a source with ${other}: a definition cannot be changed in that.`,
        }),
      );
    }
    const galleries = valueOf(providers)?.find(({ namespace }) => sameId(namespace, "Microsoft.Compute"));
    const regions = galleries?.locations["galleries/images/versions"] ?? galleries?.locations.galleries ?? [];
    for (const { name } of targetRegions) {
      if (regions.length === 0 || regions.includes(name)) continue;
      findings.push(
        find("region-unknown", {
          resource,
          seen: `The target region ${name} is none in which Azure has galleries.`,
          mend: "Correct distribute.targetRegions in the recipe.",
        }),
      );
    }
    return findings;
  },
});
