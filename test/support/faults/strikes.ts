import type { FaultInput } from "../../../local/azure/control/faultSchema.ts";
import { builderIdentity, landscape, landscapeSettings } from "../../../local/landscape.ts";
import type { Phase } from "./row.ts";
import type { Stage } from "./stage.ts";
import type { Moment } from "./watchedWorld.ts";

/** Requests that mark where a build is, as faults name them. */
export const PATHS = {
  network: "/virtualNetworks/[^/]+$",
  grant: "/roleAssignments/[^/]+$",
  template: "/imageTemplates/[^/]+$",
  run: "/imageTemplates/[^/]+/run$",
  log: "packerlogs",
} as const;

/** The same as moments: the first of each in a build that nothing disturbs. */
export const MOMENTS = {
  "reading the network": { method: "GET", path: new RegExp(PATHS.network) },
  "granting image creation": { method: "PUT", path: new RegExp(PATHS.grant) },
  "granting network join": { method: "PUT", path: new RegExp(PATHS.grant), nth: 2 },
  "creating the template": { method: "PUT", path: new RegExp(PATHS.template) },
  "asking for the run": { method: "POST", path: new RegExp(PATHS.run) },
  running: { method: "GET", path: new RegExp(PATHS.template), inRun: true },
  "archiving the log": { method: "GET", path: new RegExp(PATHS.log) },
  "revoking image creation": { method: "DELETE", path: new RegExp(PATHS.grant) },
  "deleting the template": { method: "DELETE", path: new RegExp(PATHS.template) },
  "revoking network join": { method: "DELETE", path: new RegExp(PATHS.grant), nth: 2 },
} as const satisfies Record<string, Moment>;

export type MomentName = keyof typeof MOMENTS;
export const ALL_MOMENTS = Object.keys(MOMENTS) as MomentName[];

/** A phase for each of the moments. */
export function at(
  moments: readonly MomentName[],
  make: (moment: Moment, name: MomentName) => Phase,
): Record<string, Phase> {
  return Object.fromEntries(moments.map((name) => [name, make(MOMENTS[name], name)]));
}

/** Azure answers requests so instead of serving them; for ever where there is no count. */
export function answer(method: string, path: string, status: number, more: Partial<FaultInput> = {}) {
  return (stage: Stage) => stage.fault({ method, path, status, ...more });
}

export const scenario =
  (name: string, told: { count?: number; seconds?: number } = {}) =>
  (stage: Stage) =>
    stage.fault({ scenario: name, ...told });

const subscription = `/subscriptions/${landscape.subscriptionId}`;
export const IMAGES = `${subscription}/resourceGroups/rg-images`;
const subnet = `${subscription}/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-builds/subnets/snet-builds`;

interface Network {
  subnets: { properties: object }[];
}

/** Somebody turns the subnet's policy for private link services on, with which image builder cannot build. */
export async function spoilSubnet(stage: Stage): Promise<void> {
  const network = landscape.resources.find(({ id }) => subnet.startsWith(`${id}/`))?.body.properties as
    Network | undefined;
  const properties = { ...network?.subnets[0]?.properties, privateLinkServiceNetworkPolicies: "Enabled" };
  await stage.asOperator("PUT", subnet, "2025-05-01", { properties });
}

/** Somebody gives the builder a role of ours himself, as ours under a name of his. @returns the assignment's id. */
export async function grantAsOperator(stage: Stage): Promise<string> {
  const id = `${IMAGES}/providers/Microsoft.Authorization/roleAssignments/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee`;
  const role = landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE;
  await stage.asOperator("PUT", id, "2022-04-01", {
    properties: {
      roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principalId: builderIdentity.principalId,
      principalType: "ServicePrincipal",
      description: "Goldsmith simulation, until 2020-01-01T00:00:00.000Z",
    },
  });
  return id;
}
