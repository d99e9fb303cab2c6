import type { AzureError } from "../arm/errors.ts";
import { outermost } from "../arm/parents.ts";
import { sameId } from "../arm/resourceId.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import { findResource, resourcesOfType } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { networkErrors } from "./errors.ts";

interface Reference {
  id: string;
}

/** Properties that hold `{id}`, or a list of such, of something that must be there and in the same region. */
export function requireReferences(azure: Azure, resource: StoredResource, properties: string[], region: unknown): void {
  for (const property of properties) {
    for (const { id } of referencesOf(resource, property)) {
      const referenced = findResource(azure, id);
      const there = referenced && outermost(azure, referenced).body.location === region;
      if (!there) throw networkErrors.InvalidResourceReference(id, resource.id);
    }
  }
}

function referencesOf({ body }: StoredResource, property: string): Reference[] {
  const value = (body.properties as Json)[property];
  return (Array.isArray(value) ? value : [value]).filter((one: Reference | null | undefined) => one?.id) as Reference[];
}

/** The other children of their kind that the resource has which a child is of. */
export function siblingsOf(azure: Azure, child: StoredResource): StoredResource[] {
  const children = resourcesOfType(azure, child.type, outermost(azure, child).id);
  return children.filter(({ id }) => !sameId(id, child.id));
}

/** Ids of the resources of one type that name a resource in one of their properties. */
export function usersOf(azure: Azure, { id }: StoredResource, property: string, type: string): string[] {
  return resourcesOfType(azure, type, "")
    .filter((user) => referencesOf(user, property).some((one) => sameId(one.id, id)))
    .map((user) => user.id);
}

/**
 * A type that others name: it shows who does, and stays as long as anybody does.
 *
 * @param users properties to show them in, with the type of the users.
 */
export function usedBy(
  property: string,
  users: Record<string, string>,
  refusal: (id: string, users: string[]) => AzureError,
): Required<Pick<ResourceType, "present" | "requireUnused">> {
  const found = (azure: Azure, resource: StoredResource) =>
    Object.entries(users).map(([shown, type]) => [shown, usersOf(azure, resource, property, type)] as const);
  return {
    present: (azure, resource) =>
      Object.fromEntries(
        found(azure, resource)
          .filter(([, ids]) => ids.length > 0)
          .map(([shown, ids]) => [shown, ids.map((id) => ({ id }))]),
      ),
    requireUnused(azure, resource) {
      const ids = found(azure, resource).flatMap(([, of]) => of);
      if (ids.length > 0) throw refusal(resource.id, ids);
    },
  };
}

/**
 * What a write names and therefore needs the right to join: Microsoft's page on permissions of virtual networks
 * (virtual-network-manage-subnet) has the actions.
 */

type Part = { id?: string; properties?: Json } & Json;

const idsOf = (...values: unknown[]) =>
  values
    .flat()
    .flatMap((value) => (typeof (value as Part | null)?.id === "string" ? [(value as { id: string }).id] : []));

const propertiesOf = (value: unknown): Json[] =>
  Array.isArray(value) ? value.map((item: Part | null) => item?.properties ?? {}) : [];

export const subnetJoins = ({ networkSecurityGroup, routeTable, natGateway }: Json) =>
  idsOf(networkSecurityGroup, routeTable, natGateway);

export const networkJoins = ({ subnets }: Json) => propertiesOf(subnets).flatMap(subnetJoins);

export const interfaceJoins = ({ ipConfigurations, networkSecurityGroup }: Json) =>
  idsOf(networkSecurityGroup, ...propertiesOf(ipConfigurations).map(({ subnet }) => subnet));

export const balancerJoins = ({ frontendIPConfigurations }: Json) =>
  idsOf(...propertiesOf(frontendIPConfigurations).map(({ subnet }) => subnet));

export const natGatewayJoins = ({ publicIpAddresses }: Json) => idsOf(publicIpAddresses);
