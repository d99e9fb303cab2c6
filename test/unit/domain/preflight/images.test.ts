import { describe } from "vitest";
import { destination } from "../../../../src/domain/preflight/destination.ts";
import type { Ground } from "../../../../src/domain/preflight/ground.ts";
import type { ImageDefinition, SourceImage } from "../../../../src/domain/preflight/images.ts";
import { valueOf } from "../../../../src/domain/preflight/observed.ts";
import { purchasePlan } from "../../../../src/domain/preflight/purchasePlan.ts";
import { sourceReading } from "../../../../src/domain/preflight/sourceReading.ts";
import { source } from "../../../../src/domain/preflight/source.ts";
import { absent, definitionId, found, ground, planOf, refused } from "../../../support/ground.ts";
import type { PlatformImageSource, Source } from "../../../../src/domain/source.ts";
import { planBuild } from "../../../../src/domain/plan.ts";
import { grantOf, planContext, request, sampleRecipe, sampleSource } from "../../../support/plan.ts";
import { vmSize } from "../../../../src/domain/preflight/vmSize.ts";
import { ruleCases } from "../../../support/ruleCases.ts";

const good = ground();
const fromImage = (changes: Partial<SourceImage>, more: Partial<Ground> = {}): Ground =>
  ground({ sourceImage: found("source", { ...(valueOf(good.sourceImage) as SourceImage), ...changes }), ...more });
const toDefinition = (changes: Partial<ImageDefinition>, more: Partial<Ground> = {}): Ground =>
  ground({
    definition: found(definitionId, { ...(valueOf(good.definitions[0]?.definition) as ImageDefinition), ...changes }),
    ...more,
  });
const images = grantOf(planOf(), "image creation").scope;
const from = (source: Source) => ground({ plan: planOf({}, { source }) });
const managed = (group: string): Source => ({
  type: "ManagedImage",
  imageId: `${group}/providers/Microsoft.Compute/images/base`,
});
const version = (group: string): Source => ({
  type: "SharedImageVersion",
  imageVersionId: `${group}/providers/Microsoft.Compute/galleries/g/images/base/versions/latest`,
});

describe("the source image", () =>
  ruleCases(source, [
    ["passes where it is offered", good],
    ["passes where Azure does not tell of its state", fromImage({ state: undefined })],
    ["cannot be told where it is not shown", ground({ sourceImage: refused("source") })],
    ["fails where it is not offered", ground({ sourceImage: absent("source") }), "source-not-found"],
    [
      "fails where a managed image is not there",
      ground({ sourceImage: absent("source"), plan: planOf({}, { source: managed(images) }) }),
      "source-not-found",
    ],
    [
      "is told where its end is near",
      fromImage({ state: "ScheduledForDeprecation", deprecatedAt: "2027-01-01" }),
      "source-ends",
    ],
    ["fails past its end", fromImage({ state: "Deprecated", deprecatedAt: "2026-01-01" }), "source-deprecated"],
    [
      "fails where Azure shows no version that is past its end",
      ground({ sourceImage: { resource: "source", kind: "absent", code: "ImageVersionDeprecated" } }),
      "source-deprecated",
    ],
    ["passes with its own disk", ground({ plan: planOf({ osDiskSizeGB: 0 }) })],
    ["cannot be told where its disk is not", fromImage({ diskGB: undefined })],
    ["fails on a smaller disk", fromImage({ diskGB: 127 }), "disk-too-small"],
    ["passes where it is in the region", fromImage({ regions: ["northeurope", "westeurope"] })],
    [
      "fails where a managed image is in another region",
      fromImage({ regions: ["northeurope"] }, { plan: planOf({}, { source: managed(images) }) }),
      "source-in-other-region",
    ],
    [
      "fails where a version is in other regions only",
      fromImage({ regions: ["northeurope"] }, { plan: planOf({}, { source: version(images) }) }),
      "source-in-other-region",
    ],
    ["fails as one for trusted launch alone", fromImage({ securityType: "TrustedLaunch" }), "security-type-unfit"],
    ["fails where shell customizers do not run", fromImage({ operatingSystem: "Windows" }), "customizer-unfit"],
    [
      "fails where PowerShell does not run",
      ground({ plan: planOf({}, { customize: [{ type: "PowerShell", inline: ["Get-Host"] }] }) }),
      "customizer-unfit",
    ],
    [
      "fails where a validator does not run",
      ground({ plan: planOf({}, { validate: { inVMValidations: [{ type: "PowerShell", inline: ["Get-Host"] }] } }) }),
      "customizer-unfit",
    ],
  ]));

const elsewhere = images.replace("rg-images", "rg-other");
const withoutReading = (source: Source) => {
  const { sourceReading: _, ...roles } = planContext.roles;
  return planBuild(request, { ...sampleRecipe(), source }, { ...planContext, roles });
};
const abroad = images.replace(/subscriptions\/[^/]+/, "subscriptions/00000000-0000-4000-8000-000000000000");

