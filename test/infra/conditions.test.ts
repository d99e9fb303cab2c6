import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { mayDo } from "../../local/azure/authorization/access.ts";
import { createInProcessCloud, type InProcessCloud } from "../../local/azure/inProcessCloud.ts";
import { openAzure } from "../../local/azure/openAzure.ts";
import { skippingClock } from "../../local/clock/skippingClock.ts";
import { builderIdentity, operatorIdentity, scriptContainer, serviceIdentity } from "../../local/landscape.ts";
import { READS_LOGS_ONLY } from "../../src/domain/preflight/serviceRights.ts";
import { infraGround, landscapeParameters } from "../support/bicep/infraGround.ts";

const { templateResourceGroupId: templates } = landscapeParameters;
const [images = ""] = landscapeParameters.imageResourceGroupIds;
const [network = ""] = landscapeParameters.virtualNetworkIds;
const [sources = ""] = landscapeParameters.sourceResourceGroupIds;
const northernImages = `${images}-north`;
const northernNetwork = `${network}-north`;
// In a group of its own: what is given on a group of sources would hold there as well.
const diskGroup = `${images.slice(0, images.lastIndexOf("/"))}/rg-disks`;
const disks = `${diskGroup}/providers/Microsoft.Storage/storageAccounts/stdisks/blobServices/default/containers/vhds`;
const scripts = scriptContainer.id;
const subscription = images.slice(0, images.indexOf("/resourceGroups/"));
const app = `${landscapeParameters.serviceResourceGroupId}/providers/Microsoft.Web/sites/func-goldsmith`;
const IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities";
const account = (container: string) => container.slice(0, container.indexOf("/blobServices/"));

const BLOB_CONTRIBUTOR = "Storage Blob Data Contributor";
const BLOB_READER = "Storage Blob Data Reader";
const BUILT_IN: Record<string, string> = {
  [BLOB_CONTRIBUTOR]: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  [BLOB_READER]: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  Owner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  Contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  "User Access Administrator": "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
};

/** All that the service may ever give: to the builder, and to nobody else. */
const MAY_GIVE: [role: string, scope: string][] = [
  ["image creation", images],
  ["source reading", images],
  ["image creation", northernImages],
  ["source reading", northernImages],
  ["source reading", templates],
  ["source reading", sources],
  ["network join", network],
  ["network join", northernNetwork],
  [BLOB_CONTRIBUTOR, disks],
  [BLOB_READER, scripts],
];

const northern = {
  imageResourceGroupIds: [images, northernImages],
  virtualNetworkIds: [network, northernNetwork],
};
const ground = infraGround({ ...northern, diskContainerIds: [disks] });
const roles = new Map(
  [
    ...ground.landscape.roleDefinitions.map(({ roleName, name }) => [
      /^Goldsmith (.*) \(simulation\)$/.exec(roleName)?.[1] ?? roleName,
      name,
    ]),
    ...Object.entries(BUILT_IN),
  ].map(([name = "", guid = ""]) => [name, guid]),
);
const scopes: [name: string, id: string][] = [
  ["the images' group", images],
  ["another group of images", northernImages],
  ["the templates' group", templates],
  ["a group of sources", sources],
  ["the virtual network", network],
  ["another virtual network", northernNetwork],
  ["a container of VHDs", disks],
  ["the container of scripts", scripts],
  ["the subscription", subscription],
  ["the network's group", network.slice(0, network.indexOf("/providers/"))],
  ["the account of the VHDs", account(disks)],
  ["the account of the scripts", account(scripts)],
  ["the builder identity", builderIdentity.id],
  ["the service identity", serviceIdentity.id],
];

interface Standing {
  id: string;
  properties: { roleDefinitionId: string; principalId: string };
}

const NAME = "5f0c7e5e-2d0a-4f0e-9c55-0a1b2c3d4e5f";
const clock = skippingClock(Date.parse("2030-01-01T00:00:00Z"));
let cloud: InProcessCloud;
const tokens = new Map<string, string>();

