import type { Finding } from "../failure.ts";
import { valueOf } from "./observed.ts";
import { operatingSystemOf } from "./operatingSystem.ts";
import { EVERY_TOPOLOGY, rule } from "./rule.ts";

export const source = rule({
  name: "source",
  holds:
    "The source image is offered in the region, goes on being offered, needs no plan, and runs the recipe's customizers.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "source-not-found": {
      severity: "blocks",
      owner: "requester",
      why: "Image builder has nothing to begin with.",
    },
    "source-deprecated": {
      severity: "warns",
      owner: "requester",
      why: "It gets no updates any more, and machines cannot be made from it one day.",
    },
    "source-needs-plan": {
      severity: "blocks",
      owner: "requester",
      why: "Azure makes no machine of an image with a purchase plan where the template does not name the plan, and recipes cannot yet.",
    },
    "customizer-unfit": {
      severity: "blocks",
      owner: "requester",
      why: "Shell customizers run on Linux only.",
    },
  },
  check(ground, find) {
    const { publisher, offer, sku, version } = ground.plan.template.source;
    const resource = [publisher, offer, sku, version].join(":");
    const { sourceImage } = ground;
    if (sourceImage.kind === "absent") {
      return [
        find("source-not-found", {
          resource,
          seen: `The marketplace has no ${resource} in ${ground.plan.location}.`,
          mend: "Correct source in the recipe.",
          command: `az vm image list --all --location ${ground.plan.location} --publisher ${publisher} --offer ${offer} --sku ${sku} --output table`,
        }),
      ];
    }
    const image = valueOf(sourceImage);
    if (!image) return [];
    const findings: Finding[] = [];
    if (/deprecat/i.test(image.state ?? "")) {
      findings.push(
        find("source-deprecated", {
          resource,
          seen: `Azure says of the version ${image.version}: ${image.state}${image.deprecatedAt ? `, ${image.deprecatedAt}` : ""}.`,
          mend: "Name a newer offer or SKU in the recipe's source.",
        }),
      );
    }
    if (image.hasPlan) {
      const mend = "Name a source without a purchase plan.";
      findings.push(find("source-needs-plan", { resource, seen: "The source image has a purchase plan.", mend }));
    }
    if (operatingSystemOf(ground) === "Windows") {
      const mend = "Name a Linux source.";
      findings.push(find("customizer-unfit", { resource, seen: "The source image runs Windows.", mend }));
    }
    return findings;
  },
});
