/** What the preflight finds of access where Azure tells it, beside what makes a build fail. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { landscapeSettings } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { ids } from "../support/cloudTemplates.ts";
import { predict } from "../support/preflightGround.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(() => cloud.reset());
afterAll(() => cloud.close());

it("finds a leased role that reads data as well", async () => {
  const path = `${ids.role(landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE)}?api-version=2022-04-01`;
  const { properties } = (await cloud.send("GET", path)).body;
  const permissions = [{ ...properties.permissions[0], dataActions: ["*"] }];
  await cloud.send("PUT", path, { body: { properties: { ...properties, permissions } } });
  expect((await predict(cloud)).map(({ code }) => code)).toEqual(["role-too-wide"]);
});
