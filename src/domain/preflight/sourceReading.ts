import type { Finding } from "../failure.ts";
import { isWithin } from "../roleAssignment.ts";
import { sourceIdOf } from "../source.ts";
import { EVERY_TOPOLOGY, IN_RECIPE, rule } from "./rule.ts";

export const sourceReading = rule({
  name: "source-reading",
  holds:
    "A source of the company's own lies where the builder may read it while it builds, and a managed image in the same subscription.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "builder-cannot-read-source": {
      severity: "blocks",
      owner: "requester",
      why: "The builder is leased what it needs on the destination's resource group, and nothing elsewhere.",
      ...IN_RECIPE,
    },
    "source-in-other-subscription": {
      severity: "blocks",
      owner: "requester",
      why: "Image builder takes managed images of the template's own subscription only.",
      ...IN_RECIPE,
    },
  },
  check({ plan }, find) {
    const { source } = plan.template;
    const resource = sourceIdOf(source);
    if (!resource) return [];
    const findings: Finding[] = [];
    const scopes = plan.grants.filter(({ role }) => role === "image creation").map(({ scope }) => scope);
    if (!scopes.some((scope) => isWithin(resource, scope))) {
      const there = scopes.join(" or ");
      const mend = `Name a source in ${there}, or copy it there.`;
      findings.push(find("builder-cannot-read-source", { resource, seen: `The source is not in ${there}.`, mend }));
    }
    const [subscription = ""] = plan.place.split("/");
    if (source.type === "ManagedImage" && !isWithin(resource, `/subscriptions/${subscription}`)) {
      const mend = "Copy the image to a gallery, and name its version.";
      findings.push(
        find("source-in-other-subscription", { resource, seen: "The image is of another subscription.", mend }),
      );
    }
    return findings;
  },
});
