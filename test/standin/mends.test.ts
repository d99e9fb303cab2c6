/** What a finding offers to be run makes it go away: its Bicep, and its command. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity, serviceIdentity } from "../../local/landscape.ts";
import type { WholePlan } from "../../src/domain/plan.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { cloudAccess } from "../support/cloudAccess.ts";
import { cloudGround } from "../support/cloudGround.ts";
import { besideNetwork } from "../support/cloudNetwork.ts";
import { ids } from "../support/cloudTemplates.ts";
import { CREATION, JOIN, mending } from "../support/mending.ts";
import { isolatedLandscapePlan, landscapePlan, predict } from "../support/preflightGround.ts";
import { LEAST, securityRule } from "../support/leastRules.ts";
import { sampleRecipe, sampleTarget } from "../support/plan.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(() => cloud.reset());
afterAll(() => cloud.close());

const {
  letReadFirewalls,
  put,
  putBuildSubnet,
  putContainerSubnet,
  putDnsServers,
  putPublicAddress,
  putRoutes,
  putRules,
  settle,
} = cloudGround(() => cloud);
const { putRole, withoutAction, withoutAssignment } = cloudAccess(() => cloud);
const { deploy, run } = mending(() => cloud);

interface Fault {
  code: string;
  make?: () => Promise<unknown>;
  plan?: WholePlan;
  /** Where there is another of the code. */
  title?: string;
  /** What shows only then, and has mends of its own. */
  follows?: string[];
}

const lacking = (role: string) => () => withoutAssignment(serviceIdentity.principalId, role);
const isolated = isolatedLandscapePlan();
const publishedPlan = landscapePlan({ approval: { before: "publish", expires: "3d" } });
const natGateway = besideNetwork("natGateways", "nat");
const appliance = { nextHopType: "VirtualAppliance", nextHopIpAddress: "10.40.3.4" };

/** Those that people have to complete, as they would. */
const fill = (text: string) =>
  text
    .replace("<id of a NAT gateway>", natGateway)
    .replace("<id of a public IP address>", besideNetwork("publicIPAddresses", "ip"))
    .replaceAll(/<(publisher|offer|sku)>/g, "$1");

const ACCESS: Fault[] = [
  {
    code: "builder-not-found",
    // It has another object id, and nobody may use it yet.
    follows: ["builder-differs", "service-cannot-use-builder"],
    make: async () => {
      await letReadFirewalls();
      await cloud.send("DELETE", `${builderIdentity.id}?api-version=2023-01-31`);
    },
  },
  { code: "role-not-found", make: () => cloud.send("DELETE", `${ids.role(CREATION)}?api-version=2022-04-01`) },
  { code: "role-lacks-action", make: () => withoutAction(JOIN, "Microsoft.Network/virtualNetworks/read") },
  {
    code: "role-too-wide",
    make: () =>
      putRole(CREATION, (role) => ({
        ...role,
        permissions: [{ actions: ["Microsoft.Compute/*"], notActions: [], dataActions: [] }],
      })),
  },
  {
    code: "role-not-assignable",
    make: () => putRole(CREATION, (role) => ({ ...role, assignableScopes: [ids.templateGroup] })),
  },
  { code: "service-cannot-grant", make: lacking("Goldsmith granter") },
  { code: "service-cannot-build", make: lacking("Goldsmith template operator") },
  { code: "service-cannot-use-builder", make: lacking("Goldsmith identity user") },
  { code: "service-cannot-publish", make: lacking("Goldsmith publisher"), plan: publishedPlan },
  { code: "service-cannot-read-logs", make: lacking("Goldsmith log reader") },
  { code: "federated-credentials-unreadable", make: lacking("Goldsmith identity user") },
  {
    code: "virtual-network-unreadable",
    follows: ["security-group-unreadable"],
    make: lacking("Goldsmith network reader"),
  },
  { code: "definition-unreadable", make: lacking("Goldsmith gallery reader") },
  { code: "compute-usages-unreadable", make: lacking("Goldsmith observer") },
  { code: "policies-unreadable", make: lacking("Goldsmith observer") },
  { code: "builder-assignments-unreadable", make: lacking("Goldsmith observer") },
];

