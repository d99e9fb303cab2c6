import { definitionIdOf, isManagedImage, type ManagedImageDestination } from "../destination.ts";
import type { Finding } from "../failure.ts";
import { parentOf, sameId } from "../resourceId.ts";
import { isWithin } from "../roleAssignment.ts";
import type { ObservedDefinition } from "./ground.ts";
import type { SourceImage } from "./images.ts";
import { az, bicepChild, nameOf, type Options, whereOf } from "./mends.ts";
import { valueOf } from "./observed.ts";
import { EVERY_TOPOLOGY, IN_RECIPE, rule, type Sight } from "./rule.ts";

export const destination = rule({
  name: "destination",
  holds:
    "Each image definition is there, is of the source's operating system, generation and architecture, and takes generalized images; a managed image is of the subscription.",
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
      ...IN_RECIPE,
    },
    "security-type-differs": {
      severity: "warns",
      owner: "requester",
      why: "Microsoft supports trusted launch only where the source and the definition both do.",
      ...IN_RECIPE,
    },
    "managed-image-elsewhere": {
      severity: "blocks",
      owner: "requester",
      why: "Image builder makes managed images in the template's own subscription only.",
      ...IN_RECIPE,
    },
    "managed-image-without-trusted-launch": {
      severity: "warns",
      owner: "requester",
      why: "No machine of a managed image has trusted launch, whatever the source supports.",
      ...IN_RECIPE,
    },
    "definition-specialized": {
      severity: "blocks",
      owner: "requester",
      why: "Image builder generalizes what it builds, so Azure refuses the version at the end of the build.",
      ...IN_RECIPE,
    },
  },
  check({ plan, definitions, sourceImage }, find) {
    const images = plan.template.distribute.filter(isManagedImage);
    return [...definitions.flatMap(checkDefinition), ...images.flatMap(checkImage)];

    function checkImage({ imageId }: ManagedImageDestination): Finding[] {
      const findings: Finding[] = [];
      const [subscription = ""] = plan.place.split("/");
      if (!isWithin(imageId, `/subscriptions/${subscription}`)) {
        findings.push(
          find("managed-image-elsewhere", {
            resource: imageId,
            seen: "The managed image would be of another subscription.",
            mend: "Name one of the template's own subscription in distribute.",
          }),
        );
      }
      const { securityType = "Standard" } = valueOf(sourceImage) ?? {};
      if (supportsTrustedLaunch(securityType)) {
        findings.push(
          find("managed-image-without-trusted-launch", {
            resource: imageId,
            seen: `The security type of the source is ${securityType}.`,
            mend: "Name an image definition in a gallery where machines of the image are to have trusted launch.",
          }),
        );
      }
      return findings;
    }

    function checkDefinition({ target: { galleryImageId }, definition }: ObservedDefinition): Finding[] {
      const resource = definitionIdOf(galleryImageId);
      if (definition.kind === "absent") {
        return [
          find("definition-not-found", {
            resource,
            seen: `There is no image definition ${nameOf(resource)}, or not its gallery.`,
            mend: "Correct distribute.galleryImageId in the recipe, or create the definition.",
            ...creation(resource, plan.location, valueOf(sourceImage)),
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
      const [source, target] = [from?.securityType, to?.securityType];
      if (source && target && supportsTrustedLaunch(source) !== supportsTrustedLaunch(target)) {
        findings.push(
          find("security-type-differs", {
            resource,
            seen: `The security type of the source is ${source}, that of the definition ${target}.`,
            mend: "Name a definition, or a source, of the other's security type.",
          }),
        );
      }
      if (to?.state && !sameId(to.state, "Generalized")) {
        findings.push(
          find("definition-specialized", {
            resource,
            seen: `The definition is of ${to.state.toLowerCase()} images.`,
            mend: "Name a definition with the OS state Generalized: a definition cannot be changed in that.",
          }),
        );
      }
      return findings;
    }
  },
});

/** Makes a definition that takes what is built of a source; how people are to find it is theirs to say. */
function creation(id: string, location: string, from: Partial<SourceImage> = {}): Pick<Sight, "command" | "bicep"> {
  const { operatingSystem = "Linux", generation = "V2", architecture = "x64", securityType = "Standard" } = from;
  const gallery = nameOf(parentOf(id));
  const identifier = { publisher: "<publisher>", offer: "<offer>", sku: "<sku>" };
  const isSecure = !sameId(securityType, "Standard");
  const features: Options = isSecure ? { features: `SecurityType=${securityType}` } : {};
  return {
    command: az`sig image-definition create ${whereOf(id)} ${{
      location,
      "gallery-name": gallery,
      "gallery-image-definition": nameOf(id),
      ...identifier,
      "os-type": operatingSystem,
      "os-state": "Generalized",
      "hyper-v-generation": generation,
      architecture,
      ...features,
    }}`,
    bicep: bicepChild(id, "definition", "Microsoft.Compute/galleries/images@2024-03-03", {
      name: `${gallery}/${nameOf(id)}`,
      location,
      properties: {
        identifier,
        osType: operatingSystem,
        osState: "Generalized",
        hyperVGeneration: generation,
        architecture,
        ...(isSecure && { features: [{ name: "SecurityType", value: securityType }] }),
      },
    }),
  };
}

/** TrustedLaunchSupported, TrustedLaunchAndConfidentialVmSupported, TrustedLaunch. */
function supportsTrustedLaunch(securityType: string): boolean {
  return /^trustedLaunch/i.test(securityType);
}
