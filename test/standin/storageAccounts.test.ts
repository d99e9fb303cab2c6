import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { finish, ids } from "../support/cloudTemplates.ts";

const VERSION = "?api-version=2024-01-01";
const GROUP = "rg-images";
const AZURITE = { account: "devstoreaccount1", key: "a2V5", blobEndpoint: "http://127.0.0.1:10000/devstoreaccount1/" };

const idOf = (name: string, group = ids.imageGroup) => `${group}/providers/Microsoft.Storage/storageAccounts/${name}`;

describe("storage accounts", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud({ azurite: AZURITE })));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const body = { location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" } };
  const put = (id: string, changes: object = {}) => cloud.send("PUT", id + VERSION, { body: { ...body, ...changes } });
  const make = (name: string) => finish(cloud, cloud.operator.storage.storageAccounts.create(GROUP, name, body));

  it("are made behind a Location that shows them in the end; a second PUT is done at once", async () => {
    const made = await put(idOf("images1"));
    expect(made).toMatchObject({ status: 202, text: "" });
    expect(made.headers.has("azure-asyncoperation")).toBe(false);
    const location = made.headers.get("location") ?? "";
    expect(location).toContain("/providers/Microsoft.Storage/locations/westeurope/asyncoperations/");
    expect((await cloud.send("GET", location)).status).toBe(202);
    await cloud.pass(60);
    expect(await cloud.send("GET", location)).toMatchObject({
      status: 200,
      body: { id: idOf("images1"), sku: { name: "Standard_LRS", tier: "Standard" } },
    });
    expect(await put(idOf("images1"), { tags: { a: "b" } })).toMatchObject({ status: 200, body: { tags: { a: "b" } } });
    const remove = async () => (await cloud.send("DELETE", idOf("images1") + VERSION)).status;
    expect([await remove(), await remove()]).toEqual([200, 204]);
  });

  it.each<[string, string, object, number, string]>([
    ["a name in capitals", "Images", {}, 400, "AccountNameInvalid"],
    ["a name that is taken", "images1", {}, 409, "StorageAccountAlreadyTaken"],
    ["no sku", "images2", { sku: undefined }, 400, "InvalidRequestFormat"],
    ["a kind that is none", "images2", { kind: "Tape" }, 400, "InvalidRequestFormat"],
    ["a region that is none", "images2", { location: "atlantis" }, 400, "LocationNotAvailableForResourceType"],
  ])("are refused with %s", async (_, name, changes, status, code) => {
    await make("images1");
    const answer = await put(idOf(name, ids.templateGroup), changes);
    expect(answer).toMatchObject({ status, body: { error: { code } } });
  });

  it.each([
    ["images2", { nameAvailable: true }],
    ["images1", { nameAvailable: false, reason: "AlreadyExists" }],
    ["Images", { nameAvailable: false, reason: "AccountNameInvalid" }],
  ])("say beforehand whether a name can be had: %s", async (name, expected) => {
    await make("images1");
    expect(
      await cloud.operator.storage.storageAccounts.checkNameAvailability({
        name,
        type: "Microsoft.Storage/storageAccounts",
      }),
    ).toMatchObject(expected);
  });

  it("have two keys, which whoever may list them gets", async () => {
    await make("images1");
    const { keys } = await cloud.operator.storage.storageAccounts.listKeys(GROUP, "images1");
    expect(keys).toMatchObject([
      { keyName: "key1", permissions: "Full" },
      { keyName: "key2", value: expect.any(String) },
    ]);
    expect(keys?.[0]?.value).not.toBe(keys?.[1]?.value);
    const refused = await cloud.send("POST", `${idOf("images1")}/listKeys${VERSION}`, { as: builderIdentity });
    expect(refused.body.error.message).toContain("'Microsoft.Storage/storageAccounts/listKeys/action'");
  });

  it("that Azurite serves lead there", async () => {
    await make(AZURITE.account);
    const { storageAccounts } = cloud.operator.storage;
    expect((await storageAccounts.getProperties(GROUP, AZURITE.account)).primaryEndpoints?.blob).toBe(
      AZURITE.blobEndpoint,
    );
    expect((await storageAccounts.listKeys(GROUP, AZURITE.account)).keys?.[0]?.value).toBe(AZURITE.key);
  });
});
