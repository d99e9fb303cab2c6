import { isWithin } from "../../local/azure/arm/resourceId.ts";
import { describe, expect, it } from "vitest";
import type { Deployment } from "../support/bicep/deployment.ts";
import { deployInfra, SUBSCRIPTION } from "../support/bicep/infraFiles.ts";
import { ofType, propertiesOf } from "../support/bicep/ofType.ts";
import { platformProperties } from "../support/bicep/platformProperties.ts";
import {
  closedParameters,
  elsewhere,
  everyPart,
  fullParameters,
  leastParameters,
  parameterSets,
  refusedParameters,
} from "../support/bicep/parameters.ts";

type Json = Record<string, unknown>;

/** Of what is switched on, by each diagnostic setting there. */
const loggedOf = (deployment: Deployment, scope: string) =>
  ofType(deployment, "Microsoft.Insights/diagnosticSettings")
    .filter((one) => one.scope === scope)
    .map((one) => {
      const { workspaceId, logs } = propertiesOf(one) as { workspaceId: string; logs: Json[] };
      return workspaceId ? logs.flatMap(({ category, enabled }) => (enabled ? category : [])) : [];
    });
/** Names that count in the whole of Azure or of the subscription: those of what lies in a group of its own count there. */
const lower = ({ resources }: Deployment) => resources.map(({ id }) => id.toLowerCase());

