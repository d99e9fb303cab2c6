import type { Finding } from "../failure.ts";
import { isWithin } from "../roleAssignment.ts";
import { sourceIdOf } from "../source.ts";
import { EVERY_TOPOLOGY, IN_RECIPE, IN_SETTINGS, rule } from "./rule.ts";

export const sourceReading = rule({
  name: "source-reading",
  holds:
    "A source of the company's own lies where the builder may read it while it builds, and a managed image in the same subscription.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "builder-cannot-read-source": {
      severity: "blocks",
      owner: "platform",
      why: "The builder is leased image creation on the destinations' resource groups, and source reading elsewhere where the settings have a role for it.",
      ...IN_SETTINGS,
    },
    "source-in-other-subscription": {
      severity: "blocks",
      owner: "requester",
      why: "Image builder takes managed images of the template's own subscription only, and Azure makes them of VHDs of their own.",
      ...IN_RECIPE,
    },
  },
  check({ plan }, find) {
    const { source } = plan.template;
    const resource = sourceIdOf(source);
    if (!resource) return [];
    const findings: Finding[] = [];
    const reads = plan.grants.filter(({ role }) => role !== "network join").map(({ scope }) => scope);
    if (!reads.some((scope) => isWithin(resource, scope))) {
      const there = reads.join(" or ");
      const seen = `The source is not in ${there}, and GOLDSMITH_SOURCE_READING_ROLE names no role to be leased elsewhere.`;
      const mend = `Set GOLDSMITH_SOURCE_READING_ROLE to the source reading role of docs/deploy.md, or name a source in ${there}.`;
      findings.push(find("builder-cannot-read-source", { resource, seen, mend }));
    }
    const [subscription = ""] = plan.place.split("/");
    const { importedImage } = plan;
    if (importedImage && !isWithin(importedImage.storageAccountId, `/subscriptions/${subscription}`)) {
      const seen = "The VHD lies in another subscription.";
      const mend = "Copy the VHD to a storage account of the service's subscription.";
      findings.push(find("source-in-other-subscription", { resource: importedImage.vhd, seen, mend }));
    }
    if (source.type === "ManagedImage" && !isWithin(resource, `/subscriptions/${subscription}`)) {
      const mend = "Copy the image to a gallery, and name its version.";
      findings.push(
        find("source-in-other-subscription", { resource, seen: "The image is of another subscription.", mend }),
      );
    }
    return findings;
  },
});
