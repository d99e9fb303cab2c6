import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { serviceIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { createTemplate, grantBuilder, ids, rawTemplate, runToEnd } from "../support/cloudTemplates.ts";

/** Built-in definitions. */
const REQUIRE_TAG = "871b6d14-10aa-478d-b590-94f262ecfa99";
const REQUIRE_GROUP_TAG = "96670d01-0a4d-4649-9c89-2d3abc0a5025";
const ALLOWED_LOCATIONS = "e56962a6-4747-49cd-b67b-bf8b01975c4c";
const NO_SHARED_KEYS = "8c6a50c6-9ffd-4ae7-986f-5fa6111f9a54";
const NO_PUBLIC_ADDRESSES = "83a86a26-fd1f-447c-b59d-e51f44264114";
const VERSION = "?api-version=2022-06-01";

let cloud: TestCloud;
beforeAll(async () => (cloud = await startCloud()));
beforeEach(() => cloud.reset());
afterAll(() => cloud.close());

const definition = (name: string) => `/providers/Microsoft.Authorization/policyDefinitions/${name}`;
const collection = (scope: string) => `${scope}/providers/Microsoft.Authorization/policyAssignments`;
const assign = (name: string, policy: string, properties: object = {}, scope = ids.subscription) =>
  cloud.send("PUT", `${collection(scope)}/${name}${VERSION}`, {
    body: { properties: { policyDefinitionId: definition(policy), ...properties } },
  });
const names = async (scope: string, filter = "") => {
  const asked = filter && `&$filter=${encodeURIComponent(filter)}`;
  const { body } = await cloud.send("GET", `${collection(scope)}${VERSION}${asked}`, { as: serviceIdentity });
  return body.value.map(({ name }: { name: string }) => name);
};
const costCenter = { parameters: { tagName: { value: "costCenter" } } };
const putGroup = (tags: object) =>
  cloud.send("PUT", `${ids.subscription}/resourceGroups/rg-new?api-version=2021-04-01`, {
    body: { location: "westeurope", tags },
  });

const get = (path: string) => cloud.send("GET", `${path}?api-version=2023-04-01`, { as: serviceIdentity });

const nic = (publicIPAddress?: object) =>
  cloud.send(
    "PUT",
    `${ids.subscription}/resourceGroups/rg-network/providers/Microsoft.Network/networkInterfaces/nic?api-version=2025-05-01`,
    {
      body: {
        location: "westeurope",
        properties: {
          ipConfigurations: [{ name: "one", properties: { subnet: { id: ids.subnet }, publicIPAddress } }],
        },
      },
    },
  );

const patchGroup = (body: object) =>
  cloud.send("PATCH", `${ids.subscription}/resourceGroups/rg-new?api-version=2021-04-01`, { body });

const failure = async (name: string) => {
  await grantBuilder(cloud);
  await cloud.pass(60);
  await createTemplate(cloud, name).catch(() => {});
  const { provisioningState, provisioningError } = (await rawTemplate(cloud, name)).properties;
  return { provisioningState, ...provisioningError };
};

const stagingGroups = async () => {
  const { body } = await cloud.send("GET", `${ids.subscription}/resourceGroups?api-version=2021-04-01`);
  return body.value.filter(({ name }: { name: string }) => name.startsWith("IT_"));
};

describe("policy assignments", () => {
  it("are made, read, changed and deleted", async () => {
    const made = await assign("tags", REQUIRE_TAG, { displayName: "Cost centers", ...costCenter });
    expect(made).toMatchObject({
      status: 201,
      body: {
        id: `${collection(ids.subscription)}/tags`,
        name: "tags",
        type: "Microsoft.Authorization/policyAssignments",
        properties: { scope: ids.subscription, enforcementMode: "Default", notScopes: [], ...costCenter },
        systemData: { createdByType: "Application" },
      },
    });
    const one = `${collection(ids.subscription)}/TAGS${VERSION}`;
    expect((await cloud.send("GET", one)).body).toEqual(made.body);
    await cloud.pass(60);
    const changed = await assign("tags", REQUIRE_TAG, { ...costCenter, enforcementMode: "DoNotEnforce" });
    expect(changed).toMatchObject({ status: 201, body: { properties: { enforcementMode: "DoNotEnforce" } } });
    expect(changed.body.systemData.createdAt).toBe(made.body.systemData.createdAt);
    expect(changed.body.systemData.lastModifiedAt).not.toBe(made.body.systemData.lastModifiedAt);
    expect(await cloud.send("DELETE", one)).toMatchObject({ status: 200, body: { name: "tags" } });
    expect((await cloud.send("DELETE", one)).status).toBe(204);
    expect((await cloud.send("GET", one)).body.error.code).toBe("PolicyAssignmentNotFound");
  });

  it("are listed at, above and below a scope, as far as the filter wants them", async () => {
    await assign("whole", REQUIRE_TAG, costCenter);
    await assign("images", REQUIRE_TAG, costCenter, ids.imageGroup);
    await assign("locations", ALLOWED_LOCATIONS, { parameters: { listOfAllowedLocations: { value: ["westeurope"] } } });
    expect(await names(ids.subscription)).toEqual(["whole", "images", "locations"]);
    expect(await names(ids.subscription, "atScope()")).toEqual(["whole", "locations"]);
    expect(await names(ids.imageGroup, "atScope()")).toEqual(["whole", "images", "locations"]);
    expect(await names(ids.imageGroup, "atExactScope()")).toEqual(["images"]);
    expect(await names(ids.templateGroup)).toEqual(["whole", "locations"]);
    expect(await names(ids.subscription, `policyDefinitionId eq '${definition(ALLOWED_LOCATIONS)}'`)).toEqual([
      "locations",
    ]);
    const { status, body } = await cloud.send("GET", `${collection(ids.subscription)}${VERSION}&$filter=nearby()`);
    expect({ status, code: body.error.code }).toEqual({ status: 400, code: "InvalidFilterInQueryString" });
  });

  it.each([
    ["an unknown definition", "11111111-1111-1111-1111-111111111111", {}, "PolicyDefinitionNotFound"],
    ["no parameter that it needs", REQUIRE_TAG, {}, "MissingPolicyParameter"],
    ["a parameter that there is not", REQUIRE_TAG, { parameters: { tag: { value: "a" } } }, "UndefinedPolicyParameter"],
    [
      "a parameter of another kind",
      ALLOWED_LOCATIONS,
      { parameters: { listOfAllowedLocations: { value: "westeurope" } } },
      "InvalidPolicyParameterType",
    ],
    [
      "an effect that is none of the definition's",
      NO_SHARED_KEYS,
      { parameters: { effect: { value: "deny" } } },
      "PolicyParameterValueNotAllowed",
    ],
    ["no definition", REQUIRE_TAG, { policyDefinitionId: null }, "InvalidRequestContent"],
    ["an unknown mode", REQUIRE_TAG, { ...costCenter, enforcementMode: "Sometimes" }, "InvalidRequestContent"],
  ])("with %s are refused", async (_, policy, properties, code) => {
    expect((await assign("bad", policy, properties)).body.error.code).toBe(code);
    expect(await names(ids.subscription)).toEqual([]);
  });

  it("go with the group that they are of", async () => {
    await putGroup({});
    const group = `${ids.subscription}/resourceGroups/rg-new`;
    await assign("of-group", REQUIRE_TAG, costCenter, group);
    await cloud.send("DELETE", `${group}?api-version=2021-04-01`);
    await cloud.pass(120);
    expect(await names(ids.subscription)).toEqual([]);
  });
});

describe("policy definitions", () => {
  it("that are built in are read by anybody of the tenant, with rule and parameters", async () => {
    const { body } = await get(definition(REQUIRE_GROUP_TAG));
    expect(body).toMatchObject({
      id: definition(REQUIRE_GROUP_TAG),
      type: "Microsoft.Authorization/policyDefinitions",
      properties: { policyType: "BuiltIn", mode: "All", parameters: { tagName: { type: "String" } } },
    });
    const listed = await get("/providers/Microsoft.Authorization/policyDefinitions");
    expect(listed.body.value).toContainEqual(body);
    const tags = await cloud.send(
      "GET",
      "/providers/Microsoft.Authorization/policyDefinitions?api-version=2023-04-01&$filter=category eq 'Tags'",
    );
    expect(tags.body.value).toHaveLength(4);
  });

  it("and sets of them that are not there are 404", async () => {
    expect((await get(definition("none"))).body.error.code).toBe("PolicyDefinitionNotFound");
    const sets = "/providers/Microsoft.Authorization/policySetDefinitions";
    expect((await get(sets)).body.value).toEqual([]);
    expect((await get(`${sets}/none`)).body.error.code).toBe("PolicySetDefinitionNotFound");
  });
});

describe("a policy in force", () => {
  it("denies what it means, and tells which one it is", async () => {
    await assign("tags", REQUIRE_GROUP_TAG, { displayName: "Cost centers", ...costCenter });
    const { status, body } = await putGroup({});
    expect(status).toBe(403);
    const assignment = `${collection(ids.subscription)}/tags`;
    expect(body.error).toMatchObject({
      code: "RequestDisallowedByPolicy",
      target: "rg-new",
      message:
        `Resource 'rg-new' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"name":"Cost centers",` +
        `"id":"${assignment}"},"policyDefinition":{"name":"Require a tag on resource groups",` +
        `"id":"${definition(REQUIRE_GROUP_TAG)}"}}]'.`,
      additionalInfo: [
        { type: "PolicyViolation", info: { policyAssignmentId: assignment, policyDefinitionName: REQUIRE_GROUP_TAG } },
      ],
    });
    expect((await putGroup({ COSTCENTER: "4711" })).status).toBe(201);
  });

  it("denies a PATCH after which the resource would be one that it means", async () => {
    await putGroup({ costCenter: "4711" });
    await assign("tags", REQUIRE_GROUP_TAG, costCenter);
    expect((await patchGroup({ managedBy: ids.network })).status).toBe(200);
    expect((await patchGroup({ tags: {} })).body.error.code).toBe("RequestDisallowedByPolicy");
  });

  it("denies public addresses of interfaces alone", async () => {
    await assign("private", NO_PUBLIC_ADDRESSES);
    const id = ids.network.replace("virtualNetworks/vnet-builds", "publicIPAddresses/pip");
    expect((await nic({ id })).body.error.code).toBe("RequestDisallowedByPolicy");
    expect((await nic()).status).toBe(201);
  });

  it.each([
    ["is not enforced", { enforcementMode: "DoNotEnforce" }],
    ["leaves the scope out", { notScopes: [`${ids.subscription}/resourceGroups/rg-new`] }],
  ])("denies nothing where it %s", async (_, properties) => {
    await assign("tags", REQUIRE_GROUP_TAG, { ...costCenter, ...properties });
    expect((await putGroup({})).status).toBe(201);
  });
});

describe("image builder under a policy", () => {
  it("cannot make a staging group without the tag that it needs, and can with it", async () => {
    await assign("tags", REQUIRE_GROUP_TAG, costCenter);
    expect(await failure("t")).toMatchObject({
      provisioningState: "Failed",
      message: expect.stringMatching(/^RequestDisallowedByPolicy: Resource 'IT_.*"Require a tag on resource groups"/),
    });
    expect(await stagingGroups()).toEqual([]);
    await createTemplate(cloud, "tagged", { managedResourceTags: { costCenter: "4711" } });
    expect(await stagingGroups()).toHaveLength(1);
  });

  it("cannot make a staging account where shared keys are denied, and has its group removed with the template", async () => {
    await assign("keys", NO_SHARED_KEYS, { parameters: { effect: { value: "Deny" } } });
    expect(await failure("t")).toMatchObject({
      provisioningErrorCode: "NoCustomizerScript",
      message: expect.stringContaining("RequestDisallowedByPolicy"),
    });
    expect(await stagingGroups()).toHaveLength(1);
    await cloud.send("DELETE", `${ids.template("t")}?api-version=2025-10-01`);
    await cloud.pass(120);
    expect(await stagingGroups()).toEqual([]);
  });

  it("fails a run whose machines a policy does not want", async () => {
    await grantBuilder(cloud);
    await cloud.pass(60);
    await createTemplate(cloud, "t");
    await assign("tags", REQUIRE_TAG, costCenter);
    expect(await runToEnd(cloud, "t")).toMatchObject({
      runState: "Failed",
      message: expect.stringMatching(/RequestDisallowedByPolicy: Resource 'pkros.*"Require a tag on resources"/),
    });
  });
});
