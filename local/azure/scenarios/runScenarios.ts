import type { Template } from "../imageBuilder/templateState.ts";
import { setRegistration } from "../resources/registrations.ts";
import { findResource } from "../store/resources.ts";
import type { Json } from "../store/state.ts";
import {
  behaves,
  ofTemplate,
  onGround,
  type RunPhase,
  scenario,
  type ScenarioTable,
  type TargetType,
} from "./scenario.ts";

type VnetConfig = NonNullable<NonNullable<Template["body"]["properties"]["vmProfile"]>["vnetConfig"]>;

const run = (phase: RunPhase, source: string, does: string, message: string, target?: TargetType) =>
  ofTemplate(source, does, { on: "run", phase, message, ...(target && { target }) });
/** A subnet that a template names is found so. */
const subnet = (
  source: string,
  does: string,
  named: (network: VnetConfig) => string | null | undefined,
  properties: Json,
) =>
  onGround(
    source,
    does,
    "run",
    (azure, { vmProfile }) => findResource(azure, named(vmProfile?.vnetConfig ?? {}) ?? ""),
    (_azure, found) => (found.body.properties = { ...(found.body.properties as Json), ...properties }),
  );
const WEEK_SECONDS = 7 * 24 * 3600;
/** A build may take 16 hours at most. */
const BEYOND_ANY_TIMEOUT = { min: 17 * 3600, max: 17 * 3600 };
const building = (problem: string) => `Failed in building/customizing image: ${problem}. OperationId: {operation}.`;

/** What goes wrong around packer while an image is being built, and in handing the image out. */
export const runScenarios: ScenarioTable = {
  "private-link-policy": subnet(
    "errors #1, 1.5",
    "the policy for private link services of the first subnet that needs it off is on",
    ({ subnetId, containerInstanceSubnetId }) => (containerInstanceSubnetId ? undefined : subnetId),
    { privateLinkServiceNetworkPolicies: "Enabled" },
  ),
  "container-subnet-not-delegated": subnet(
    "1.9",
    "the first container subnet is not delegated to Azure Container Instances",
    ({ containerInstanceSubnetId }) => containerInstanceSubnetId,
    { delegations: [] },
  ),
  "container-instances-not-registered": scenario(
    "errors #25, 1.5",
    "the subscription has not registered Azure Container Instances",
    { on: "cloud", change: (azure) => setRegistration(azure, "Microsoft.ContainerInstance", "NotRegistered") },
  ),
  "container-instances-quota": run(
    "Building",
    "errors #26, 1.5",
    "there is no quota left of container instances",
    building("Azure Container Instances quota exceeded"),
  ),
  "container-instances-burst": run(
    "Building",
    "errors #27",
    "too many container instances were started of late",
    building("Too many Azure Container Instances deployed within a period of time"),
  ),
  "policy-denies-build": run(
    "Building",
    "errors #13, 1.5",
    "Azure Policy refuses what a run puts into the staging group",
    building(
      'RequestDisallowedByPolicy: Resource was disallowed by policy. Policy identifiers: \'[{"policyAssignment":' +
        '{"name":"no-public-ip"}}]\'. Resource group: {staging}',
    ),
  ),
  "proxy-disk-denied": run(
    "Building",
    "errors #7",
    "image builder's own principal has no right on the staging group that it was given",
    building(
      "AuthorizationFailed: The client '{image-builder}' with object id '{image-builder}' does not have authorization to perform " +
        "action 'Microsoft.Compute/disks/write' over scope '{staging}/providers/Microsoft.Compute/disks/proxyVmDiskWin_1' " +
        "or the scope is invalid. If access was recently granted, please refresh your credentials.",
    ),
  ),
  "source-gone": ofTemplate("errors #19, 1.5", "the source was there when the template was made, and is no more", {
    on: "source",
    before: "run",
  }),
  "purchase-plan-missing": run(
    "Building",
    "errors #23",
    "the source needs a purchase plan",
    building(
      'PurchasePlanNotProvided: Code="VMMarketplaceInvalidInput" Creating a virtual machine from Marketplace image ' +
        "requires Plan information in the request",
    ),
  ),
  "cores-quota": run(
    "Building",
    "errors #28",
    "the quota of the machine's family is used up",
    building(
      'Code="QuotaExceeded" Message="Operation could not be completed as it results in exceeding approved Total ' +
        'Regional Cores quota. Current Limit: 10, Current Usage: 10, Additional Required: 2"',
    ),
  ),
  "gateway-out-of-reach": run(
    "Building",
    "1.9",
    "the container cannot reach the machine or the staging storage through the customer's network",
    building("Microservice has failed: dial tcp: i/o timeout"),
  ),
  "hyper-v-generation-mismatch": run(
    "Distributing",
    "errors #14",
    "the image definition is of another generation than the source",
    "The resource with id '{staging}' has a different Hyper-V Generation ['V1'] than the parent gallery image " +
      "Hyper-V Generation ['V2'].",
    "SharedImage",
  ),
  "trusted-launch-managed-image": run(
    "Distributing",
    "errors #42",
    "a machine with trusted launch cannot become a managed image",
    'Code="OperationNotAllowed" Message="Creation of managed images are not supported for virtual machine with ' +
      'TrustedLaunch security type."',
    "ManagedImage",
  ),
  "replication-outlives-timeout": behaves(
    "errors #31, 1.5",
    "replication takes longer than the build may: the run fails, the version is there and goes on",
    { run: { distributingSeconds: BEYOND_ANY_TIMEOUT, replicationSeconds: { min: 3 * 3600, max: 3 * 3600 } } },
  ),
  "run-hangs": behaves("1.6", "runs neither get on nor are ended at their timeout, until they are cancelled", {
    run: { queuedSeconds: { min: WEEK_SECONDS, max: WEEK_SECONDS }, timeoutLagSeconds: WEEK_SECONDS },
  }),
  "slow-template-status": behaves(
    "6.10",
    "for 30 seconds after `run` a template still shows the status of the run before",
    {
      run: { visibleAfterSeconds: 30 },
    },
  ),
};