const NETWORK: Fault[] = [
  {
    code: "private-link-service-policies-enabled",
    make: () => putBuildSubnet({ privateLinkServiceNetworkPolicies: "Enabled" }),
  },
  { code: "container-subnet-not-delegated", make: () => putContainerSubnet({}), plan: isolated },
  { code: "container-subnet-not-found", plan: isolated },
  {
    code: "subnet-not-found",
    plan: landscapePlan({
      vmProfile: { ...sampleRecipe().vmProfile, vnetConfig: { subnetId: `${ids.network}/subnets/snet-gone` } },
    }),
  },
  { code: "flow-denied", make: () => putRules(securityRule("Inbound", 300, "*", "*", "22", "Deny")) },
  { code: "route-dead-end", make: () => putRoutes({ addressPrefix: "0.0.0.0/0", nextHopType: "None" }) },
  { code: "inner-route-dead-end", make: () => putRoutes({ addressPrefix: "10.40.0.0/24", nextHopType: "None" }) },
  { code: "inner-route-away", make: () => putRoutes({ addressPrefix: "10.40.0.0/27", ...appliance }) },
  {
    code: "no-way-out",
    make: async () => {
      const publicIpAddresses = [{ id: await putPublicAddress() }];
      await put(natGateway, { publicIpAddresses }, { location: "westeurope", sku: { name: "Standard" } });
      await settle();
      await putBuildSubnet({ defaultOutboundAccess: false });
    },
  },
  {
    code: "no-way-out",
    title: "no-way-out, by a NAT gateway without an address",
    make: async () => {
      await putPublicAddress();
      await put(natGateway, {}, { location: "westeurope", sku: { name: "Standard" } });
      await settle();
      await putBuildSubnet({ defaultOutboundAccess: false, natGateway: { id: natGateway } });
    },
  },
  {
    code: "inner-route-dead-end",
    title: "inner-route-dead-end, part by part",
    make: () =>
      putRoutes(
        { addressPrefix: "10.40.0.0/28", nextHopType: "None" },
        { addressPrefix: "10.40.0.16/28", nextHopType: "None" },
      ),
  },
  {
    code: "inner-route-part-dropped",
    make: () =>
      putRoutes(
        { addressPrefix: "10.40.0.0/24", nextHopType: "None" },
        { addressPrefix: "10.40.0.16/28", ...appliance },
      ),
  },
  {
    code: "flow-denied",
    title: "flow-denied, to the network's own DNS servers",
    make: async () => {
      await putDnsServers("10.9.0.4", "10.9.0.5");
      await putRules(...LEAST);
    },
  },
  {
    code: "definition-not-found",
    plan: landscapePlan({ distribute: [sampleTarget({ galleryImageId: `${ids.definition}-gone` })] }),
  },
];

/** Makes a fault. @returns how often it is found, and what is found once it is mended that was not, or is it still. */
async function mended(
  { code, make, plan = landscapePlan(), follows = [] }: Fault,
  mend: typeof deploy,
): Promise<[number, string[]]> {
  await make?.();
  await cloud.pass(600);
  const before = await predict(cloud, plan);
  const findings = before.filter((finding) => finding.code === code);
  for (const finding of findings) await mend(finding, fill);
  await cloud.pass(600);
  const others = before.map((finding) => finding.code).filter((one) => one !== code);
  const after = (await predict(cloud, plan)).map((finding) => finding.code);
  return [findings.length, after.filter((one) => ![...others, ...follows].includes(one))];
}

const NONE_LEFT = [expect.toSatisfy((found: number) => found > 0), []];

describe("the Bicep of a finding makes it go away", () => {
  it.each([...ACCESS, ...NETWORK].map((fault) => [fault.title ?? fault.code, fault] as const))(
    "%s",
    async (_, fault) => {
      expect(await mended(fault, deploy)).toEqual(NONE_LEFT);
    },
  );
});

describe("the command of a finding makes it go away", () => {
  it.each<Fault>([
    ...ACCESS,
    {
      code: "builder-federated",
      make: () =>
        cloud.send("PUT", `${builderIdentity.id}/federatedIdentityCredentials/github?api-version=2023-01-31`, {
          body: {
            properties: {
              issuer: "https://token.actions.githubusercontent.com",
              subject: "repo:somebody/something:ref:refs/heads/main",
              audiences: ["api://AzureADTokenExchange"],
            },
          },
        }),
    },
    {
      code: "builder-standing-grant",
      make: () => assign(builderIdentity.principalId, "acdd72a7-3385-48ef-bd42-f606fba81ae7"),
    },
    {
      code: "service-grants-anything",
      make: () => assign(serviceIdentity.principalId, "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"),
    },
    {
      code: "provider-not-registered",
      make: () =>
        cloud.send(
          "POST",
          `${ids.subscription}/providers/Microsoft.ContainerInstance/unregister?api-version=2022-09-01`,
        ),
    },
  ])("$code", async (fault) => {
    expect(await mended(fault, run)).toEqual(NONE_LEFT);
  });
});

function assign(principalId: string, role: string) {
  return cloud.operator.authorization.roleAssignments.create(ids.imageGroup, "9d3f4f0e-5d0b-4d7e-9b0a-0000000000bb", {
    roleDefinitionId: ids.role(role),
    principalId,
    principalType: "ServicePrincipal",
  });
}
