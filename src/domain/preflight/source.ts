import type { Finding } from "../failure.ts";
import { parentOf, sameId } from "../resourceId.ts";
import { nameOfSource, type Source } from "../source.ts";
import { type OperatingSystem, VERSION_DEPRECATED } from "./images.ts";
import type { Ground } from "./ground.ts";
import { az, bicepValue, nameOf, whereOf } from "./mends.ts";
import { valueOf } from "./observed.ts";
import { operatingSystemOf } from "./operatingSystem.ts";
import { byHand, EVERY_TOPOLOGY, IN_RECIPE, rule, type Sight } from "./rule.ts";
import { subscriptionIdOf } from "./subscription.ts";

export const source = rule({
  name: "source",
  holds:
    "The source image is offered in the region, goes on being offered, fits the build VM's disk, and runs the recipe's customizers.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "source-not-found": {
      severity: "blocks",
      owner: "requester",
      why: "Image builder has nothing to begin with.",
      ...IN_RECIPE,
    },
    "source-deprecated": {
      severity: "blocks",
      owner: "requester",
      why: "Azure makes no machine of an image that is past its end.",
      ...IN_RECIPE,
    },
    "source-ends": {
      severity: "warns",
      owner: "requester",
      why: "It gets no updates any more, and machines cannot be made of it one day.",
      ...IN_RECIPE,
    },
    "source-in-other-region": {
      severity: "blocks",
      owner: "requester",
      why: "Image builder takes a source only where it builds.",
      ...byHand("A managed image stays in its region: the recipe has to change."),
    },
    "disk-too-small": {
      severity: "blocks",
      owner: "requester",
      why: "Azure makes no machine whose disk is smaller than that of its image.",
      ...IN_RECIPE,
    },
    "security-type-unfit": {
      severity: "blocks",
      owner: "requester",
      why: "Image builder takes no source that is of trusted launch or of confidential machines alone.",
      ...IN_RECIPE,
    },
    "customizer-unfit": {
      severity: "blocks",
      owner: "requester",
      why: "Shell steps run on Linux only, and those of PowerShell and of Windows on Windows only.",
      ...IN_RECIPE,
    },
  },
  check(ground, find) {
    const { template, location, importedImage } = ground.plan;
    const resource = importedImage?.vhd ?? nameOfSource(template.source);
    const { sourceImage } = ground;
    const newer = "Name a newer offer, SKU or version in the recipe's source.";
    if (sourceImage.kind === "absent" && sourceImage.code === VERSION_DEPRECATED) {
      return [find("source-deprecated", { resource, seen: `Azure says of ${resource}: deprecated.`, mend: newer })];
    }
    if (sourceImage.kind === "absent") {
      return [
        find("source-not-found", {
          resource,
          seen: importedImage
            ? `There is no storage account ${sourceImage.resource}, where ${resource} should be.`
            : `There is no ${resource} in ${location}.`,
          mend: "Correct source in the recipe.",
          ...listing(ground.plan),
        }),
      ];
    }
    const image = valueOf(sourceImage);
    if (!image) return [];
    const findings: Finding[] = [];
    const told = (code: Parameters<typeof find>[0], seen: string, mend: string, ready: Ready = {}) =>
      findings.push(find(code, { resource, seen, mend, ...ready }));
    if (/deprecat/i.test(image.state ?? "")) {
      told(
        sameId(image.state ?? "", "Deprecated") ? "source-deprecated" : "source-ends",
        `Azure says of the version ${image.version}: ${image.state}${image.deprecatedAt ? `, ${image.deprecatedAt}` : ""}.`,
        newer,
      );
    }
    if (image.regions && !image.regions.includes(location)) {
      told(
        "source-in-other-region",
        `The source image is in ${image.regions.join(", ")}, and the build runs in ${location}.`,
        importedImage
          ? `Copy the VHD to a storage account in ${location}, or set the recipe's location to ${image.regions.join(", ")}.`
          : template.source.type === "ManagedImage"
            ? `Name an image in ${location}, or set the recipe's location to ${image.regions.join(", ")}.`
            : `Add ${location} to the target regions of the version, or name one that is there.`,
        replication(template.source, image.version, location),
      );
    }
    const { osDiskSizeGB } = template.vmProfile;
    if (osDiskSizeGB > 0 && image.diskGB !== undefined && osDiskSizeGB < image.diskGB) {
      told(
        "disk-too-small",
        `The recipe asks for a disk of ${osDiskSizeGB} GB, and the image has ${image.diskGB} GB.`,
        `Set vmProfile.osDiskSizeGB in the recipe to ${image.diskGB} or more, or to 0 for the image's own size.`,
      );
    }
    if (/^(TrustedLaunch|ConfidentialVM)$/i.test(image.securityType ?? "")) {
      const mend = "Name a source that supports trusted launch, rather than one that asks for it.";
      told("security-type-unfit", `The source image has the security type ${image.securityType}.`, mend);
    }
    const system = operatingSystemOf(ground);
    const { customize = [], validate } = template;
    const unfit = [...customize, ...(validate?.inVMValidations ?? [])].find(({ type }) => !runsOn(system, type));
    if (unfit) {
      const mend = `Take steps for ${system}, or name a source that runs ${system === "Linux" ? "Windows" : "Linux"}.`;
      told(
        "customizer-unfit",
        `The source image runs ${system}, and the recipe has a step of the type ${unfit.type}.`,
        mend,
      );
    }
    return findings;
  },
});

function runsOn(system: OperatingSystem, type: string): boolean {
  return type === "File" || (system === "Linux") === (type === "Shell");
}

type Ready = Pick<Sight, "command" | "bicep">;

/** Replicates a version in a gallery to one region more. */
function replication(source: Source, version: string, location: string): Ready {
  if (source.type !== "SharedImageVersion") return {};
  const definition = parentOf(source.imageVersionId);
  const id = `${definition}/versions/${version}`;
  return {
    command: az`sig image-version update ${whereOf(id)} ${{
      "gallery-name": nameOf(parentOf(definition)),
      "gallery-image-definition": nameOf(definition),
      "gallery-image-version": version,
      add: ["publishingProfile.targetRegions", `name=${location}`],
    }}`,
    bicep: `// in publishingProfile.targetRegions of ${id}, beside those that there are\n${bicepValue({ name: location })}`,
  };
}

/** The command that lists what there is instead. */
function listing({ template: { source }, location, place }: Ground["plan"]): Ready {
  if (source.type !== "PlatformImage") return {};
  const { publisher, offer, sku } = source;
  return {
    command: az`vm image list --all --subscription ${subscriptionIdOf({ place })} --location ${location} --publisher ${publisher} --offer ${offer} --sku ${sku} --output table`,
  };
}