describe.each(parameterSets)("what infra/ comes to, with %s,", (_, parameters) => {
  const deployed = deployInfra(parameters);

  it("is the same by whatever name it is deployed, and says nothing twice", () => {
    expect(deployInfra(parameters, { deploymentName: "main-1796086400" })).toEqual(deployed);
    expect(lower(deployed)).toHaveLength(new Set(lower(deployed)).size);
    const modules = deployed.modules.map(({ name, scope }) => `${scope} ${name}`.toLowerCase());
    expect(modules).toHaveLength(new Set(modules).size);
    expect(deployed.modules.filter(({ name }) => name.length > 64)).toEqual([]);
  });

  it("opens storage to identities only, over TLS 1.2", () => {
    const accounts = ofType(deployed, "Microsoft.Storage/storageAccounts");
    expect(accounts.length).toBeGreaterThan(2);
    for (const account of accounts) {
      expect(account.name).toMatch(/^[a-z0-9]{3,24}$/);
      expect(propertiesOf(account)).toMatchObject({
        allowSharedKeyAccess: false,
        allowBlobPublicAccess: false,
        minimumTlsVersion: "TLS1_2",
        supportsHttpsTrafficOnly: true,
      });
    }
    for (const container of ofType(deployed, "Microsoft.Storage/storageAccounts/blobServices/containers")) {
      expect(propertiesOf(container).publicAccess ?? "None").toBe("None");
    }
  });

  it("logs who reads, writes and deletes in each account but the host's", () => {
    const accounts = ofType(deployed, "Microsoft.Storage/storageAccounts");
    const others = accounts.filter(({ name }) => !name.startsWith("stgshost"));
    expect(others).toHaveLength(accounts.length - 1);
    const logged = others.map(({ id }) => loggedOf(deployed, `${id}/blobServices/default`));
    expect(logged).toEqual(others.map(() => [["StorageRead", "StorageWrite", "StorageDelete"]]));
  });

  it("keeps each version of a document in the archive for its days", () => {
    const kept = ofType(deployed, "Microsoft.Storage/storageAccounts/blobServices/containers").filter(
      (one) => propertiesOf(one).immutableStorageWithVersioning,
    );
    expect(kept.map(({ name }) => name)).toEqual([expect.stringMatching(/archive$/)]);
    const account = kept[0]?.id.split("/blobServices/")[0] ?? "";
    const of = (type: string) => ofType(deployed, type).filter(({ id }) => id.startsWith(account));
    expect(of("Microsoft.Storage/storageAccounts/blobServices").map(propertiesOf)).toMatchObject([
      { isVersioningEnabled: true },
    ]);
    const days = parameters.archiveDays ?? 30;
    const policies = of("Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies");
    expect(policies.map(propertiesOf)).toEqual(
      parameters.isArchiveLocked ? [] : [{ immutabilityPeriodSinceCreationInDays: days }],
    );
    // Sooner, what deletes old versions would be refused.
    expect(of("Microsoft.Storage/storageAccounts/managementPolicies").map(propertiesOf)).toMatchObject([
      {
        policy: {
          rules: [
            { definition: { actions: { version: { delete: { daysAfterCreationGreaterThan: Number(days) + 1 } } } } },
          ],
        },
      },
    ]);
  });

  it("lets nobody publish to the app by a password, reach it without HTTPS, or act as an identity of its own making", () => {
    const [app, ...others] = ofType(deployed, "Microsoft.Web/sites");
    expect(others).toEqual([]);
    expect(app && propertiesOf(app)).toMatchObject({
      httpsOnly: true,
      siteConfig: { minTlsVersion: "1.2", scmMinTlsVersion: "1.2", ftpsState: "Disabled" },
    });
    expect(app?.body.identity).toMatchObject({ type: "UserAssigned" });
    const passwords = ofType(deployed, "Microsoft.Web/sites/basicPublishingCredentialsPolicies");
    expect(passwords.map((one) => [one.name, propertiesOf(one).allow])).toEqual([
      ["ftp", false],
      ["scm", false],
    ]);
  });

  it("runs the app on Flex Consumption, under the version of Node that is asked for", () => {
    const [plan, ...others] = ofType(deployed, "Microsoft.Web/serverfarms");
    expect(others).toEqual([]);
    expect(plan?.body.sku).toEqual({ tier: "FlexConsumption", name: "FC1" });
    expect(ofType(deployed, "Microsoft.Web/sites").map(propertiesOf)).toMatchObject([
      {
        serverFarmId: plan?.id,
        functionAppConfig: { runtime: { name: "node", version: parameters.nodeVersion ?? "22" } },
      },
    ]);
  });

  it("takes telemetry from whoever signs in, and from nobody else", () => {
    for (const component of ofType(deployed, "Microsoft.Insights/components")) {
      expect(propertiesOf(component)).toMatchObject({ DisableLocalAuth: true });
    }
    for (const workspace of ofType(deployed, "Microsoft.OperationalInsights/workspaces")) {
      expect(propertiesOf(workspace)).toMatchObject({ features: { disableLocalAuth: true } });
    }
  });

  it("takes no token of another issuer for one of an identity's", () => {
    const credentials = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials";
    expect(ofType(deployed, credentials)).toEqual([]);
  });

  it("gives roles to identities by their type, with conditions in version 2.0, and to the builder none", () => {
    const assignments = ofType(deployed, "Microsoft.Authorization/roleAssignments").map(propertiesOf);
    expect(assignments.length).toBeGreaterThan(8);
    for (const { principalId, principalType, condition, conditionVersion } of assignments) {
      expect(principalType).toBe("ServicePrincipal");
      expect(principalId).not.toBe(deployed.outputs.builderPrincipalId);
      expect(conditionVersion ?? null).toBe(condition ? "2.0" : null);
    }
  });

  it("has the package written by an identity that can do nothing else, and by no other", () => {
    const { servicePrincipalId } = deployed.outputs;
    const assignments = ofType(deployed, "Microsoft.Authorization/roleAssignments");
    const others = assignments.filter((one) => propertiesOf(one).principalId !== servicePrincipalId);
    const onPackage = assignments.filter(({ scope }) => scope.includes("/storageAccounts/stgspack"));
    expect(others.map(({ scope }) => scope)).toEqual([
      expect.stringMatching(/\/stgspack\w+\/.*\/containers\/app-package$/),
    ]);
    expect(onPackage).toEqual(others);
    const [app] = ofType(deployed, "Microsoft.Web/sites");
    const { functionAppConfig } = (app ? propertiesOf(app) : {}) as {
      functionAppConfig: { deployment: { storage: { authentication: { userAssignedIdentityResourceId: string } } } };
    };
    const writer = functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId;
    expect(platformProperties("Microsoft.ManagedIdentity/userAssignedIdentities", writer).principalId).toBe(
      others[0] && propertiesOf(others[0]).principalId,
    );
  });

  it("has no secret in it", () => {
    expect(JSON.stringify(deployed)).not.toMatch(/AccountKey=|SharedAccessSignature|whsec_|[?&]sig=/);
  });
});

