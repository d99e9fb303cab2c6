/** For policies that deny what image builder makes: the preflight warns of each, and the build that is forced fails by it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { cloudAccess } from "../support/cloudAccess.ts";
import { ids } from "../support/cloudTemplates.ts";
import { forced } from "../support/forcedBuild.ts";
import { landscapePlan, predict } from "../support/preflightGround.ts";

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
const NO_PUBLIC_ADDRESSES = "83a86a26-fd1f-447c-b59d-e51f44264114";

const { assignPolicy: assign } = cloudAccess(() => cloud);
const codes = async (plan = landscapePlan()) => (await predict(cloud, plan)).map(({ code }) => code);
const elsewhere = { listOfAllowedLocations: ["northeurope"] };
const own = { tagName: "costCenter" };

describe("the preflight warns, and a build that is forced fails by", () => {
  it.each<[string, string, Record<string, unknown>]>([
    ["a tag that every group has to have", REQUIRE_GROUP_TAG, own],
    ["a tag that every resource has to have", REQUIRE_TAG, own],
    ["a tag of image builder's own that its machines lack", REQUIRE_TAG, { tagName: "imageTemplateName" }],
    ["storage without shared keys", NO_SHARED_KEYS, { effect: "Deny" }],
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

describe("a policy against public addresses", () => {
  it("is told where image builder makes the network, since it may give its machines one there", async () => {
    await assign(NO_PUBLIC_ADDRESSES, {});
    expect(await codes(landscapePlan({ vmProfile: { vmSize: "Standard_D2s_v5", osDiskSizeGB: 0 } }))).toEqual([
      "policy-denies",
    ]);
  });
});
