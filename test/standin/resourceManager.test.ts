import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity, landscape } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { grants, ids } from "../support/cloudTemplates.ts";

const VERSION = "api-version=2025-04-01";
/** A built-in role. */
const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const CONTAINERS = "Microsoft.ContainerInstance";

const all = async <T>(items: AsyncIterable<T>) => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};

const namesOf = async (items: AsyncIterable<{ name?: string }>) => (await all(items)).map(({ name }) => name);

describe("Microsoft.Resources", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud({ pageSize: 3 })));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const get = (path: string, query = "") => cloud.send("GET", `${path}?${VERSION}${query}`);
  const list = (filter: string) => namesOf(cloud.operator.resources.resources.list({ filter }));

  it.each([
    ["bad.", "cannot end with a period"],
    ["a b$", "has these invalid characters: ' $'"],
    ["x".repeat(91), "exceeds the maximum length of '90'"],
  ])("does not take a group of the name %s", async (name, problem) => {
    const path = `${ids.subscription}/resourceGroups/${encodeURIComponent(name)}?${VERSION}`;
    const refused = await cloud.send("PUT", path, { body: { location: "westeurope" } });
    expect(refused).toMatchObject({ status: 400, body: { error: { code: "InvalidResourceGroup" } } });
    expect(refused.body.error.message).toContain(problem);
    const longest = path.replace(encodeURIComponent(name), "x".repeat(90));
    expect((await cloud.send("PUT", longest, { body: { location: "westeurope" } })).status).toBe(201);
  });

  describe("registrations", () => {
    const group = `${ids.imageGroup}/providers/${CONTAINERS}/containerGroups/g?api-version=2023-05-01`;
    const resources = { requests: { cpu: 1, memoryInGB: 1 } };
    const properties = { osType: "Linux", containers: [{ name: "c", properties: { image: "any", resources } }] };
    const put = () => cloud.send("PUT", group, { body: { location: "westeurope", properties } });

    it("hold from the start for all that image builder needs", async () => {
      const { providers } = cloud.service.resources;
      for (const name of ["VirtualMachineImages", "Compute", "Network", "Storage", "KeyVault", "ContainerInstance"]) {
        expect((await providers.get(`microsoft.${name.toLowerCase()}`)).registrationState).toBe("Registered");
      }
      const compute = await providers.get("Microsoft.Compute");
      const galleries = compute.resourceTypes?.find(({ resourceType }) => resourceType === "galleries");
      expect(galleries?.locations).toContain("West Europe");
      expect(galleries?.apiVersions?.[0]).toBe("2026-03-03");
      await expect(providers.get("Contoso.Things")).rejects.toMatchObject({ code: "InvalidResourceNamespace" });
    });

    it("are of providers that serve what they tell of: there may be key vaults, and there are none", async () => {
      const { resourceTypes } = await cloud.service.resources.providers.get("Microsoft.KeyVault");
      const newest = resourceTypes?.find(({ resourceType }) => resourceType === "vaults")?.apiVersions?.[0];
      for (const scope of [ids.subscription, ids.imageGroup]) {
        const listed = await cloud.send("GET", `${scope}/providers/Microsoft.KeyVault/vaults?api-version=${newest}`);
        expect(listed).toMatchObject({ status: 200, body: { value: [] } });
      }
      const one = `${ids.imageGroup}/providers/Microsoft.KeyVault/vaults/one?api-version=${newest}`;
      expect(await cloud.send("GET", one)).toMatchObject({
        status: 404,
        body: { error: { code: "ResourceNotFound" } },
      });
      expect((await cloud.send("PUT", one, { body: { location: "westeurope", properties: {} } })).status).toBe(400);
    });

    it("take a while, and nothing is written without", async () => {
      const { providers } = cloud.operator.resources;
      const state = async () => (await providers.get(CONTAINERS)).registrationState;
      expect((await providers.unregister(CONTAINERS)).registrationState).toBe("Unregistering");
      await cloud.pass(150);
      expect(await state()).toBe("NotRegistered");
      const refused = await put();
      expect(refused).toMatchObject({
        status: 409,
        body: { error: { code: "MissingSubscriptionRegistration", details: [{ target: CONTAINERS }] } },
      });
      expect(refused.body.error.message).toContain(`not registered to use namespace '${CONTAINERS}'`);
      expect((await providers.register(CONTAINERS)).registrationState).toBe("Registering");
      expect((await put()).status).toBe(409);
      await cloud.pass(150);
      expect(await state()).toBe("Registered");
      expect((await put()).status).toBe(201);
    });

    it("take a right of the provider's own", async () => {
      await expect(cloud.service.resources.providers.register(CONTAINERS)).rejects.toMatchObject({
        code: "AuthorizationFailed",
        message: expect.stringContaining(`'${CONTAINERS}/register/action'`),
      });
    });
  });

  describe("groups", () => {
    const group = `${ids.subscription}/resourceGroups/rg-new`;
    const make = (location = "westeurope", tags = {}) =>
      cloud.send("PUT", `${group}?${VERSION}`, { body: { location, tags } });

    it("change their tags by PATCH", async () => {
      const { resourceGroups } = cloud.operator.resources;
      await make();
      expect(await resourceGroups.update("rg-new", { tags: { a: "b" } })).toMatchObject({ tags: { a: "b" } });
      expect((await resourceGroups.get("rg-new")).tags).toEqual({ a: "b" });
    });

    it("are listed by tag, page by page", async () => {
      await make("westeurope", { Team: "images" });
      const { resourceGroups } = cloud.operator.resources;
      expect(await namesOf(resourceGroups.list({ filter: "tagName eq 'team' and tagValue eq 'images'" }))).toEqual([
        "rg-new",
      ]);
      expect(await namesOf(resourceGroups.list({ top: 2 }))).toHaveLength(landscape.resourceGroups.length + 1);
      expect((await get(`${ids.subscription}/resourceGroups`, "&$top=2")).body.value).toHaveLength(2);
    });

    it("do not move", async () => {
      await make();
      const answer = await make("northeurope");
      expect(answer).toMatchObject({ status: 409, body: { error: { code: "InvalidResourceGroupLocation" } } });
    });

    it("take nothing more once they are being deleted", async () => {
      await make();
      const deleted = await cloud.send("DELETE", `${group}?${VERSION}`);
      expect(deleted.status).toBe(202);
      const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i?api-version=2023-01-31`;
      const answer = await cloud.send("PUT", identity, { body: { location: "westeurope" } });
      expect(answer).toMatchObject({ status: 409, body: { error: { code: "ResourceGroupBeingDeleted" } } });
      expect((await cloud.send("GET", deleted.headers.get("location") ?? "")).status).toBe(202);
      await cloud.pass(60);
      expect((await cloud.send("GET", deleted.headers.get("location") ?? "")).status).toBe(200);
      expect((await cloud.send("HEAD", `${group}?${VERSION}`)).status).toBe(404);
    });
  });

  describe("lists of all types", () => {
    it.each([
      ["resourceType eq 'microsoft.compute/galleries/images' and substringof('jump', name)", ["goldsmith/aks-jumpbox"]],
      ["resourceType eq 'Microsoft.Compute/galleries' or name eq 'nsg-builds'", ["goldsmith", "nsg-builds"]],
      ["substringof('builds', name) and resourceType ne 'Microsoft.Network/virtualNetworks'", ["nsg-builds"]],
      ["tagName eq 'Cost' and tagValue eq '7'", ["vnet-builds"]],
      ["tagName eq 'Cost' and tagValue eq '8'", []],
      ["startswith(tagName, 'co') and resourceGroup eq 'rg-network'", ["vnet-builds"]],
      ["location eq 'northeurope'", []],
    ])("hold what is asked for: %s", async (filter, names) => {
      await cloud.send("PATCH", `${ids.network}?api-version=2025-05-01`, { body: { tags: { cost: "7" } } });
      expect(await list(filter)).toEqual(names);
    });

    it.each(["colour eq 'red'", "name like 'a'", "name eq a"])("refuse what is no filter: %s", async (filter) => {
      await expect(list(filter)).rejects.toMatchObject({ statusCode: 400, code: "InvalidFilterInQueryString" });
    });

    it("tell times where they are asked for", async () => {
      const expand = "createdTime,changedTime,provisioningState";
      const [first] = await all(cloud.operator.resources.resources.listByResourceGroup("rg-network", { expand }));
      expect(first).toMatchObject({ createdTime: expect.any(Date), changedTime: expect.any(Date) });
      expect((await get(`${ids.imageGroup}/resources`)).body.value[0]).not.toHaveProperty("createdTime");
    });

    it("come in pages, whose links lead to the rest on this origin", async () => {
      const whole = await all(cloud.operator.resources.resources.list());
      const pages = [(await get(`${ids.subscription}/resources`)).body];
      for (let link = pages[0]?.nextLink; link; link = pages.at(-1)?.nextLink) {
        expect(link).toMatch(new RegExp(`^${cloud.url}/subscriptions/.*skipToken=`));
        pages.push((await cloud.send("GET", link)).body);
      }
      expect(pages.slice(0, -1).map(({ value }) => value.length)).toEqual(pages.slice(1).map(() => 3));
      expect(pages.flatMap(({ value }) => value.map(({ id }: { id: string }) => id))).toEqual(
        whole.map(({ id }) => id),
      );
      expect(pages.length).toBeGreaterThan(2);
    });

    it.each([
      ["$skipToken=x", "InvalidSkipTokenInQueryString"],
      ["$top=0", "InvalidTopInQueryString"],
      ["$top=many", "InvalidTopInQueryString"],
    ])("refuse %s", async (query, code) => {
      const answer = await get(`${ids.subscription}/resources`, `&${query}`);
      expect(answer).toMatchObject({ status: 400, body: { error: { code } } });
    });
  });

  it.each([
    ["a resource", ids.network],
    ["a group", ids.imageGroup],
    ["the subscription", ids.subscription],
  ])("tags of %s are read and changed alone", async (_, scope) => {
    const { tagsOperations } = cloud.operator.resources;
    const change = (operation: "Merge" | "Replace" | "Delete", tags: Record<string, string>) =>
      tagsOperations.updateAtScope(scope, { operation, properties: { tags } });
    await tagsOperations.createOrUpdateAtScope(scope, { properties: { tags: { a: "1" } } });
    expect((await change("Merge", { b: "2" })).properties.tags).toEqual({ a: "1", b: "2" });
    expect((await change("Delete", { a: "1", b: "no" })).properties.tags).toEqual({ b: "2" });
    expect((await change("Replace", { c: "3" })).properties.tags).toEqual({ c: "3" });
    const shown = await get(`${scope}/providers/Microsoft.Resources/tags/default`);
    expect(shown.body).toMatchObject({ name: "default", type: "Microsoft.Resources/tags" });
    expect((await get(scope)).body.tags ?? (await tagsOperations.getAtScope(scope)).properties.tags).toEqual({
      c: "3",
    });
    await tagsOperations.deleteAtScope(scope);
    expect((await tagsOperations.getAtScope(scope)).properties.tags).toEqual({});
  });

  it("a resource of any type is read, looked for and removed by its id", async () => {
    const { resources } = cloud.operator.resources;
    expect(await resources.getById(ids.network, "2025-05-01")).toMatchObject({ name: "vnet-builds" });
    expect(await resources.checkExistenceById(ids.network, "2025-05-01")).toMatchObject({ body: true });
    expect(await resources.checkExistenceById(`${ids.network}x`, "2025-05-01")).toMatchObject({ body: false });
    await resources.deleteById(`${ids.network}x`, "2025-05-01");
  });

  it.each<[string, string, object]>([
    ["the subscription", ids.subscription, { subscriptionId: landscape.subscriptionId, state: "Enabled" }],
    ["its regions", `${ids.subscription}/locations`, { value: [{ name: "eastus", displayName: "East US" }, {}, {}] }],
    [
      "a provider",
      "/providers/microsoft.compute",
      { id: "/providers/Microsoft.Compute", namespace: "Microsoft.Compute" },
    ],
    ["all providers", "/providers", { value: [{}, {}, {}] }],
    ["the tenant", "/tenants", { value: [{ tenantId: landscape.tenantId }] }],
    ["all subscriptions", "/subscriptions", { value: [{ tenantId: landscape.tenantId }] }],
  ])("shows %s", async (_, path, expected) => {
    expect(await get(path)).toMatchObject({ status: 200, body: expected });
  });

  it("tells callers what they may do, as far as it has propagated", async () => {
    const { permissions } = cloud.operator.authorization;
    expect(await all(permissions.listForResourceGroup("rg-images"))).toMatchObject([{ actions: ["*"] }]);
    const [provider, , name] = ["Microsoft.Network", "virtualNetworks", "vnet-builds"] as const;
    const onNetwork = permissions.listForResource("rg-network", provider, "", "virtualNetworks", name);
    expect(await all(onNetwork)).toMatchObject([{ actions: ["*"] }]);
    const path = `${ids.imageGroup}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`;
    const asked = () => cloud.send("GET", path, { as: builderIdentity });
    await cloud.operator.authorization.roleAssignments.create(ids.imageGroup, grants.imageCreation, {
      roleDefinitionId: ids.role(READER),
      principalId: builderIdentity.principalId,
      principalType: "ServicePrincipal",
    });
    expect((await asked()).body.error.code).toBe("AuthorizationFailed");
    await cloud.pass(60);
    expect((await asked()).body).toEqual({
      value: [{ actions: ["*/read"], notActions: [], dataActions: [], notDataActions: [] }],
    });
  });
});
