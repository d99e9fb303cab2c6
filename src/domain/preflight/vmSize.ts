import type { Finding } from "../failure.ts";
import { sameId } from "../resourceId.ts";
import { nameOfSource } from "../source.ts";
import { valueOf } from "./observed.ts";
import { EVERY_TOPOLOGY, IN_RECIPE, rule } from "./rule.ts";
import { architectureOf, takesSecondGeneration } from "./sizes.ts";

export const vmSize = rule({
  name: "vm-size",
  holds: "The build VM's size is of the source's architecture, and takes its generation.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "size-differs": {
      severity: "blocks",
      owner: "requester",
      why: "Azure makes no machine of an image on a size of another architecture or generation: the run would fail once it is to make one.",
      ...IN_RECIPE,
    },
  },
  check({ plan: { template }, sourceImage }, find) {
    const { architecture, generation } = valueOf(sourceImage) ?? {};
    const { vmSize: size } = template.vmProfile;
    const resource = nameOfSource(template.source);
    const findings: Finding[] = [];
    const own = architectureOf(size);
    if (own && architecture && !sameId(own, architecture)) {
      const seen = `The size ${size} is of the architecture ${own}, and the source of ${architecture}.`;
      const mend = `Name a size of the architecture ${architecture} in vmProfile, or a source of ${own}.`;
      findings.push(find("size-differs", { resource, seen, mend }));
    } else if (generation && sameId(generation, "V2") && takesSecondGeneration(size) === false) {
      const seen = `The size ${size} takes images of generation V1 alone, and the source is of V2.`;
      findings.push(
        find("size-differs", { resource, seen, mend: "Name a size in vmProfile that takes generation V2." }),
      );
    }
    return findings;
  },
});
