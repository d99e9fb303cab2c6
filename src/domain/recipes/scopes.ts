import { destinationIdOf } from "../destination.ts";
import type { Catalogue } from "./catalogue.ts";
import { absoluteId, parentOf, resourceGroupOf } from "../resourceId.ts";
import type { TrustZone } from "../trustZone.ts";

interface Ground {
  zones: ReadonlyMap<string, TrustZone>;
  subscriptionId: string;
  /** From where recipes may go at any time, if they do not come with the service. */
  recipeContainer?: string | undefined;
}

/**
 * Every scope at which a recipe's builder may be given something. What a recipe names that is broken, gone or unread is
 * not known; it cannot be anything that its zone does not hold, so then all of that counts: assignments are listed at a
 * scope and below it.
 */
export function scopesOf(
  catalogue: Catalogue | undefined,
  { zones, subscriptionId, recipeContainer }: Ground,
): { principalId: string; scope: string }[] {
  const named = [...(catalogue?.recipes.values() ?? [])].flatMap(({ zone, distribute, vmProfile: { vnetConfig } }) => {
    const principalId = zones.get(zone)?.builder.principalId;
    if (!principalId) return [];
    return [
      ...distribute.map((target) => resourceGroupOf(absoluteId(destinationIdOf(target), subscriptionId))),
      ...(vnetConfig?.subnetId ? [parentOf(absoluteId(vnetConfig.subnetId, subscriptionId))] : []),
    ].map((scope) => ({ principalId, scope }));
  });
  if (catalogue?.broken.size === 0 && recipeContainer === undefined) return named;
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
