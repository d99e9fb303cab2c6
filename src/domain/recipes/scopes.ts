import { containerAmong, destinationIdOf } from "../destination.ts";
import type { Catalogue } from "./catalogue.ts";
import { absoluteId, parentOf, resourceGroupOf } from "../resourceId.ts";
import type { TrustZone } from "../trustZone.ts";

/**
 * Every scope at which a recipe's builder may be given something. What a broken recipe names is not known; it cannot be
 * anything that its zone does not hold, so then all of that counts: assignments are listed at a scope and below it.
 */
export function scopesOf(
  { recipes, broken }: Catalogue,
  { zones, subscriptionId }: { zones: ReadonlyMap<string, TrustZone>; subscriptionId: string },
): { principalId: string; scope: string }[] {
  const named = [...recipes.values()].flatMap(({ zone, distribute, vmProfile: { vnetConfig } }) => {
    const { builder, destinations = [] } = zones.get(zone) ?? {};
    if (!builder) return [];
    return [
      ...distribute.flatMap((target) =>
        target.type === "VHD"
          ? (containerAmong(destinations, target.uri) ?? [])
          : resourceGroupOf(absoluteId(destinationIdOf(target), subscriptionId)),
      ),
      ...(vnetConfig?.subnetId ? [parentOf(absoluteId(vnetConfig.subnetId, subscriptionId))] : []),
    ].map((scope) => ({ principalId: builder.principalId, scope }));
  });
  if (broken.size === 0) return named;
  const allowed = [...zones.values()].flatMap(({ builder, destinations, subnets }) =>
    // Image creation is given on the group that a gallery lies in, network join on the network of a subnet.
    [...destinations.map(resourceGroupOf), ...subnets.map(networkOrAbove)].map((scope) => ({
      principalId: builder.principalId,
      scope,
    })),
  );
  return [...named, ...allowed];
}

function networkOrAbove(scope: string): string {
  return /\/subnets\/[^/]+$/i.test(scope) ? parentOf(scope) : scope;
}
