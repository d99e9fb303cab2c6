import { describe, expect, it } from "vitest";
import { builtInRoles } from "../../local/azure/authorization/builtInRoles.ts";
import { RULES } from "../../src/domain/preflight/catalogue.ts";
import { ACTIONS } from "../../src/domain/preflight/leasedRoles.ts";
import {
  TO_BUILD,
  TO_GRANT,
  TO_IMPORT,
  TO_KEEP_SCRIPTS,
  TO_PUBLISH,
  TO_READ_LOGS,
  TO_USE_BUILDER,
} from "../../src/domain/preflight/serviceNeeds.ts";
import { heldRoles } from "../support/bicep/heldRoles.ts";

/** What the preflight asks of a role, before a build, where it is wanted. */
const ASKED: Record<string, readonly string[]> = {
  ...Object.fromEntries(Object.entries(ACTIONS).map(([role, { needed, usual }]) => [role, [...needed, ...usual]])),
  "template operator": [...TO_BUILD, ...TO_IMPORT],
  "identity user": TO_USE_BUILDER,
  publisher: TO_PUBLISH,
  granter: TO_GRANT,
  "log reader": TO_READ_LOGS,
};

const of = (role: string, namespace: string, codes: Record<string, string>) =>
  Object.entries(codes).map(([action, code]) => [`${role}: ${namespace}/${action}`, code] as const);

/** What it does not ask for, since it looks by it itself: what it would see there and may not is told by that finding. */
const TOLD_BY_READING = new Map([
  ...of("identity user", "Microsoft.ManagedIdentity", {
    "userAssignedIdentities/read": "builder-unreadable",
    "userAssignedIdentities/federatedIdentityCredentials/read": "federated-credentials-unreadable",
  }),
  ...of("observer", "Microsoft.Resources", { "subscriptions/providers/read": "providers-unreadable" }),
  ...of("observer", "Microsoft.Authorization", {
    "roleAssignments/read": "builder-assignments-unreadable",
    "roleDefinitions/read": "custom-roles-unreadable",
    "permissions/read": "service-permissions-unreadable",
    "policyAssignments/read": "policies-unreadable",
  }),
  ...of("observer", "Microsoft.Storage", { "storageAccounts/read": "script-account-unreadable" }),
  ...of("observer", "Microsoft.Compute", {
    "locations/usages/read": "compute-usages-unreadable",
    "locations/publishers/artifacttypes/offers/skus/versions/read": "source-unreadable",
  }),
  ...of("observer", "Microsoft.MarketplaceOrdering", {
    "offerTypes/publishers/offers/plans/agreements/read": "terms-unreadable",
  }),
  ...of("observer", "Microsoft.ContainerInstance", { "locations/usages/read": "container-usages-unreadable" }),
  ...of("network reader", "Microsoft.Network", {
    "virtualNetworks/read": "virtual-network-unreadable",
    "virtualNetworks/usages/read": "subnet-usages-unreadable",
    "networkSecurityGroups/read": "security-group-unreadable",
    "routeTables/read": "route-table-unreadable",
    "natGateways/read": "nat-gateway-unreadable",
    "azureFirewalls/read": "firewall-unreadable",
    "firewallPolicies/read": "firewall-policy-unreadable",
    "firewallPolicies/ruleCollectionGroups/read": "firewall-policy-unreadable",
  }),
  ...of("gallery reader", "Microsoft.Compute", {
    "galleries/images/read": "definition-unreadable",
    "galleries/images/versions/read": "versions-unreadable",
    "images/read": "source-unreadable",
  }),
]);

/** What it neither asks for nor reads by. */
const UNTOLD: Record<string, string> = {
  "observer: Microsoft.Resources/subscriptions/read":
    "the health reads by it, where it may not read the templates' group",
  "observer: Microsoft.Resources/subscriptions/resourceGroups/read":
    "health, clean-up and sweeper read by it which groups there are",
  "network reader: Microsoft.Network/virtualNetworks/subnets/read":
    "it spares reads: without it the preflight reads security groups, route tables and gateways one by one",
  "gallery reader: Microsoft.Compute/galleries/read":
    "nothing reads a gallery itself; it comes with Microsoft's list of what it takes to read images",
};

const { roles, held } = heldRoles();
const custom = roles.map(({ name, actions, dataActions }) => ({ name, actions: [...actions, ...dataActions] }));

describe("what infra/ deploys and what the preflight asks for:", () => {
  it.each(Object.entries(ASKED))("the role %s has each action that the preflight asks for", (role, asked) => {
    expect(asked.length).toBeGreaterThan(0);
    const { actions = [] } = custom.find(({ name }) => name === role) ?? {};
    expect(asked.filter((action) => !actions.includes(action))).toEqual([]);
  });

  it("what it does not ask for of a role is here, with what shows that it is missing or why nothing does", () => {
    const notAsked = custom.flatMap(({ name, actions }) =>
      actions.filter((action) => !ASKED[name]?.includes(action)).map((action) => `${name}: ${action}`),
    );
    expect(notAsked.toSorted()).toEqual([...TOLD_BY_READING.keys(), ...Object.keys(UNTOLD)].toSorted());
    const codes = new Set(RULES.flatMap(({ findings }) => Object.keys(findings)));
    expect([...TOLD_BY_READING.values()].filter((code) => !codes.has(code))).toEqual([]);
  });

  it("the role on the container of scripts has what it takes to keep them there", () => {
    const given = held.filter(({ on, gives }) => on === "the container of scripts" && gives.length === 0);
    expect(given.map(({ role }) => role)).toEqual(["Storage Blob Data Contributor"]);
    const { dataActions = [] } = builtInRoles.find(({ roleName }) => roleName === given[0]?.role) ?? {};
    expect(TO_KEEP_SCRIPTS.filter((action) => !dataActions.includes(action))).toEqual([]);
  });
});
