import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { operatorIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { ids } from "../support/cloudTemplates.ts";
import { importedRecipe } from "../support/importedVhd.ts";
import { landscapePlan, predict } from "../support/preflightGround.ts";

const ACCOUNT = `${ids.sourceGroup}/providers/Microsoft.Storage/storageAccounts/stgoldsmithvhds`;

describe("the preflight of a build that begins with a VHD", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const blocking = async () =>
    (await predict(cloud, landscapePlan(importedRecipe()))).filter(({ severity }) => severity === "blocks");

  it("finds nothing in its way where the landscape is as it is deployed", async () => {
    expect(await blocking()).toEqual([]);
  });

  it("finds that the account is not there", async () => {
    await cloud.send("DELETE", `${ACCOUNT}?api-version=2024-01-01`, { as: operatorIdentity });
    expect(await blocking()).toMatchObject([
      { code: "source-not-found", seen: expect.stringContaining("stgoldsmithvhds") },
    ]);
  });
});
