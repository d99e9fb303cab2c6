/**
 * Grounds on which image builder's machines do not come through, which the local Azure does not work out by itself: the
 * preflight finds each, and the build that the scenario of its kind stops fails with the text that Azure has for it.
 */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { WholePlan } from "../../src/domain/plan.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { application, cloudGround, CONTAINER_DELEGATION, forcedTable } from "../support/cloudGround.ts";
import { logText } from "../support/cloudLog.ts";
import { besideNetwork } from "../support/cloudNetwork.ts";
import { forced } from "../support/forcedBuild.ts";
import { isolatedLandscapePlan, landscapePlan, predict } from "../support/preflightGround.ts";
import { LEAST, leastWithout, securityRule } from "../support/leastRules.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(() => cloud.reset());
afterAll(() => cloud.close());

const {
  forceToFirewall,
  put,
  putBuildSubnet,
  putContainerSubnet,
  putDnsServers,
  putPolicy,
  putRoutes,
  putRules,
  settle,
} = cloudGround(() => cloud);

const TEXTS = {
  "inbound-blocked": { message: "Packer build command has failed: exit status 1", log: "Timeout waiting for SSH." },
  "outbound-blocked": {
    message: "Packer build command has failed: exit status 1",
    log: "curl: (28) Failed to connect to packages.microsoft.com port 443",
  },
  "gateway-out-of-reach": { message: "Microservice has failed: dial tcp: i/o timeout", log: "" },
} as const;

type Situation = [what: string, scenario: keyof typeof TEXTS, code: string, make: () => Promise<unknown>];

const everywhere = { addressPrefix: "0.0.0.0/0" };
const appliance = (nextHopIpAddress: string) => ({ ...everywhere, nextHopType: "VirtualAppliance", nextHopIpAddress });
const OWN = application(["*.blob.core.windows.net", "management.azure.com"]);

/** Forces a subnet to a firewall that lets out what image builder reaches by HTTPS, and nothing else. */
async function force(putSubnet: (changes: object) => Promise<unknown>, changes: object = {}): Promise<void> {
  await forceToFirewall(await putPolicy("policy", [OWN]));
  await putSubnet({ ...changes, routeTable: forcedTable });
  await settle();
}

const PRIVATE_LINK: Situation[] = [
  [
    "a rule against what the proxy says to the build VM",
    "inbound-blocked",
    "flow-denied",
    () => putRules(securityRule("Outbound", 300, "*", "*", "22", "Deny")),
  ],
  [
    "a rule against the load balancer's probe",
    "inbound-blocked",
    "flow-denied",
    () => putRules(securityRule("Inbound", 300, "AzureLoadBalancer", "*", "*", "Deny")),
  ],
  [
    "rules that deny the rest, without the link's to the proxy",
    "inbound-blocked",
    "flow-denied",
    () => putRules(...leastWithout("60001", "Inbound")),
  ],
  [
    "a route that drops what goes through the subnet",
    "inbound-blocked",
    "inner-route-dead-end",
    () => putRoutes({ addressPrefix: "10.40.0.0/27", nextHopType: "None" }),
  ],
  [
    "routes that drop what goes through the subnet part by part",
    "inbound-blocked",
    "inner-route-dead-end",
    () =>
      putRoutes(
        { addressPrefix: "10.40.0.0/28", nextHopType: "None" },
        { addressPrefix: "10.40.0.16/28", nextHopType: "None" },
      ),
  ],
  [
    "a rule against HTTPS outwards",
    "outbound-blocked",
    "flow-denied",
    () => putRules(securityRule("Outbound", 300, "*", "Internet", "443", "Deny")),
  ],
  [
    "rules that deny the rest, without apt's port",
    "outbound-blocked",
    "flow-denied",
    () => putRules(...leastWithout("80", "Outbound")),
  ],
  [
    "a private subnet without a way out",
    "outbound-blocked",
    "no-way-out",
    () => putBuildSubnet({ defaultOutboundAccess: false }),
  ],
  [
    "a private subnet whose NAT gateway has no address",
    "outbound-blocked",
    "no-way-out",
    async () => {
      const id = besideNetwork("natGateways", "nat");
      await put(id, {}, { location: "westeurope", sku: { name: "Standard" } });
      await settle();
      await putBuildSubnet({ defaultOutboundAccess: false, natGateway: { id } });
    },
  ],
  [
    "rules that deny the rest, without the network's own DNS server",
    "outbound-blocked",
    "flow-denied",
    async () => {
      await putDnsServers("10.9.0.4");
      await putRules(...LEAST);
    },
  ],
  [
    "a route that keeps everything in the network",
    "outbound-blocked",
    "route-dead-end",
    () => putRoutes({ ...everywhere, nextHopType: "VnetLocal" }),
  ],
  [
    "a route to an appliance that no peering leads to",
    "outbound-blocked",
    "appliance-unreachable",
    () => putRoutes(appliance("10.99.0.4")),
  ],
  [
    "a firewall that does not let out what the recipe reaches",
    "outbound-blocked",
    "egress-denied",
    () => force(putBuildSubnet),
  ],
];

const reaching = landscapePlan({
  egress: [
    { name: "packages.microsoft.com", ports: [443] },
    { name: "archive.ubuntu.com", ports: [80] },
  ],
});

const containers = (changes: object) => putContainerSubnet({ ...CONTAINER_DELEGATION, ...changes }).then(settle);
const grouped = async (...rules: Parameters<typeof putRules>) => {
  await containers({ networkSecurityGroup: { id: besideNetwork("networkSecurityGroups", "nsg-builds") } });
  await putRules(...rules);
};

const ISOLATED: Situation[] = [
  [
    "a rule against what the container says to the build VM",
    "gateway-out-of-reach",
    "flow-denied",
    () => grouped(securityRule("Inbound", 300, "10.40.1.0/28", "*", "*", "Deny")),
  ],
  [
    "the least rules of the other topology, which keep the container from its files",
    "gateway-out-of-reach",
    "flow-denied",
    () => grouped(...LEAST),
  ],
  [
    "a private subnet of the container's without a way out",
    "gateway-out-of-reach",
    "no-way-out",
    () => containers({ defaultOutboundAccess: false }),
  ],
  [
    "a firewall that does not let the container reach its files",
    "gateway-out-of-reach",
    "egress-denied",
    () => force(putContainerSubnet, { ...CONTAINER_DELEGATION, defaultOutboundAccess: false }),
  ],
];

it.each<[...Situation, plan: WholePlan]>([
  ...PRIVATE_LINK.map((one): [...Situation, WholePlan] => [...one, reaching]),
  ...ISOLATED.map((one): [...Situation, WholePlan] => [...one, isolatedLandscapePlan()]),
])("%s is found before, and is %s: %s", async (_, scenario, code, make, plan) => {
  await make();
  await settle();
  const blocking = (await predict(cloud, plan)).filter(({ severity }) => severity === "blocks");
  expect(new Set(blocking.map((finding) => finding.code))).toEqual(new Set([code]));
  cloud.addFault({ scenario });
  const { message, log } = TEXTS[scenario];
  expect(await forced(cloud, plan)).toContain(message);
  if (log) expect(await logText(cloud)).toContain(log);
});