describe("reading the source", () =>
  ruleCases(sourceReading, [
    ["takes no right in the marketplace", good],
    ["takes none but the leased one of a version beside the destination", from(version(images))],
    ["nor of a managed image there", from(managed(images.toUpperCase()))],
    ["passes of a version elsewhere, whose gallery it is leased", from(version(elsewhere))],
    ["passes of a managed image elsewhere, whose group it is leased", from(managed(elsewhere))],
    [
      "fails of a version elsewhere without a role to be leased",
      ground({ plan: withoutReading(version(elsewhere)) }),
      "builder-cannot-read-source",
    ],
    ["fails of a managed image of another subscription", from(managed(abroad)), "source-in-other-subscription"],
  ]));

const bought = { publisher: "seller", product: "product", name: "plan" };
const planInfo = { planPublisher: "seller", planProduct: "Product", planName: "plan" };
const naming = (
  info: PlatformImageSource["planInfo"],
  termsAccepted: Ground["termsAccepted"] = found("terms", true),
) => ({
  plan: planOf({}, { source: { ...sampleSource(), ...(info ? { planInfo: info } : {}) } }),
  termsAccepted,
});

describe("the purchase plan", () =>
  ruleCases(purchasePlan, [
    ["is none of most images", good],
    ["passes where it is named and its terms are accepted", fromImage({ plan: bought }, naming(planInfo))],
    ["cannot be told where the source is not shown", ground({ ...naming(planInfo), sourceImage: refused("source") })],
    [
      "cannot be told of its terms where they are not shown",
      fromImage({ plan: bought }, naming(planInfo, refused("terms"))),
    ],
    ["fails where it is not named", fromImage({ plan: bought }, naming(undefined)), "plan-not-named"],
    [
      "fails where another one is named",
      fromImage({ plan: { ...bought, name: "other" } }, naming(planInfo)),
      "plan-not-named",
    ],
    ["fails where there is none", fromImage({}, naming(planInfo)), "plan-not-named"],
    [
      "fails before its terms are accepted",
      fromImage({ plan: bought }, naming(planInfo, found("terms", false))),
      "plan-terms-not-accepted",
    ],
  ]));

const IMAGE = `${images}/providers/Microsoft.Compute/images/base`;
const toImage = (imageId: string, more: Partial<Ground> = {}): Ground =>
  ground({ plan: planOf({}, { distribute: [{ type: "ManagedImage", imageId }] }), ...more });
const withoutTrustedLaunch = { sourceImage: fromImage({ securityType: "Standard" }).sourceImage };

describe("the destination", () =>
  ruleCases(destination, [
    ["passes as a managed image in the template's subscription", toImage(IMAGE, withoutTrustedLaunch)],
    [
      "fails as a managed image in another one",
      toImage(IMAGE.replace(/[0-9a-f-]{36}/, "0".repeat(36)), withoutTrustedLaunch),
      "managed-image-elsewhere",
    ],
    [
      "is told as a managed image where the source supports trusted launch",
      toImage(IMAGE),
      "managed-image-without-trusted-launch",
    ],

    ["passes where it is as the source", good],
    ["cannot be told where it is not shown", ground({ definition: refused(definitionId) })],
    [
      "cannot be told where the source is not shown",
      toDefinition({ generation: "V1" }, { sourceImage: refused("source") }),
    ],
    ["cannot be told where the source does not say", fromImage({ generation: undefined, architecture: undefined })],
    ["fails where it is gone", ground({ definition: absent(definitionId) }), "definition-not-found"],
    ["fails with another generation", toDefinition({ generation: "V1" }), "definition-differs"],
    ["fails with another architecture", toDefinition({ architecture: "Arm64" }), "definition-differs"],
    ["fails with another operating system", toDefinition({ operatingSystem: "Windows" }), "definition-differs"],
    ["cannot be told of trusted launch where the source does not say", fromImage({ securityType: undefined })],
    [
      "is told where the source does not support trusted launch",
      fromImage({ securityType: "Standard" }),
      "security-type-differs",
    ],
    [
      "is told where it does not support it itself",
      toDefinition({ securityType: "Standard" }),
      "security-type-differs",
    ],
    ["passes where it does not say of which state images are", toDefinition({ state: undefined })],
    ["fails where it takes specialized images", toDefinition({ state: "Specialized" }), "definition-specialized"],
  ]));

const onSize = (size: string, changes: Partial<SourceImage>) =>
  fromImage(changes, { plan: planOf({}, { vmProfile: { vmSize: size, osDiskSizeGB: 0 } }) });

describe("the size of the build VM", () => {
  ruleCases(vmSize, [
    ["fits a source of its architecture", onSize("Standard_D2ps_v5", { architecture: "Arm64" })],
    ["fits one of the other generation where it takes both", onSize("Standard_D2s_v5", { generation: "V2" })],
    ["cannot be told by a strange name", onSize("Strange", { architecture: "Arm64", generation: "V2" })],
    ["cannot be told where the source is not shown", ground({ sourceImage: refused("source") })],
    ["does not fit a source of Arm64", onSize("Standard_D2s_v5", { architecture: "Arm64" }), "size-differs"],
    ["of Arm64 does not fit one of x64", onSize("Standard_B2pts_v2", { architecture: "x64" }), "size-differs"],
    [
      "A does not fit a source of the second generation",
      onSize("Standard_A2_v2", { generation: "V2" }),
      "size-differs",
    ],
    ["A fits one of the first", onSize("Standard_A2_v2", { generation: "V1" })],
  ]);
});
