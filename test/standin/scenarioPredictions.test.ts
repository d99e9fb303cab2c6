/**
 * Each scenario of the local Azure is foreseen by the preflight on the ground that leads to it, and a build that is forced
 * there fails with the scenario's text; or test/support/unpredicted.ts says why nothing can be read before.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { scenarios } from "../../local/azure/scenarios/scenarios.ts";
import { builderIdentity, landscapeSettings, serviceIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { cloudAccess } from "../support/cloudAccess.ts";
import { cloudGround, CONTAINER_DELEGATION } from "../support/cloudGround.ts";
import { besideNetwork } from "../support/cloudNetwork.ts";
import { logText } from "../support/cloudLog.ts";
import { cloudUse } from "../support/cloudUse.ts";
import { ids } from "../support/cloudTemplates.ts";
import { type Fault, forced } from "../support/forcedBuild.ts";
import { isolatedLandscapePlan, landscapePlan, planWithoutReading, predict } from "../support/preflightGround.ts";
import { securityRule } from "../support/leastRules.ts";
import { sampleTarget, sampleSource } from "../support/plan.ts";
import { UNPREDICTED } from "../support/unpredicted.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(() => cloud.reset());
afterAll(() => cloud.close());

const { putBuildSubnet, putContainerSubnet, putRoutes, putRules, settle } = cloudGround(() => cloud);
const { assignPolicy, putRole, withoutAction, withoutAssignment, withoutOwnAction } = cloudAccess(() => cloud);
const { useContainers, useCores } = cloudUse(() => cloud);
const { GOLDSMITH_IMAGE_CREATION_ROLE: CREATION, GOLDSMITH_NETWORK_JOIN_ROLE: JOIN } = landscapeSettings;
const isolated = isolatedLandscapePlan();

/** A pair whose text the local Azure does not say by itself is forced by its scenario, beside the ground that leads to it. */
type Pair = Omit<Fault, "what"> & { isForced?: true; log?: string };
const PACKER_FAILED = "Packer build command has failed: exit status 1";

const customizing = (step: object) =>
  landscapePlan({ customize: [{ name: "step", sha256Checksum: "a".repeat(64), ...step } as never] });
const STORED = "https://somebody.blob.core.windows.net/scripts/install.sh";
const unregister = (namespace: string) =>
  cloud.send("POST", `${ids.subscription}/providers/${namespace}/unregister?api-version=2022-09-01`);
const given = (scenario: string) => async () => {
  cloud.addFault({ scenario });
};

