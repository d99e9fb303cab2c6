import { beforeAll, describe, expect, it } from "vitest";
import { isWithin } from "../../local/azure/arm/resourceId.ts";
import { isLike } from "../../local/azure/authorization/conditionOperators.ts";
import { builderIdentity, type Landscape, landscape as local, serviceIdentity } from "../../local/landscape.ts";
import { NOT_SIMULATED } from "../../docs/permissionReasons.ts";
import { infraGround, landscapeParameters } from "../support/bicep/infraGround.ts";
import { decide, planHashOf } from "../support/simulation/deciding.ts";
import { LONG_SCRIPT, PUBLISHED } from "../support/simulation/recipes.ts";
import { openSimulation, receiptOf } from "../support/simulation/simulation.ts";

/** Leased to the builder; all others are the service's own. */
const LEASED = new Set(["image creation", "network join", "source reading"]);

const { landscape, settings } = infraGround();
const network = landscapeParameters.virtualNetworkIds[0] ?? "";
const besideNetwork = (path: string) => network.replace("virtualNetworks/vnet-builds", path);

/** The settings of infra/, but for those that say where a simulation's world is. */
const WORLD = /^(GOLDSMITH_(ARM|AUTHENTICATION|ARCHIVE|CALLBACK)|AzureWebJobs|AzureFunctions|APPLICATIONINSIGHTS|OTEL)/;
const env = Object.fromEntries(Object.entries(settings).filter(([name]) => !WORLD.test(name)));

interface Subnet {
  name: string;
  properties: object;
}

/** A network in which Windows builds go out by a firewall with a policy, and isolated ones by a NAT gateway. */
function withWaysOut({ resources, ...others }: Landscape): Landscape {
  const location = "westeurope";
  const [routes, gateway, firewall, policy] = [
    "routeTables/rt",
    "natGateways/nat",
    "azureFirewalls/afw",
    "firewallPolicies/afwp",
  ].map(besideNetwork) as [string, string, string, string];
  const attached: Record<string, object> = {
    "snet-windows": { routeTable: { id: routes } },
    "snet-isolated": { natGateway: { id: gateway } },
  };
  const route = { addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress: "10.40.3.196" };
  return {
    ...others,
    resources: [
      { id: routes, body: { location, properties: { routes: [{ name: "out", properties: route }] } } },
      { id: gateway, body: { location, sku: { name: "Standard" }, properties: {} } },
      { id: policy, body: { location, properties: {} } },
      {
        id: firewall,
        body: {
          location,
          properties: {
            sku: { name: "AZFW_VNet", tier: "Standard" },
            firewallPolicy: { id: policy },
            ipConfigurations: [{ name: "one", properties: { privateIPAddress: "10.40.3.196" } }],
          },
        },
      },
      ...resources.map((one) => {
        if (one.id !== network) return one;
        const { subnets = [], ...properties } = one.body.properties as { subnets?: Subnet[] };
        const changed = subnets.map((subnet) => ({
          ...subnet,
          properties: { ...subnet.properties, ...attached[subnet.name] },
        }));
        return { ...one, body: { ...one.body, properties: { ...properties, subnets: changed } } };
      }),
    ],
  };
}

/** By principals: what each asked for, and where. */
const asked = new Map<string, Map<string, { action: string; scope: string }>>();
const refused: string[] = [];
const outcomes: Record<string, string> = {};

