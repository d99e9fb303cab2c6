import { afterAll, beforeAll, expect, it } from "vitest";
import { SOURCE_IMAGE, startCloud, type TestCloud } from "../support/cloud.ts";
import { besideNetwork } from "../support/cloudNetwork.ts";
import { ids } from "../support/cloudTemplates.ts";

let cloud: TestCloud;
beforeAll(async () => (cloud = await startCloud()));
afterAll(() => cloud.close());

const get = (id: string, version: string, expand: string) =>
  cloud.send("GET", `${id}?api-version=${version}&$expand=${encodeURIComponent(expand)}`);
const NSG = besideNetwork("networkSecurityGroups", "nsg-builds");

it.each([
  ["nothing", ids.subnet, "2025-05-01", "", "InvalidExpandQueryOptionValue"],
  ["what a subnet does not have", ids.subnet, "2025-05-01", "versions", "InvalidExpandQueryOptionValue"],
  ["what is no reference", ids.network, "2025-05-01", "addressSpace", "InvalidExpandQueryOptionValue"],
  ["one thing that is not there", ids.subnet, "2025-05-01", "routeTable,moon", "InvalidExpandQueryOptionValue"],
  ["the instance of an image", SOURCE_IMAGE, "2024-07-01", "instanceView", "InvalidParameter"],
  ["the moon of all resources", `${ids.subscription}/resources`, "2021-04-01", "moon", "InvalidExpandInQueryString"],
])("a GET that expands %s is refused", async (_, id, version, expand, code) => {
  const { status, body } = await get(id, version, expand);
  expect({ status, code: body.error.code }).toEqual({ status: 400, code });
});

it("a GET may expand what a resource refers to, in any case and several at once", async () => {
  const { status, body } = await get(ids.subnet, "2025-05-01", "NETWORKSECURITYGROUP, routeTable");
  expect(status).toBe(200);
  expect(body.properties.networkSecurityGroup).toMatchObject({
    id: NSG,
    properties: { securityRules: expect.any(Array) },
  });
  expect((await get(NSG, "2025-05-01", "subnets,networkInterfaces")).status).toBe(200);
});
