import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { besideNetwork, NETWORK_GROUP, networkRequests } from "../support/cloudNetwork.ts";
import { networkClient } from "../support/networkClient.ts";

const TABLE = besideNetwork("routeTables", "rt");
const toAppliance = { addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress: "10.40.3.4" };

describe("routes", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(async () => {
    cloud.reset();
    await put(TABLE, { routes: [{ name: "all", properties: toAppliance }] });
    await settle();
  });
  afterAll(() => cloud.close());

  const { get, put, settle } = networkRequests(() => cloud);

  it("are resources of their own", async () => {
    expect(await networkClient(cloud, cloud.operator).routes.get(NETWORK_GROUP, "rt", "all")).toMatchObject(
      toAppliance,
    );
    expect(await get(TABLE)).toMatchObject({
      properties: { disableBgpRoutePropagation: false, routes: [{ properties: toAppliance }] },
    });
  });

  it.each<[string, object, string]>([
    ["to a kind of next hop that is none", { nextHopType: "Moon" }, "InvalidRequestFormat"],
    ["to an appliance without an address", { nextHopIpAddress: undefined }, "InvalidNextHopIpAddress"],
    ["to an appliance at no address", { nextHopIpAddress: "firewall" }, "InvalidNextHopIpAddress"],
    ["to an address without an appliance", { nextHopType: "Internet" }, "InvalidNextHopIpAddress"],
    ["of no prefix", { addressPrefix: undefined }, "InvalidAddressPrefixFormat"],
    ["of an address alone", { addressPrefix: "10.0.0.0" }, "InvalidAddressPrefixFormat"],
    ["of an unknown service tag", { addressPrefix: "Moonbase" }, "InvalidAddressPrefixFormat"],
    ["of a prefix with host bits", { addressPrefix: "10.0.0.1/8" }, "InvalidCIDRNotation"],
    ["of another route's prefix", { addressPrefix: "0.0.0.0/0" }, "RouteConflict"],
  ])("%s are refused, alone and in their table", async (_, changes, code) => {
    const before = await get(TABLE);
    const properties = { ...toAppliance, addressPrefix: "10.0.0.0/8", ...changes };
    const alone = await put(`${TABLE}/routes/more`, properties, {});
    expect(alone).toMatchObject({ status: 400, body: { error: { code } } });
    const routes = [...before.properties.routes, { name: "more", properties }];
    expect((await put(TABLE, { routes })).body.error.code).toBe(code);
    expect(await get(TABLE)).toEqual(before);
  });

  it("may be of a service tag, and be written again as they are", async () => {
    const toStorage = { addressPrefix: "Storage.WestEurope", nextHopType: "Internet" };
    expect((await put(`${TABLE}/routes/storage`, toStorage, {})).status).toBe(201);
    expect((await put(`${TABLE}/routes/storage`, toStorage, {})).status).toBe(200);
  });

  it("of one name are refused in one table", async () => {
    const routes = ["10.0.0.0/8", "10.0.0.0/16"].map((addressPrefix) => ({
      name: "twin",
      properties: { ...toAppliance, addressPrefix },
    }));
    expect((await put(TABLE, { routes })).body.error.details[0].code).toBe("DuplicateResourceName");
  });
});
