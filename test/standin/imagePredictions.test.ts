/** For each fault of source and destination: the preflight finds it, and the build that is forced fails by it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { WholePlan } from "../../src/domain/plan.ts";
import type { SharedImageTarget } from "../../src/domain/recipes/distribute.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { ids, imageSource } from "../support/cloudTemplates.ts";
import { type Fault, forced } from "../support/forcedBuild.ts";
import { landscapePlan, planWithoutReading, predict } from "../support/preflightGround.ts";
import { sampleRecipe, sampleSource, sampleTarget } from "../support/plan.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(() => cloud.reset());
afterAll(() => cloud.close());

const [west] = sampleTarget().targetRegions as [SharedImageTarget["targetRegions"][number]];
const put = async (id: string, properties: object) => {
  const body = { location: "westeurope", properties };
  const answer = await cloud.send("PUT", `${id}?api-version=2024-03-03`, { body });
  expect(answer.status).toBeLessThan(300);
  await cloud.pass(600);
};
const distributing = (changes: Partial<SharedImageTarget>) => landscapePlan({ distribute: [sampleTarget(changes)] });
const definition = `${ids.definition}-other`;
/** A definition that is as the landscape's but for that, and the build that goes to it. */
const defined = (changes: object): Pick<Fault, "make" | "plan"> => ({
  make: () =>
    put(definition, {
      osType: "Linux",
      osState: "Generalized",
      hyperVGeneration: "V2",
      architecture: "x64",
      identifier: { publisher: "goldsmith", offer: "aks", sku: "other" },
      ...changes,
    }),
  plan: distributing({ galleryImageId: definition }),
});

const FAULTS: Fault[] = [
  {
    what: "target regions without the definition's own",
    code: "definition-region-missing",
    text: "must contain the location of image version",
    plan: distributing({ targetRegions: [{ ...west, name: "northeurope" }] }),
  },
  {
    what: "a target region that is named twice",
    code: "region-repeated",
    text: "Duplicate regions are not allowed",
    plan: distributing({ targetRegions: [west, west] }),
  },
  {
    what: "storage in zones where there are none",
    code: "region-without-zones",
    text: "ZRS storage account type is not supported in this region.",
    plan: distributing({ targetRegions: [west, { ...west, name: "ukwest", storageAccountType: "Standard_ZRS" }] }),
  },
  {
    what: "more replicas than a version can have",
    code: "too-many-replicas",
    text: "is out of range. The value must be between 1 and 100, inclusive.",
    plan: distributing({
      targetRegions: [
        { ...west, replicaCount: 60 },
        { ...west, name: "northeurope", replicaCount: 60 },
      ],
    }),
  },
  {
    what: "a number beyond which there is none",
    code: "version-numbers-used-up",
    text: "The image version name is invalid.",
    make: () => put(`${ids.definition}/versions/1.0.2147483647`, imageSource),
  },
  {
    what: "a definition of another operating system",
    code: "definition-differs",
    text: "different OS type",
    ...defined({ osType: "Windows" }),
  },
  {
    what: "a definition of another architecture",
    code: "definition-differs",
    text: "different architecture",
    ...defined({ architecture: "Arm64" }),
  },
  {
    what: "a definition of specialized images",
    code: "definition-specialized",
    text: "is not Generalized",
    ...defined({ osState: "Specialized" }),
  },
];

const source = sampleSource();
const { vmProfile } = sampleRecipe();
const UBUNTU = { publisher: source.publisher, offer: source.offer, sku: source.sku };
const plan = { publisher: "seller", product: "product", name: "plan" };
const planInfo = { planPublisher: "seller", planProduct: "product", planName: "plan" };
/** The next version of the sample's source is published, and is that. */
const published =
  (changes: object): (() => Promise<void>) =>
  async () =>
    void cloud.publishPlatformImage({ ...UBUNTU, version: "24.04.202612010", ...changes });
const at = "2026-01-01T00:00:00Z";

const script = (scriptUri: string): Pick<Fault, "text" | "plan"> => ({
  text: `NoCustomizerScript: Resource ${scriptUri} is unavailable. Please check the file exists and is accessible.`,
  plan: landscapePlan({
    customize: [{ type: "Shell", name: "script", scriptUri, sha256Checksum: "a".repeat(64) }],
  }),
});

FAULTS.push(
  {
    what: "a script that is no place of the Internet",
    code: "script-unreachable",
    ...script("file:///srv/install.sh"),
  },
  {
    what: "a source that is past its end",
    code: "source-deprecated",
    text: "Version: 24.04.202612010 is deprecated.",
    make: published({ deprecation: { state: "Deprecated", at } }),
  },
  {
    what: "a source with a purchase plan that is not named",
    code: "plan-not-named",
    text: "requires Plan information in the request",
    make: async () => {
      await published({ plan })();
      await accept(true);
    },
  },
  {
    what: "a purchase plan that the source does not have",
    code: "plan-not-named",
    text: "The part number in the purchase information is not as expected",
    plan: landscapePlan({ source: { ...source, planInfo } }),
  },
  {
    what: "a purchase plan whose terms are not accepted",
    code: "plan-terms-not-accepted",
    text: "MarketplacePurchaseEligibilityFailed",
    make: published({ plan }),
    plan: landscapePlan({ source: { ...source, planInfo } }),
  },
  {
    what: "a disk that is smaller than the image's",
    code: "disk-too-small",
    text: "The specified disk size 64 GB is smaller than the size of the corresponding disk in the VM image: 127 GB",
    make: published({ sizeGB: 127 }),
    plan: landscapePlan({ vmProfile: { ...vmProfile, osDiskSizeGB: 64 } }),
  },
);

