import type { Recipe } from "./recipes/schema.ts";
import { absoluteId, parentOf, resourceGroupOf } from "./resourceId.ts";
import type { TrustZone } from "./trustZone.ts";

/** Every scope at which a recipe's builder may be given something. */
export function scopesOf(
  recipes: Iterable<Recipe>,
  { zones, subscriptionId }: { zones: ReadonlyMap<string, TrustZone>; subscriptionId: string },
): { principalId: string; scope: string }[] {
  return [...recipes].flatMap(({ zone, distribute, vm }) => {
    const principalId = zones.get(zone)?.builder.principalId;
    if (!principalId) return [];
    return [
      resourceGroupOf(absoluteId(distribute.galleryImageId, subscriptionId)),
      ...(vm.subnetId ? [parentOf(absoluteId(vm.subnetId, subscriptionId))] : []),
    ].map((scope) => ({ principalId, scope }));
  });
}