beforeAll(async () => {
  const { world, host, close } = await openSimulation(1, {
    ground: { app: "app", landscape: withWaysOut(landscape), env },
    onAccess({ principalId, action, scope }) {
      const attempts = asked.get(principalId) ?? new Map<string, { action: string; scope: string }>();
      asked.set(principalId, attempts.set(`${action} ${scope}`, { action, scope }));
    },
  });
  const post = async (path: string) =>
    JSON.parse(
      (
        await host.send({ method: "POST", path, headers: { "content-type": "application/json" }, body: "{}" })
      ).body.toString(),
    ) as { id: string };
  const sleep = (seconds: number) => host.clock.sleep(seconds * 1000);
  const build = async (image: string, meanwhile: (id: string) => unknown = () => {}) => {
    const { id } = await post(`/api/images/${image}/builds`);
    await meanwhile(id);
    for (let minutes = 0; minutes < 1440 && !receiptOf(world, image, id); minutes += 10) await sleep(600);
    const receipt = receiptOf(world, image, id);
    outcomes[image] = `${receipt?.outcome.kind} ${receipt?.cleanUp.kind}`;
  };
  await build("imported-vhd");
  await build("kept-vhd");
  await build("ubuntu-base");
  await build("ubuntu-app");
  await build("isolated-linux");
  await build(LONG_SCRIPT.image);
  await build(PUBLISHED, async (id) => {
    const stage = { host, sleep };
    await decide(stage, id, "approve", await planHashOf(stage, id));
  });
  await build("aks-jumpbox", async (id) => {
    await sleep(1500);
    await post(`/api/builds/${id}/cancel`);
  });
  await build("windows-server");
  // A few sweeps.
  await sleep(3600);
  for (const { method, path, status } of world.cloud.requests().requests) {
    if (status === 401 || status === 403) refused.push(`${method} ${path}`);
  }
  await close();
}, 300_000);

const rolesOf = (isLeased: boolean) =>
  landscape.roleDefinitions
    .map(({ name: guid, roleName, actions, dataActions = [] }) => ({
      name: /^Goldsmith (.*) \(/.exec(roleName)?.[1] ?? roleName,
      actions: [...actions, ...dataActions],
      // What is leased is given where a granter may.
      scopes: landscape.roleAssignments.flatMap(({ roleDefinition, condition, scope }) =>
        (isLeased ? condition?.includes(guid) : roleDefinition === guid) ? scope : [],
      ),
    }))
    .filter(({ name }) => LEASED.has(name) === isLeased);
const granted = (isLeased: boolean) => rolesOf(isLeased).flatMap(({ actions }) => actions);

const bare = ({ roleDefinitions }: Landscape) =>
  Object.fromEntries(
    roleDefinitions.map(({ roleName, description, actions, dataActions = [] }) => [
      roleName.replace(/ \(.*\)$/, ""),
      { description, actions, dataActions },
    ]),
  );

describe("with the roles and settings that infra/ deploys, the service", () => {
  it("builds, imports, publishes, keeps scripts, cancels and sweeps, and is refused nothing", () => {
    expect(outcomes).toEqual({
      "imported-vhd": "built clean",
      "kept-vhd": "built clean",
      "ubuntu-base": "built clean",
      "ubuntu-app": "built clean",
      "isolated-linux": "built clean",
      "long-script": "built clean",
      published: "built clean",
      "aks-jumpbox": "cancelled clean",
      // The firewall lets nothing through: what is asked for until then counts.
      "windows-server": "refused clean",
    });
    expect(refused).toEqual([]);
  });

  it.each([
    ["service", serviceIdentity.principalId, false],
    ["builder", builderIdentity.principalId, true],
  ] as const)(
    "has no action in a role of the %s that nothing asks for where the role is held, or it is told why",
    (_, principalId, isLeased) => {
      const used = [...(asked.get(principalId)?.values() ?? [])];
      const unused = rolesOf(isLeased).flatMap(({ name, actions, scopes }) =>
        actions
          .filter(
            (action) =>
              !used.some(
                (one) => isLike(one.action, action, true) && scopes.some((scope) => isWithin(scope, one.scope)),
              ),
          )
          .map((action) => `${name}: ${action}`),
      );
      const told = Object.keys(NOT_SIMULATED).filter((one) => LEASED.has(one.slice(0, one.indexOf(":"))) === isLeased);
      expect(unused.toSorted()).toEqual(told.toSorted());
    },
  );

  it("holds no wildcard, nor leases one", () => {
    expect(granted(false).length).toBeGreaterThan(20);
    expect(granted(true).length).toBeGreaterThan(10);
    expect([...granted(false), ...granted(true)].filter((action) => action.includes("*"))).toEqual([]);
  });

  it("holds roles that may do what those of the local Azure's own landscape may", () => {
    expect(bare(landscape)).toEqual(bare(local));
  });
});
