import { describe, expect, it } from "vitest";
import { deployInfra } from "../support/bicep/infraFiles.ts";
import { ofType, propertiesOf } from "../support/bicep/ofType.ts";
import { fullParameters, leastParameters } from "../support/bicep/parameters.ts";

/** What a resource is for, of its id: its name but for the token. */
const kindOf = (id: string) => /\/(stgs[a-z]{4}|func-goldsmith)[^/]*$/.exec(id)?.[1];
const endOf = (id: string) => id.split("/").slice(-3).join("/");

/** What is closed to the Internet, and by what it is reached all the same. */
function accessOf(parameters: Record<string, unknown>) {
  const deployed = deployInfra(parameters);
  const [app] = ofType(deployed, "Microsoft.Web/sites").map(propertiesOf);
  const subnetId = app?.virtualNetworkSubnetId;
  const sites = ["Microsoft.Storage/storageAccounts", "Microsoft.Web/sites"].flatMap((type) => ofType(deployed, type));
  const closed = sites.filter((one) => propertiesOf(one).publicNetworkAccess === "Disabled");
  const open = sites.filter((one) => propertiesOf(one).publicNetworkAccess === "Enabled");
  const endpoints = ofType(deployed, "Microsoft.Network/privateEndpoints").map((endpoint) => {
    const { subnet, privateLinkServiceConnections: links } = propertiesOf(endpoint) as {
      subnet: { id: string };
      privateLinkServiceConnections: { properties: { privateLinkServiceId: string; groupIds: string[] } }[];
    };
    const zones = ofType(deployed, "Microsoft.Network/privateEndpoints/privateDnsZoneGroups").filter(({ id }) =>
      id.startsWith(`${endpoint.id}/`),
    );
    return {
      subnet: endOf(subnet.id),
      reaches: links.flatMap(({ properties: { privateLinkServiceId: id, groupIds } }) => [kindOf(id), ...groupIds]),
      named: zones.map((zone) => /privatelink\.[\w.]+/.exec(JSON.stringify(zone.body))?.[0]).join(),
    };
  });
  return {
    closed: closed.map(({ id }) => kindOf(id)),
    open: open.map(({ id }) => kindOf(id)),
    refusing: sites.flatMap((one) => {
      const { networkAcls } = propertiesOf(one) as { networkAcls?: { defaultAction: string; bypass: string } };
      return networkAcls?.defaultAction === "Deny" && networkAcls.bypass === "None" ? kindOf(one.id) : [];
    }),
    reached: endpoints.map(({ reaches, named }) => [...reaches, named]),
    from: new Set(endpoints.map(({ subnet }) => subnet)),
    callsFrom: typeof subnetId === "string" ? endOf(subnetId) : undefined,
  };
}

const ofStorage = [
  ["stgshost", "blob", "privatelink.blob.core.windows.net"],
  ["stgshost", "queue", "privatelink.queue.core.windows.net"],
  ["stgshost", "table", "privatelink.table.core.windows.net"],
  ["stgspack", "blob", "privatelink.blob.core.windows.net"],
  ["stgsarch", "blob", "privatelink.blob.core.windows.net"],
];
const ofApp = ["func-goldsmith", "sites", "privatelink.azurewebsites.net"];
const made = "vnet-goldsmith-main/subnets";

describe("privateAccess", () => {
  it("none closes nothing, and has the app in no network", () => {
    expect(accessOf({ ...leastParameters, privateAccess: "none" })).toEqual({
      closed: [],
      open: ["stgshost", "stgspack", "stgsarch", "stgsload", "func-goldsmith"],
      refusing: [],
      reached: [],
      from: new Set(),
      callsFrom: undefined,
    });
  });

  it.each([
    ["in a network that is made", leastParameters, `${made}/snet-endpoints`, `${made}/snet-app`],
    ["in the company's", fullParameters, "vnet-hub/subnets/snet-endpoints", "vnet-spoke/subnets/snet-app"],
  ])(
    "storage closes each account but that of scripts, whose parts the app reaches by private endpoints %s",
    (_, parameters, from, callsFrom) => {
      expect(accessOf({ ...parameters, privateAccess: "storage" })).toEqual({
        closed: ["stgshost", "stgspack", "stgsarch"],
        open: ["stgsload", "func-goldsmith"],
        refusing: ["stgshost", "stgspack", "stgsarch"],
        reached: ofStorage,
        from: new Set([from]),
        callsFrom,
      });
    },
  );

  it("all closes the app as well, which is reached by one", () => {
    expect(accessOf({ ...leastParameters, privateAccess: "all" })).toEqual({
      closed: ["stgshost", "stgspack", "stgsarch", "func-goldsmith"],
      open: ["stgsload"],
      refusing: ["stgshost", "stgspack", "stgsarch"],
      reached: [...ofStorage, ofApp],
      from: new Set([`${made}/snet-endpoints`]),
      callsFrom: `${made}/snet-app`,
    });
  });
});
