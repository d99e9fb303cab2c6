import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builderIdentity, landscape } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { firstPage } from "../support/lostFields.ts";

const GROUP = "rg-goldsmith";
const GUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/;

describe("the real client of Microsoft.ManagedIdentity", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  afterAll(() => cloud.close());

  const identities = () => cloud.operator.identities.userAssignedIdentities;
  const credentials = () => cloud.operator.identities.federatedIdentityCredentials;

  it("makes, reads, lists, tags and deletes an identity", async () => {
    const made = await identities().createOrUpdate(GROUP, "id-more", { location: "westeurope" });
    expect(made).toMatchObject({
      name: "id-more",
      type: "Microsoft.ManagedIdentity/userAssignedIdentities",
      tenantId: landscape.tenantId,
      principalId: expect.stringMatching(GUID),
      clientId: expect.stringMatching(GUID),
    });
    expect(await identities().get(GROUP, "id-more")).toEqual(made);
    const names = (await firstPage(identities().listByResourceGroup(GROUP))).map(({ name }) => name);
    expect(names).toContain("id-more");
    expect(await firstPage(identities().listBySubscription())).toHaveLength(names.length);
    const tags = { made: "here" };
    expect(await identities().update(GROUP, "id-more", { tags })).toEqual({ ...made, tags });
    await identities().delete(GROUP, "id-more");
    await identities().delete(GROUP, "id-more");
    await expect(identities().get(GROUP, "id-more")).rejects.toMatchObject({ code: "ResourceNotFound" });
    const again = await identities().createOrUpdate(GROUP, "id-more", { location: "westeurope" });
    expect(again.principalId).not.toBe(made.principalId);
  });

  it("makes, reads, lists and deletes a federated credential", async () => {
    const name = builderIdentity.id.split("/").at(-1) ?? "";
    const given = { issuer: "https://localhost/issuer", subject: "one", audiences: ["api://AzureADTokenExchange"] };
    const made = await credentials().createOrUpdate(GROUP, name, "build", given);
    expect(made).toMatchObject({ name: "build", ...given });
    expect(await credentials().get(GROUP, name, "build")).toEqual(made);
    expect(await firstPage(credentials().list(GROUP, name))).toEqual([made]);
    await credentials().delete(GROUP, name, "build");
    expect(await firstPage(credentials().list(GROUP, name))).toEqual([]);
  });
});
