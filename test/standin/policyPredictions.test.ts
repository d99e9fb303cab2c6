/** For policies that deny what image builder makes: the preflight warns of each, and the build that is forced fails by it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import type { WholePlan } from "../../src/domain/plan.ts";
import { cloudAccess } from "../support/cloudAccess.ts";
import { cloudGround, CONTAINER_DELEGATION } from "../support/cloudGround.ts";
import { ids } from "../support/cloudTemplates.ts";
import { forced } from "../support/forcedBuild.ts";
import { isolatedLandscapePlan, landscapePlan, predict } from "../support/preflightGround.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(() => cloud.reset());
afterAll(() => cloud.close());

/** Built-in definitions. */
const ALLOWED_LOCATIONS = "e56962a6-4747-49cd-b67b-bf8b01975c4c";
const GROUP_LOCATIONS = "e765b5de-1225-4ba3-bd56-1ac6695af988";
const REQUIRE_TAG = "871b6d14-10aa-478d-b590-94f262ecfa99";
const REQUIRE_GROUP_TAG = "96670d01-0a4d-4649-9c89-2d3abc0a5025";
const NO_SHARED_KEYS = "8c6a50c6-9ffd-4ae7-986f-5fa6111f9a54";
const REQUIRE_TAG_VALUE = "1e30110a-5ceb-460c-a204-c1c3969c6d62";
const REQUIRE_GROUP_TAG_VALUE = "8ce3da23-7156-49e4-b145-24f95f9dcb46";
const NOT_ALLOWED_TYPES = "6c112d4e-5bc7-47ae-a041-ea2d9dccd749";
const ALLOWED_TYPES = "a08ec900-254a-4555-9bf5-e42af04b5c5c";
const ALLOWED_SIZES = "cccc23c7-8427-4f53-ad12-b6a63eb452b3";
const CLOSED_STORAGE = "34c877ad-507e-4c82-993e-3452a6e0ad3c";
const NO_PUBLIC_ADDRESSES = "83a86a26-fd1f-447c-b59d-e51f44264114";

const NETWORK = "Microsoft.Network/";
/** What each build makes that has tags and a location. */
const ALWAYS_MADE = [
  "Microsoft.VirtualMachineImages/imageTemplates",
  "Microsoft.Storage/storageAccounts",
  "Microsoft.ContainerInstance/containerGroups",
  "Microsoft.Compute/virtualMachines",
  "Microsoft.Compute/disks",
  "Microsoft.Compute/images",
  "Microsoft.Compute/galleries/images/versions",
  `${NETWORK}networkInterfaces`,
];
const ONLY_SOMEWHERE = ["virtualNetworks", "loadBalancers", "privateLinkServices"].map((one) => NETWORK + one);
/** Of a build in one subnet. */
const MADE = [...ALWAYS_MADE, `${NETWORK}loadBalancers`, `${NETWORK}privateLinkServices`];

const { putContainerSubnet, settle } = cloudGround(() => cloud);
const { assignPolicy: assign } = cloudAccess(() => cloud);
const codes = async (plan = landscapePlan()) => (await predict(cloud, plan)).map(({ code }) => code);
const ownNetwork = () => landscapePlan({ vmProfile: { vmSize: "Standard_D2s_v5", osDiskSizeGB: 0 } });
const elsewhere = { listOfAllowedLocations: ["northeurope"] };
const own = { tagName: "costCenter" };

/** Tags of what image builder makes for the build alone: neither the template nor the image has them. */
const managedOnly = () => landscapePlan({ tags: {}, managedResourceTags: { costCenter: "1" } });

