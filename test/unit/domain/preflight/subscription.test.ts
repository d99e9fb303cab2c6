import { describe, expect, it } from "vitest";
import { checkGround } from "../../../../src/domain/preflight/checkGround.ts";
import { networkRequired } from "../../../../src/domain/preflight/networkRequired.ts";
import { valueOf } from "../../../../src/domain/preflight/observed.ts";
import { policies } from "../../../../src/domain/preflight/policies.ts";
import { quotas } from "../../../../src/domain/preflight/quotas.ts";
import { registrations } from "../../../../src/domain/preflight/registrations.ts";
import type { PolicyAssignment } from "../../../../src/domain/preflight/subscription.ts";
import {
  found,
  ground,
  isolatedPlan,
  networkId,
  ownNetworkPlan,
  planOf,
  refused,
  registered,
  usage,
} from "../../../support/ground.ts";
import { ruleCases } from "../../../support/ruleCases.ts";

const withState = (name: string, state: string) => ({
  providers: found(
    "/providers",
    registered.map((one) => (one.namespace === `Microsoft.${name}` ? { ...one, state } : one)),
  ),
});

describe("registrations", () =>
  ruleCases(registrations, [
    ["pass where all are there", ground()],
    ["cannot be told where they are not shown", ground({ providers: refused("/providers") })],
    [
      "fail without container instances",
      ground(withState("ContainerInstance", "NotRegistered")),
      "provider-not-registered",
    ],
    ["fail while one is being registered", ground(withState("Network", "Registering")), "provider-not-registered"],
    ["are told without key vaults", ground(withState("KeyVault", "NotRegistered")), "provider-advised"],
    [
      "fail in a region without image builder",
      ground({ plan: planOf({}, { location: "northeurope" }) }),
      "region-not-supported",
    ],
  ]));

const cores = (...usages: ReturnType<typeof usage>[]) => ({ computeUsages: found("/usages", usages) });
const containers = (groups: number, used: number) => ({
  containerUsages: found("/usages", [usage("ContainerGroups", groups, 10), usage("StandardCores", used, 10)]),
});
const [region, build, proxy] = [usage("cores"), usage("standardDSv5Family"), usage("standardAv2Family")];

describe("quotas", () =>
  ruleCases(quotas, [
    ["pass with room for all", ground()],
    [
      "pass with room for just the build",
      ground(cores({ ...region, used: 97 }, { ...build, used: 98 }, { ...proxy, used: 99 })),
    ],
    ["need none of the proxy's for an isolated build", ground({ plan: isolatedPlan(), ...cores(region, build) })],
    [
      "cannot be told where they are not shown",
      ground({ computeUsages: refused("/usages"), containerUsages: refused("/usages") }),
    ],
    [
      "cannot be told whole of a size that does not say its family",
      ground({ plan: planOf({ size: "Standard_E4-2s_v5" }) }),
      "cores-undecided",
    ],
    [
      "are doubtful for a size whose family the region does not tell",
      ground({ plan: planOf({ size: "Standard_D2s_v55" }) }),
      "size-doubtful",
    ],
    [
      "cannot be told of a size where the region tells of no family",
      ground({ plan: isolatedPlan(), ...cores(region) }),
      "cores-undecided",
    ],
    ["pass with a size in lower case", ground({ plan: planOf({ size: "standard_d2s_v5" }) })],
    [
      "fail where the build VM and its proxy together use up the family's",
      ground({ plan: planOf({ size: "Standard_A4_v2" }), ...cores(region, { ...proxy, used: 96 }) }),
      "cores-quota",
    ],
    [
      "pass where both together use it up just",
      ground({ plan: planOf({ size: "Standard_A4_v2" }), ...cores(region, { ...proxy, used: 95 }) }),
    ],
    [
      "fail where an older size takes more than its name says",
      ground({ plan: planOf({ size: "Standard_DS3_v2" }), ...cores(region, usage("standardDSv2Family", 97), proxy) }),
      "cores-quota",
    ],
    ["fail where the family's is used up", ground(cores(region, { ...build, used: 99 }, proxy)), "cores-quota"],
    ["fail where the proxy's is used up", ground(cores(region, build, { ...proxy, used: 100 })), "cores-quota"],
    ["fail where the region's is used up", ground(cores({ ...region, used: 98 }, build, proxy)), "cores-quota"],
    ["fail where container groups are used up", ground(containers(10, 0)), "container-quota"],
    ["fail where container cores are used up", ground(containers(0, 10)), "container-quota"],
    ["are told where fewer are free than the container may take", ground(containers(0, 7)), "container-quota-tight"],
    ["pass where as many are free as the container may take", ground(containers(0, 6))],
  ]));