const PAIRS: Record<string, Pair> = {
  "missing-destination-role": {
    code: "role-lacks-action",
    text: "Failed in distributing",
    make: () => withoutAction(CREATION, "Microsoft.Compute/galleries/images/versions/write"),
  },
  "missing-network-role": {
    code: "role-lacks-action",
    text: "Not authorized to access the resource",
    make: () => withoutAction(JOIN, "Microsoft.Network/virtualNetworks/subnets/join/action"),
  },
  "gallery-not-readable": {
    code: "role-lacks-action",
    text: "Not authorized to access the resource",
    make: () => withoutAction(CREATION, "Microsoft.Compute/galleries/images/read"),
  },
  "interface-not-found": {
    code: "role-lacks-action",
    text: "network.InterfacesClient#UpdateTags",
    make: () => withoutAction(JOIN, "Microsoft.Network/virtualNetworks/read"),
    isForced: true,
  },
  "source-not-readable": {
    code: "builder-cannot-read-source",
    text: "Not authorized to access the resource",
    plan: planWithoutReading({
      type: "ManagedImage",
      imageId: `${ids.sourceGroup}/providers/Microsoft.Compute/images/base`,
    }),
  },
  "grant-exists": {
    code: "builder-standing-grant",
    text: "RoleAssignmentExists",
    make: () =>
      cloud.operator.authorization.roleAssignments.create(ids.imageGroup, "9d3f4f0e-5d0b-4d7e-9b0a-0000000000aa", {
        roleDefinitionId: ids.role(CREATION),
        principalId: builderIdentity.principalId,
        principalType: "ServicePrincipal",
      }),
  },
  "role-not-assignable": {
    code: "role-not-assignable",
    text: "RoleAssignmentScopeNotAssignableToRoleDefinition",
    make: () => putRole(CREATION, (role) => ({ ...role, assignableScopes: [ids.templateGroup] })),
  },
  "role-not-found": {
    code: "role-not-found",
    text: "RoleDefinitionDoesNotExist",
    make: () => cloud.send("DELETE", `${ids.role(CREATION)}?api-version=2022-04-01`),
  },
  "grant-refused": {
    code: "service-cannot-grant",
    text: "perform action 'Microsoft.Authorization/roleAssignments/write'",
    make: () => withoutAssignment(serviceIdentity.principalId, "Goldsmith granter"),
  },
  "template-write-refused": {
    code: "service-cannot-build",
    text: "perform action 'Microsoft.VirtualMachineImages/imageTemplates/write'",
    make: () => withoutOwnAction("Goldsmith template operator", "Microsoft.VirtualMachineImages/imageTemplates/write"),
  },
  "identity-not-assignable": {
    code: "service-cannot-use-builder",
    text: "linked scope(s)",
    make: () =>
      withoutOwnAction("Goldsmith identity user", "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"),
  },
  "staging-storage-denied": {
    code: "policy-denies",
    text: "Failed to stage the customizer scripts: RequestDisallowedByPolicy",
    make: () => assignPolicy("8c6a50c6-9ffd-4ae7-986f-5fa6111f9a54", { effect: "Deny" }),
  },
  "policy-denies-build": {
    code: "policy-denies",
    text: "RequestDisallowedByPolicy: Resource",
    make: () => assignPolicy("871b6d14-10aa-478d-b590-94f262ecfa99", { tagName: "imageTemplateName" }),
  },
  "policy-denies-template": {
    code: "policy-denies",
    text: "RequestDisallowedByPolicy",
    make: given("policy-denies-template"),
  },
  "script-unavailable": {
    code: "script-unreachable",
    text: "is unavailable. Please check the file exists and is accessible.",
    plan: customizing({ type: "Shell", scriptUri: "https://10.40.3.4/install.sh" }),
  },
  "script-not-public": {
    code: "script-maybe-not-readable",
    text: "PublicAccessNotPermitted",
    plan: customizing({ type: "Shell", scriptUri: STORED }),
    isForced: true,
  },
  "script-download-fails": {
    code: "file-maybe-not-readable",
    text: `Error downloading '${STORED}'`,
    plan: customizing({ type: "File", sourceUri: STORED, destination: "/tmp/install.sh" }),
    isForced: true,
  },
  "source-missing": {
    code: "source-not-found",
    text: "BadPIRSource",
    plan: landscapePlan({ source: { ...sampleSource(), sku: "no-such-sku" } }),
  },
  "purchase-plan-missing": {
    code: "plan-not-named",
    text: "requires Plan information in the request",
    make: async () => {
      const { publisher, offer, sku } = sampleSource();
      const plan = { publisher: "seller", product: "product", name: "plan" };
      cloud.publishPlatformImage({ publisher, offer, sku, version: "24.04.202612010", plan });
    },
  },
  "provider-not-registered": {
    code: "provider-not-registered",
    text: "MissingSubscriptionRegistration",
    make: () => unregister("Microsoft.VirtualMachineImages"),
  },
  "container-instances-not-registered": {
    code: "provider-not-registered",
    text: "Azure Container Instances provider not registered",
    make: () => unregister("Microsoft.ContainerInstance"),
  },
  "region-not-available": {
    code: "region-not-supported",
    text: "is not available for resource type",
    make: given("region-not-available"),
  },
  "container-instances-quota": {
    code: "container-quota",
    text: "Azure Container Instances quota exceeded",
    make: () => useContainers(25),
  },
  "cores-quota": {
    code: "cores-quota",
    text: "exceeding approved Total Regional Cores quota. Current Limit: 100, Current Usage: 98, Additional Required: 3",
    make: () => useCores("Standard_D98s_v5"),
  },
  "private-link-policy": {
    code: "private-link-service-policies-enabled",
    text: "PrivateLinkService Network Policy is not disabled for the given subnet",
    make: () => putBuildSubnet({ privateLinkServiceNetworkPolicies: "Enabled" }),
  },
  "container-subnet-not-delegated": {
    code: "container-subnet-not-delegated",
    text: "SubnetMissingRequiredDelegation",
    make: () => putContainerSubnet({}),
    plan: isolated,
  },
  "inbound-blocked": {
    code: "flow-denied",
    text: PACKER_FAILED,
    log: "Timeout waiting for SSH.",
    make: () => putRules(securityRule("Inbound", 300, "*", "*", "22", "Deny")),
    isForced: true,
  },
  "outbound-blocked": {
    code: "route-dead-end",
    text: PACKER_FAILED,
    log: "curl: (28) Failed to connect",
    make: () => putRoutes({ addressPrefix: "0.0.0.0/0", nextHopType: "None" }),
    isForced: true,
  },
  "gateway-out-of-reach": {
    code: "flow-denied",
    text: "Microservice has failed: dial tcp: i/o timeout",
    make: async () => {
      await putContainerSubnet({
        ...CONTAINER_DELEGATION,
        networkSecurityGroup: { id: besideNetwork("networkSecurityGroups", "nsg-builds") },
      });
      await settle();
      await putRules(securityRule("Outbound", 300, "*", "*", "445", "Deny"));
    },
    plan: isolated,
    isForced: true,
  },
  "hyper-v-generation-mismatch": {
    code: "definition-differs",
    text: "different Hyper-V Generation",
    ...ofGeneration1(),
  },
};

function ofGeneration1(): Pick<Fault, "make" | "plan"> {
  const galleryImageId = `${ids.definition}-other`;
  const identifier = { publisher: "goldsmith", offer: "aks", sku: "other" };
  const properties = { osType: "Linux", osState: "Generalized", hyperVGeneration: "V1", identifier };
  return {
    make: () =>
      cloud.send("PUT", `${galleryImageId}?api-version=2024-03-03`, { body: { location: "westeurope", properties } }),
    plan: landscapePlan({ distribute: [sampleTarget({ galleryImageId })] }),
  };
}

describe("a scenario of the local Azure", () => {
  it("is foreseen, or it is said why it cannot be: each of them, and none else", () => {
    const known = [...Object.keys(PAIRS), ...Object.keys(UNPREDICTED)];
    expect(known.toSorted()).toEqual(Object.keys(scenarios).toSorted());
  });

  it.each(Object.entries(PAIRS))(
    "%s is found before, and fails the build that is forced",
    async (scenario, { code, text, log = "", make, plan = landscapePlan(), isForced }) => {
      await make?.();
      await cloud.pass(600);
      const found = (await predict(cloud, plan)).filter(({ severity }) => severity !== "notes");
      expect(found.map((finding) => finding.code)).toContain(code);
      if (isForced) cloud.addFault({ scenario });
      expect(await forced(cloud, plan)).toContain(text);
      if (log) expect(await logText(cloud)).toContain(log);
    },
  );
});