describe("the preflight warns, and a build that is forced fails by", () => {
  it.each<[string, string, Record<string, unknown>]>([
    ["a tag that every group has to have", REQUIRE_GROUP_TAG, own],
    ["a tag that every resource has to have", REQUIRE_TAG, own],
    ["a tag of image builder's own that its machines lack", REQUIRE_TAG, { tagName: "imageTemplateName" }],
    ["storage without shared keys", NO_SHARED_KEYS, { effect: "Deny" }],
    ["storage that is closed to networks", CLOSED_STORAGE, { effect: "Deny" }],
    ["a tag with another value", REQUIRE_TAG_VALUE, { tagName: "purpose", tagValue: "other" }],
    ["a tag with another value for groups", REQUIRE_GROUP_TAG_VALUE, { tagName: "purpose", tagValue: "other" }],
    ["machine sizes without the build VM's", ALLOWED_SIZES, { listOfAllowedSKUs: ["Standard_A1_v2"] }],
    ["machine sizes without the proxy VM's", ALLOWED_SIZES, { listOfAllowedSKUs: ["Standard_D2s_v5"] }],
    [
      "types among which is no disk",
      ALLOWED_TYPES,
      { listOfResourceTypesAllowed: MADE.filter((one) => !/disks/.test(one)) },
    ],
    ["other regions for groups", GROUP_LOCATIONS, elsewhere],
    ["other regions for resources", ALLOWED_LOCATIONS, elsewhere],
  ])("%s", async (_, definition, values) => {
    expect((await assign(definition, values)).status).toBe(201);
    expect(await codes()).toEqual(["policy-denies"]);
    expect(await forced(cloud, landscapePlan())).toMatch(/disallowed by policy.*the company's/);
  });
});

describe("the preflight finds nothing in the way, and a build succeeds, under", () => {
  it.each<[string, string, Record<string, unknown>, object?]>([
    ["a tag for groups that the recipe has", REQUIRE_GROUP_TAG, { tagName: "purpose" }],
    ["a tag for resources that the recipe has", REQUIRE_TAG, { tagName: "PURPOSE" }],
    ["a tag with the value that the recipe has", REQUIRE_TAG_VALUE, { tagName: "Purpose", tagValue: "aks-jumpbox" }],
    ["the types that a build makes", ALLOWED_TYPES, { listOfResourceTypesAllowed: MADE }],
    ["the sizes of both machines", ALLOWED_SIZES, { listOfAllowedSKUs: ["standard_d2s_v5", "Standard_A1_v2"] }],
    ["a tag for groups that image builder sets itself", REQUIRE_GROUP_TAG, { tagName: "createdBy" }],
    ["shared keys that are only looked for", NO_SHARED_KEYS, { effect: "Audit" }],
    ["the region in its shown form", ALLOWED_LOCATIONS, { listOfAllowedLocations: ["West Europe"] }],
    ["no public addresses, in a network of the company's", NO_PUBLIC_ADDRESSES, {}],
    ["a policy that is not in force", REQUIRE_TAG, own, { enforcementMode: "DoNotEnforce" }],
    ["a policy from which the subscription is left out", REQUIRE_TAG, own, { notScopes: [ids.subscription] }],
  ])("%s", async (_, definition, values, more) => {
    expect((await assign(definition, values, more)).status).toBe(201);
    expect(await codes()).toEqual([]);
    expect(await forced(cloud, landscapePlan())).toBe("Succeeded: ");
  });
});

describe("a tag that only image builder's own resources would have", () => {
  it("is enough for a policy on groups, and not for one on resources, of which the template is one", async () => {
    await assign(REQUIRE_GROUP_TAG, own);
    expect(await codes(managedOnly())).toEqual([]);
    expect(await forced(cloud, managedOnly())).toBe("Succeeded: ");
    cloud.reset();
    await assign(REQUIRE_TAG, own);
    expect(await codes(managedOnly())).toEqual(["policy-denies"]);
    expect(await forced(cloud, managedOnly())).toMatch(/disallowed by policy/);
  });
});

describe("a policy against a resource type", () => {
  it.each<[string, () => WholePlan, string[]]>([
    ["a network of image builder's own", ownNetwork, [`${NETWORK}virtualNetworks`]],
    ["one subnet", landscapePlan, [`${NETWORK}loadBalancers`, `${NETWORK}privateLinkServices`]],
    ["two subnets", isolatedLandscapePlan, []],
  ])(
    "is warned of with %s where a build that is forced fails by it, and nowhere else",
    { timeout: 120_000 },
    async (_, planOf, alone) => {
      for (const type of [...ALWAYS_MADE, ...ONLY_SOMEWHERE, "Microsoft.Compute/snapshots"]) {
        cloud.reset();
        if (planOf === isolatedLandscapePlan) {
          await putContainerSubnet(CONTAINER_DELEGATION);
          await settle();
        }
        await assign(NOT_ALLOWED_TYPES, { listOfResourceTypesNotAllowed: [type] });
        const isMade = ALWAYS_MADE.includes(type) || alone.includes(type);
        expect([type, await codes(planOf())]).toEqual([type, isMade ? ["policy-denies"] : []]);
        expect([type, await forced(cloud, planOf())]).toEqual([
          type,
          isMade ? expect.stringMatching(/disallowed by policy/) : "Succeeded: ",
        ]);
      }
    },
  );

  it("is told where it is of public addresses, which image builder may make in its own network", async () => {
    await assign(NOT_ALLOWED_TYPES, { listOfResourceTypesNotAllowed: [`${NETWORK}publicIPAddresses`] });
    expect(await codes(ownNetwork())).toEqual(["policy-denies"]);
    expect(await codes()).toEqual([]);
  });
});

describe("a policy against public addresses", () => {
  it("is told where image builder makes the network, since it may give its machines one there", async () => {
    await assign(NO_PUBLIC_ADDRESSES, {});
    expect(await codes(ownNetwork())).toEqual(["policy-denies"]);
  });
});