const policy = (definition: string, parameters: object = {}, changes: Partial<PolicyAssignment> = {}) => ({
  policyAssignments: found("/policies", [
    {
      id: "/policy",
      displayName: "policy",
      scope: "/",
      definition,
      isEnforced: true,
      notScopes: [],
      parameters: { ...parameters },
      ...changes,
    },
  ]),
});
const LOCATIONS = "e56962a6-4747-49cd-b67b-bf8b01975c4c";
const TAG = "96670d01-0a4d-4649-9c89-2d3abc0a5025";
const SHARED_KEY = "8c6a50c6-9ffd-4ae7-986f-5fa6111f9a54";
const PUBLIC_NETWORK = "b2982f36-99f2-4db5-8eff-283140c09693";
const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const PUBLIC_ADDRESS = "83a86a26-fd1f-447c-b59d-e51f44264114";

const TYPES = "6c112d4e-5bc7-47ae-a041-ea2d9dccd749";
const notAllowed = (type: string, more: object = {}) =>
  policy(TYPES, { listOfResourceTypesNotAllowed: [`microsoft.network/${type}`], ...more });

const own = { tagName: "cost" };
const subscriptionScope = networkId.split("/").slice(0, 3).join("/");

describe("policies", () =>
  ruleCases(policies, [
    ["pass where there are none", ground()],
    ["pass where they allow the region", ground(policy(LOCATIONS, { listOfAllowedLocations: ["WestEurope"] }))],
    ["pass where the recipe has the tag", ground(policy(TAG, { tagName: "purpose" }))],
    ["pass where they are not in force", ground(policy(TAG, { tagName: "cost" }, { isEnforced: false }))],
    ["pass where they only audit", ground(policy(SHARED_KEY, { effect: "Audit" }))],
    ["pass without public addresses in a network of the company's", ground(policy(PUBLIC_ADDRESS))],
    ["cannot be told of one that is not known here", ground(policy(UNKNOWN)), "policies-not-judged"],
    ["pass with an unknown one that only audits", ground(policy(UNKNOWN, { effect: "AuditIfNotExists" }))],
    ["pass with an unknown one that is not in force", ground(policy(UNKNOWN, {}, { isEnforced: false }))],
    ["pass with the benchmark that Defender assigns", ground(policy("1f3afdf9-d0c9-4c3d-847f-89da613e70a8"))],
    ["cannot be told where they are not shown", ground({ policyAssignments: refused("/policies") })],
    [
      "are told in another region",
      ground(policy(LOCATIONS, { listOfAllowedLocations: ["northeurope"] })),
      "policy-denies",
    ],
    ["are told without a tag", ground(policy(TAG, { tagName: "cost" })), "policy-denies"],
    ["are told where they deny shared keys", ground(policy(SHARED_KEY, { effect: "Deny" })), "policy-denies"],
    [
      "are told where they deny storage that is open to public networks",
      ground(policy(PUBLIC_NETWORK, { effect: "deny" })),
      "policy-denies",
    ],
    ["pass where they only audit that", ground(policy(PUBLIC_NETWORK))],
    ["pass where image builder sets the tag itself", ground(policy(TAG, { tagName: "createdby" }))],
    ["pass where they leave the subscription out", ground(policy(TAG, own, { notScopes: [subscriptionScope] }))],
    [
      "are told where they leave out a group of it",
      ground(policy(TAG, own, { notScopes: [networkId] })),
      "policy-denies",
    ],
    ["are told where they deny a type that a build makes", ground(notAllowed("networkInterfaces")), "policy-denies"],
    ["are told where that is a link's", ground(notAllowed("privateLinkServices")), "policy-denies"],
    ["pass where two subnets make none of it", ground({ plan: isolatedPlan(), ...notAllowed("privateLinkServices") })],
    ["pass where they deny other types", ground(notAllowed("expressRouteCircuits"))],
    ["pass where they only look for types", ground(notAllowed("networkInterfaces", { effect: "Audit" }))],
    [
      "are told where they deny public addresses",
      ground({ plan: ownNetworkPlan(), ...policy(PUBLIC_ADDRESS) }),
      "policy-denies",
    ],
  ]));

it("names all policies that are not judged in one note", () => {
  const [one, other] = ["tags", "keys"].map(
    (displayName) => valueOf(policy(UNKNOWN, {}, { displayName }).policyAssignments) ?? [],
  );
  const findings = checkGround(ground({ policyAssignments: found("/policies", [...(one ?? []), ...(other ?? [])]) }));
  expect(findings).toMatchObject([{ code: "policies-not-judged", seen: "In force and not judged: tags, keys." }]);
});

describe("a network that a zone asks for", () =>
  ruleCases(networkRequired, [
    ["is not asked for by every zone", ground({ plan: ownNetworkPlan() })],
    ["is there where the recipe names one", ground({ plan: { ...planOf(), networkRequired: true } })],
    [
      "is told where the recipe names none",
      ground({ plan: { ...ownNetworkPlan(), networkRequired: true } }),
      "network-required",
    ],
  ]));

it("refuses a build outside the network that its zone asks for", () => {
  const findings = checkGround(ground({ plan: { ...ownNetworkPlan(), networkRequired: true } }));
  expect(findings.find(({ code }) => code === "network-required")?.severity).toBe("blocks");
});