const MANAGED = `${ids.imageGroup}/providers/Microsoft.Compute/images/base`;
const fromManaged = landscapePlan({ source: { type: "ManagedImage", imageId: MANAGED } });
const ELSEWHERE = MANAGED.replace("rg-images", "rg-sources");
const putManaged = async (location = "westeurope", diskSizeGB = 30, id = MANAGED) => {
  const osDisk = {
    osType: "Linux",
    osState: "Generalized",
    diskSizeGB,
    managedDisk: { id: `${ids.imageGroup}/providers/Microsoft.Compute/disks/base` },
  };
  const body = { location, properties: { hyperVGeneration: "V2", storageProfile: { osDisk } } };
  const answer = await cloud.send("PUT", `${id}?api-version=2024-07-01`, { body });
  expect(answer.status).toBeLessThan(300);
  await cloud.pass(120);
};
const BASE = `${ids.definition}-other`;
const fromGallery = (version: string) =>
  landscapePlan({ source: { type: "SharedImageVersion", imageVersionId: `${BASE}/versions/${version}` } });
const putBase = async (changes: object = {}) => {
  await defined({ features: [{ name: "SecurityType", value: "TrustedLaunchSupported" }], ...changes }).make?.();
  await put(`${BASE}/versions/1.0.0`, imageSource);
};

FAULTS.push(
  {
    what: "a managed image that is not there",
    code: "source-not-found",
    text: "BadManagedImageSource",
    plan: fromManaged,
  },
  {
    what: "a managed image of another region",
    code: "source-in-other-region",
    text: "must be in the region of the image template",
    make: () => putManaged("northeurope"),
    plan: fromManaged,
  },
  {
    what: "a managed image that is larger than the disk",
    code: "disk-too-small",
    text: "is smaller than the size of the corresponding disk in the VM image: 127 GB",
    make: () => putManaged("westeurope", 127),
    plan: fromManaged,
  },
  {
    what: "a version in a gallery that is not there",
    code: "source-not-found",
    text: "BadSharedImageVersionSource",
    make: () => putBase(),
    plan: fromGallery("9.9.9"),
  },
  {
    what: "a version of another generation",
    code: "definition-differs",
    text: "different Hyper-V Generation",
    make: () => putBase({ hyperVGeneration: "V1" }),
    plan: fromGallery("latest"),
  },
  {
    what: "a version beyond what the builder may read",
    code: "builder-cannot-read-source",
    text: "Not authorized to access the resource",
    make: () => putManaged("westeurope", 30, ELSEWHERE),
    plan: planWithoutReading({ type: "ManagedImage", imageId: ELSEWHERE }),
  },
);

it.each<[string, () => Promise<unknown>, WholePlan]>([
  ["a managed image", putManaged, fromManaged],
  ["the latest version in a gallery", putBase, fromGallery("latest")],
  ["a version in a gallery", putBase, fromGallery("1.0.0")],
])("%s as the source is no fault, and builds", async (_, make, own) => {
  await make();
  expect((await predict(cloud, own)).filter(({ severity }) => severity === "blocks")).toEqual([]);
  expect(await forced(cloud, own)).toBe("Succeeded: ");
});

function accept(accepted: boolean) {
  const terms =
    `${ids.subscription}/providers/Microsoft.MarketplaceOrdering/offerTypes/virtualmachine` +
    "/publishers/seller/offers/product/plans/plan/agreements/current?api-version=2021-01-01";
  return cloud.send("PUT", terms, { body: { properties: { accepted } } });
}

it("a bought source whose plan is named and whose terms are accepted is no fault, and builds", async () => {
  await published({ plan })();
  await accept(true);
  const bought = landscapePlan({ source: { ...source, planInfo } });
  expect((await predict(cloud, bought)).filter(({ severity }) => severity !== "notes")).toEqual([]);
  expect(await forced(cloud, bought)).toBe("Succeeded: ");
});

describe("the preflight finds, and a build that is forced fails by", () => {
  it.each(FAULTS)("$what", async ({ code, text, make, plan = landscapePlan() }) => {
    await make?.();
    const blocking = (await predict(cloud, plan)).filter(({ severity }) => severity === "blocks");
    expect(blocking.map((finding) => finding.code)).toEqual([code]);
    expect(await forced(cloud, plan)).toContain(text);
  });
});