beforeAll(async () => {
  const disk = { accountId: account(disks), container: "packerlogs", name: "customization.log" };
  const landscape = {
    ...ground.landscape,
    resourceGroups: [
      ...ground.landscape.resourceGroups,
      { name: "rg-disks", location: "westeurope" },
      { name: "rg-images-north", location: "northeurope" },
    ],
    resources: [
      ...ground.landscape.resources,
      { id: northernNetwork, body: { location: "northeurope", properties: {} } },
      { id: account(disks), body: { location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" } } },
      { id: disks.slice(0, disks.indexOf("/containers/")), body: {} },
      { id: disks, body: {} },
    ],
    disks: [...ground.landscape.disks, disk, { ...disk, container: "vhds" }],
  };
  cloud = createInProcessCloud({ clock, landscape });
  for (const identity of [serviceIdentity, operatorIdentity]) {
    for (const audience of ["https://management.azure.com", "https://storage.azure.com"]) {
      tokens.set(identity.id + audience, (await cloud.token(identity, audience, 86_400)).token);
    }
  }
});
beforeEach(() => cloud.reset());

/** @returns the status of the answer. */
async function send(method: string, path: string, properties?: object, as = serviceIdentity): Promise<number> {
  const isBlob = !path.startsWith("/subscriptions/");
  const headers = {
    authorization: `Bearer ${tokens.get(as.id + (isBlob ? "https://storage.azure.com" : "https://management.azure.com"))}`,
    ...(isBlob ? { "x-ms-version": "2025-11-05" } : { "content-type": "application/json" }),
  };
  const url = new URL(isBlob ? path : `${path}?api-version=2022-04-01`, cloud.url);
  const body = Buffer.from(properties ? JSON.stringify({ properties }) : "");
  return (await cloud.answer({ method, url, headers, body }))?.status ?? 0;
}

const idOf = (scope: string, name = NAME) => `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
const asked = (role: string, more: object = {}) => ({
  roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roles.get(role)}`,
  principalId: builderIdentity.principalId,
  principalType: "ServicePrincipal",
  ...more,
});
const give = (role: string, scope: string, more: object = {}) => send("PUT", idOf(scope), asked(role, more));

/** A blob in the account of the VHDs. */
const at = (container: string, name: string) => `/${account(disks).split("/").at(-1)}/${container}/${name}`;