const named = (deployment: Deployment, type: string) => ofType(deployment, type).map(({ name }) => name);
const roleNames = (deployment: Deployment) =>
  ofType(deployment, "Microsoft.Authorization/roleDefinitions").map((role) => propertiesOf(role).roleName);

describe("two installations in one subscription", () => {
  it("share nothing but what both are told to use", () => {
    const [one, other] = ["one", "other"].map((installationId) => deployInfra({ installationId })) as [
      Deployment,
      Deployment,
    ];
    const isShared = (id: string) => lower(one).includes(id);
    // The shipped recipes name the group and the gallery of images; another installation is told another group.
    expect(lower(other).filter((id) => isShared(id) && !id.includes("/resourcegroups/rg-images"))).toEqual([]);
    for (const type of ["Microsoft.Storage/storageAccounts", "Microsoft.Web/sites"]) {
      expect(named(one, type).filter((name) => named(other, type).includes(name))).toEqual([]);
    }
    expect(roleNames(one).filter((name) => roleNames(other).includes(name))).toEqual([]);
  });
});

const networks = (parameters: Record<string, unknown>) =>
  named(deployInfra(parameters), "Microsoft.Network/virtualNetworks");

describe("private access", () => {
  it("takes two subnets of the company's, or makes a network for both", () => {
    expect(networks({ ...fullParameters, privateAccess: "all" })).toEqual([]);
    expect(networks({ ...leastParameters, privateAccess: "all" })).toEqual(["vnet-goldsmith-main"]);
  });

  it("links a network that is made to zones that are made and to those of the company's, each in its group", () => {
    const links = ofType(deployInfra(closedParameters), "Microsoft.Network/privateDnsZones/virtualNetworkLinks");
    expect(links.map(({ id, body }) => [id.split("/").slice(4, 9).join("/"), JSON.stringify(body.properties)])).toEqual(
      [
        ["rg-hub", "blob"],
        ["rg-goldsmith-closed", "queue"],
        ["rg-goldsmith-closed", "table"],
        ["rg-hub", "sites"],
      ].map(([where, part]) => [
        `${where}/providers/Microsoft.Network/privateDnsZones/privatelink.${part === "sites" ? "azurewebsites.net" : `${part}.core.windows.net`}`,
        expect.stringContaining("/virtualNetworks/vnet-goldsmith-closed"),
      ]),
    );
  });

  it("links no network of the company's to zones of the company's", () => {
    expect(named(deployInfra(fullParameters), "Microsoft.Network/privateDnsZones/virtualNetworkLinks")).toEqual([]);
  });
});

it("makes nothing of what is named by its id", () => {
  const types = new Set(deployInfra(fullParameters).resources.map(({ type }) => type));
  for (const type of [
    "Microsoft.ManagedIdentity/userAssignedIdentities",
    "Microsoft.OperationalInsights/workspaces",
    "Microsoft.Insights/components",
    "Microsoft.DurableTask/schedulers",
    "Microsoft.Network/virtualNetworks",
    "Microsoft.Network/privateDnsZones",
    "Microsoft.Compute/galleries",
    "Microsoft.Resources/resourceGroups",
  ]) {
    expect(types).not.toContain(type);
  }
});

it.each(refusedParameters)("%s is refused, and told why", (_, parameters, told) => {
  expect(() => deployInfra(parameters)).toThrow(told);
});

