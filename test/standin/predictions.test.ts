/** For each fault of the ground that a build finds late: the preflight finds it, and the build that is forced fails by it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity, landscapeSettings } from "../../local/landscape.ts";
import type { WholePlan } from "../../src/domain/plan.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { CONTAINER_DELEGATION, cloudGround } from "../support/cloudGround.ts";
import { besideNetwork } from "../support/cloudNetwork.ts";
import { cloudUse } from "../support/cloudUse.ts";
import { ids } from "../support/cloudTemplates.ts";
import { type Fault, forced } from "../support/forcedBuild.ts";
import { isolatedLandscapePlan, landscapePlan, predict } from "../support/preflightGround.ts";
import { sampleTarget } from "../support/plan.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(() => cloud.reset());
afterAll(() => cloud.close());

const { letReadFirewalls, put, putBuildSubnet, putContainerSubnet, settle } = cloudGround(() => cloud);
const { useAddresses } = cloudUse(() => cloud);
const { targetRegions } = sampleTarget();

const isolated = isolatedLandscapePlan();
const roleId = (guid: string) => ids.role(guid);
const FAULTS: Fault[] = [
  {
    what: "a builder that is gone",
    code: "builder-not-found",
    text: "LinkedAuthorizationFailed",
    // Whoever may read that one identity only is refused where it is not there.
    make: async () => {
      await letReadFirewalls();
      await cloud.send("DELETE", `${builderIdentity.id}?api-version=2023-01-31`);
    },
  },
  {
    what: "a delegated subnet for the build VM",
    code: "subnet-delegated",
    text: "SubnetIsDelegated",
    make: () => putBuildSubnet(CONTAINER_DELEGATION),
  },
  {
    what: "a container's subnet that is not there",
    code: "container-subnet-not-found",
    text: "snet-containers was not found",
    plan: isolated,
  },
  {
    what: "a subnet with too few addresses left",
    code: "too-few-free-addresses",
    text: "SubnetIsFull: Subnet snet-builds",
    make: () => useAddresses(24),
  },
  {
    what: "a subnet that is not there",
    code: "subnet-not-found",
    text: "snet-gone was not found",
    plan: landscapePlan({
      vmProfile: {
        vmSize: "Standard_D2s_v5",
        osDiskSizeGB: 0,
        vnetConfig: { subnetId: `${ids.network}/subnets/snet-gone` },
      },
    }),
  },
  {
    what: "a network of another region",
    code: "network-in-other-region",
    text: "must be in the region of the image template",
    make: () => elsewhere(),
    plan: landscapePlan({
      vmProfile: {
        vmSize: "Standard_D2s_v5",
        osDiskSizeGB: 0,
        vnetConfig: { subnetId: `${besideNetwork("virtualNetworks", "vnet-north")}/subnets/s` },
      },
    }),
  },
  {
    what: "an image definition that is not there",
    code: "definition-not-found",
    text: "BadSharedImageDistribute",
    plan: landscapePlan({ distribute: [sampleTarget({ galleryImageId: `${ids.definition}-gone` })] }),
  },
  {
    what: "a target region that is none",
    code: "region-unknown",
    text: "Failed in distributing",
    plan: landscapePlan({
      distribute: [
        sampleTarget({
          targetRegions: [...targetRegions, ...targetRegions.map((one) => ({ ...one, name: "atlantis" }))],
        }),
      ],
    }),
  },
];

/** A network in another region; the builder may join it as it may the landscape's. */
async function elsewhere(): Promise<void> {
  const network = besideNetwork("virtualNetworks", "vnet-north");
  const properties = {
    addressSpace: { addressPrefixes: ["10.50.0.0/24"] },
    subnets: [
      { name: "s", properties: { addressPrefix: "10.50.0.0/27", privateLinkServiceNetworkPolicies: "Disabled" } },
    ],
  };
  await put(network, properties, { location: "northeurope" });
  await settle();
  await cloud.operator.authorization.roleAssignments.create(network, "9d3f4f0e-5d0b-4d7e-9b0a-000000000009", {
    roleDefinitionId: roleId(landscapeSettings.GOLDSMITH_NETWORK_JOIN_ROLE),
    principalId: builderIdentity.principalId,
    principalType: "ServicePrincipal",
  });
}

describe("the preflight finds, and a build that is forced fails by", () => {
  it.each(FAULTS)("$what", async ({ code, text, make, plan = landscapePlan() }) => {
    await make?.();
    await settle();
    const blocking = (await predict(cloud, plan)).filter(({ severity }) => severity === "blocks");
    expect(blocking.map((finding) => finding.code)).toContain(code);
    expect(await forced(cloud, plan)).toContain(text);
  });
});

describe("a build of which the preflight finds nothing in the way", () => {
  it.each<[string, WholePlan]>([
    ["in one subnet with private link", landscapePlan()],
    ["in two subnets", isolated],
    [
      "in a network of image builder's own",
      landscapePlan({ vmProfile: { vmSize: "Standard_D2s_v5", osDiskSizeGB: 0 } }),
    ],
  ])("%s succeeds", async (_, plan) => {
    await putContainerSubnet();
    await put(besideNetwork("networkSecurityGroups", "nsg-builds"), { securityRules: [] });
    await settle();
    expect((await predict(cloud, plan)).filter(({ severity }) => severity !== "notes")).toEqual([]);
    expect(await forced(cloud, plan)).toBe("Succeeded: ");
  });
});