describe("the service, with the roles and conditions of infra/,", () => {
  it.each(MAY_GIVE)("gives the builder %s on %s, and takes it back", async (role, scope) => {
    expect(await give(role, scope)).toBe(201);
    expect(await send("DELETE", idOf(scope))).toBe(200);
    expect(await send("DELETE", idOf(scope))).toBe(204);
  });

  it.each(scopes)("gives no other role on %s", async (_, scope) => {
    const given: string[] = [];
    for (const role of roles.keys()) {
      cloud.reset();
      const status = await give(role, scope);
      if (status !== 403) given.push(`${role} ${status}`);
    }
    const allowed = MAY_GIVE.filter(([, on]) => on === scope).map(([role]) => `${role} 201`);
    expect(given).toEqual(allowed);
  });

  it.each(MAY_GIVE)("gives %s on %s to nobody else, and under no other type", async (role, scope) => {
    const statuses = await Promise.all(
      [
        { principalId: serviceIdentity.principalId },
        { principalId: operatorIdentity.principalId },
        { principalId: "00000000-0000-0000-0000-000000000000" },
        { principalId: "" },
        { principalType: undefined },
        { principalType: "User" },
        { principalType: "Group" },
        { principalType: "" },
      ].map((more) => give(role, scope, more)),
    );
    expect(new Set(statuses)).toEqual(new Set([403]));
  });

  it("gives on what lies within a scope what it gives on the scope, as Azure inherits it", async () => {
    expect(await give("image creation", `${images}/providers/Microsoft.Compute/galleries/goldsmith`)).toBe(201);
    expect(await give("network join", `${images}/providers/Microsoft.Compute/galleries/goldsmith`)).toBe(403);
  });

  it("rewrites none of its own assignments, and deletes none", async () => {
    const standing = (cloud.state().roleAssignments as unknown as Standing[]).filter(
      ({ properties }) => properties.principalId === serviceIdentity.principalId,
    );
    expect(standing.length).toBeGreaterThan(10);
    for (const { id, properties } of standing) {
      const { roleDefinitionId, principalId } = properties;
      const without = { roleDefinitionId, principalId, principalType: "ServicePrincipal", condition: null };
      expect([id, await send("PUT", id, without)]).toEqual([id, 403]);
      expect([id, await send("DELETE", id)]).toEqual([id, 403]);
    }
  });

  it("changes no role", async () => {
    for (const { name } of ground.landscape.roleDefinitions) {
      const id = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${name}`;
      expect([await send("PUT", id, { roleName: "x", permissions: [] }), await send("DELETE", id)]).toEqual([403, 403]);
    }
  });

  // The local Azure has no function apps, so that it is asked what it would go by.
  it.each([
    ["the identities of its own app", "Microsoft.Web/sites/write", app],
    ["a setting of its own app", "Microsoft.Web/sites/config/write", `${app}/config/appsettings`],
    ["itself", `${IDENTITY}/write`, serviceIdentity.id],
    ["the builder", `${IDENTITY}/write`, builderIdentity.id],
    ["whose tokens stand for itself", `${IDENTITY}/federatedIdentityCredentials/write`, serviceIdentity.id],
    ["whose tokens stand for the builder", `${IDENTITY}/federatedIdentityCredentials/write`, builderIdentity.id],
  ])("does not change %s", (_, action, scope) => {
    const { azure } = openAzure({ clock, landscape: ground.landscape });
    const may = (who: typeof serviceIdentity) => mayDo(azure, who.principalId, action, scope);
    expect({ service: may(serviceIdentity), operator: may(operatorIdentity) }).toEqual({
      service: false,
      operator: true,
    });
  });

  it.each([
    ["another role", { role: "Contributor", more: {} }],
    [
      "the same role, of another principal",
      { role: "image creation", more: { principalId: serviceIdentity.principalId } },
    ],
  ])("takes away from nobody %s", async (_, { role, more }) => {
    expect(await send("PUT", idOf(images), asked(role, more), operatorIdentity)).toBe(201);
    expect(await send("DELETE", idOf(images))).toBe(403);
  });

  it("holds the log reader under the condition that the preflight tells to give it by", () => {
    const held = ground.landscape.roleAssignments.filter(
      ({ roleDefinition }) => roleDefinition === roles.get("log reader"),
    );
    expect(held.map(({ condition }) => condition)).toEqual([READS_LOGS_ONLY]);
  });

  it("reads blobs in containers that image builder calls packerlogs, and in no others of an account not its own", async () => {
    expect(await send("GET", at("packerlogs", "customization.log"))).toBe(200);
    expect(await send("GET", at("vhds", "customization.log"))).toBe(403);
    expect(await send("PUT", at("packerlogs", "another.log"))).toBe(403);
  });
});

const named = (condition: string, attribute: string) =>
  [...condition.matchAll(new RegExp(`:${attribute}\\] ForAnyOfAnyValues:GuidEquals \\{([^{}]*)\\}`, "g"))].map(
    ([, list = ""]) => list.split(", "),
  );

describe("of each granter,", () => {
  const granter = roles.get("granter");
  const conditionsOf = (more: object) =>
    infraGround({ ...more })
      .landscape.roleAssignments.filter(({ roleDefinition }) => roleDefinition === granter)
      .map(({ scope, condition = "" }) => ({ scope, condition }));

  const more = disks.replace("/vhds", "/more");

  it("the condition names what may be given on its scope and one principal, for writing and for deleting alike", () => {
    const all = conditionsOf({ ...northern, diskContainerIds: [disks], scriptContainerIds: [more] });
    const given = [...MAY_GIVE, [BLOB_READER, more] as const];
    expect(all).toHaveLength(new Set(given.map(([, scope]) => scope)).size);
    for (const { scope, condition } of all) {
      const wanted = given.flatMap(([role, on]) => (on === scope ? (roles.get(role) ?? []) : []));
      expect(named(condition, "RoleDefinitionId").map((list) => list.toSorted())).toEqual(
        Array.from({ length: 2 }, () => wanted.toSorted()),
      );
      expect(named(condition, "PrincipalId")).toEqual(Array.from({ length: 2 }, () => [builderIdentity.principalId]));
      expect(condition).not.toMatch(/[<>]/);
    }
  });

  it("there is one on a scope that is several things at once, for all that each of them takes", () => {
    const all = conditionsOf({
      sourceResourceGroupIds: [images, templates, sources, sources.toUpperCase()],
      diskContainerIds: [disks],
      scriptContainerIds: [disks, disks.replace("rg-disks", "RG-Disks")],
    });
    const scopes = all.map(({ scope }) => scope.toLowerCase());
    expect(scopes.toSorted()).toEqual(
      [images, templates, sources, network, disks, scripts].map((id) => id.toLowerCase()).toSorted(),
    );
    const ofDisks = all.find(({ scope }) => scope === disks);
    expect(named(ofDisks?.condition ?? "", "RoleDefinitionId")[0]).toEqual([
      BUILT_IN[BLOB_CONTRIBUTOR],
      BUILT_IN[BLOB_READER],
    ]);
  });

  it("there is one a scope, and none for what is not there", () => {
    const least = conditionsOf({ sourceResourceGroupIds: [], virtualNetworkIds: [] }).map(({ scope }) => scope);
    expect(least.toSorted()).toEqual([images, scripts, templates].toSorted());
  });
});