/** Undefined where it is refused. */
function deployedUnlessRefused(parameters: Record<string, unknown>): Deployment | undefined {
  try {
    return deployInfra(parameters);
  } catch (error) {
    expect(String(error)).toContain("Has to be of the subscription that is deployed to");
    return undefined;
  }
}

const existing = Object.keys(fullParameters).filter(
  (name) => /Ids?$/.test(name) && !/^(installation|entraClient)Id$/.test(name),
);

it.each(existing)(
  "%s of another subscription is refused, or used there: by no custom role, and by no namesake here",
  (name) => {
    const moved = JSON.parse(
      JSON.stringify(elsewhere(fullParameters[name])).replaceAll(/(?<=\/resourceGroups\/)[^/"]+/g, "rg-elsewhere"),
    ) as unknown;
    const deployed = deployedUnlessRefused({ ...fullParameters, [name]: moved });
    if (!deployed) return;
    const here = `/subscriptions/${SUBSCRIPTION}`;
    expect(JSON.stringify(deployed)).not.toContain(`${here}/resourceGroups/rg-elsewhere`);
    const custom = ofType(deployed, "Microsoft.Authorization/roleDefinitions").map((role) => role.name);
    const given = ofType(deployed, "Microsoft.Authorization/roleAssignments").filter((one) =>
      custom.some((role) => String(propertiesOf(one).roleDefinitionId).endsWith(role)),
    );
    expect(given.length).toBeGreaterThan(8);
    expect(given.filter(({ scope }) => !isWithin(here, scope))).toEqual([]);
  },
);

it("zones that are made are linked to the network from which the function app asks for their names", () => {
  const { blob, queue } = fullParameters.privateDnsZoneIds as Record<string, string>;
  const links = ofType(
    deployInfra({ ...fullParameters, privateDnsZoneIds: { blob, queue } }),
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
  );
  expect(links.map((link) => propertiesOf(link).virtualNetwork)).toEqual([
    { id: expect.stringMatching(/\/vnet-spoke$/) },
  ]);
});

const group = fullParameters.serviceResourceGroupId;
/** The company's own, and the same identity each time, so that it is one assignment. */
const ofOneIdentity = ["Microsoft.Authorization/roleAssignments"];
/** Called as Azure wants them called, so that a group has one of each. */
const zones = Array.from({ length: 3 }, () => "Microsoft.Network/privateDnsZones");

it.each([
  ["all of it the company's,", fullParameters, ofOneIdentity],
  ["all of it made,", { ...everyPart, serviceResourceGroupId: group, templateResourceGroupId: group }, zones],
])("two installations in one resource group, %s write nothing of each other's", (_, parameters, inCommon) => {
  const [one, other] = ["one", "other"].map((installationId) =>
    deployInfra({
      ...parameters,
      installationId,
      imageResourceGroupName: `rg-images-${installationId}`,
      networkResourceGroupName: `rg-network-${installationId}`,
    }),
  ) as [Deployment, Deployment];
  const shared = one.resources.filter(({ id }) => lower(other).includes(id.toLowerCase()));
  expect(shared.map(({ type }) => type)).toEqual(inCommon);
});

it("takes no scope out of a role while it is assigned there, whichever parameters are changed for which others", () => {
  const sets = parameterSets.map(([, parameters]) => deployInfra(parameters));
  const definitions = sets.flatMap((set) => ofType(set, "Microsoft.Authorization/roleDefinitions"));
  const assignments = sets.flatMap((set) => ofType(set, "Microsoft.Authorization/roleAssignments"));
  const lost = assignments.filter((assignment) => {
    const role = String(propertiesOf(assignment).roleDefinitionId).split("/").at(-1);
    const scopes = definitions.filter(({ name }) => name === role).map((one) => propertiesOf(one).assignableScopes);
    return scopes.some((some) => !(some as string[]).some((scope) => isWithin(scope, assignment.scope)));
  });
  expect(lost).toEqual([]);
});
