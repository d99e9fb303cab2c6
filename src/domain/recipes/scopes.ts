import { containerAmong } from "../blobUrl.ts";
import { destinationIdOf } from "../destination.ts";
import { fetchedBy, readContainers } from "../fetched.ts";
import type { Catalogue } from "./catalogue.ts";
import { importedImageId } from "../importedImage.ts";
import { absoluteId, parentOf, resourceGroupOf } from "../resourceId.ts";
import { absoluteSource, readingScopeOf } from "../source.ts";
import type { TrustZone } from "../trustZone.ts";
import { sourceOf } from "./descent.ts";

interface Ground {
  zones: ReadonlyMap<string, TrustZone>;
  subscriptionId: string;
  templateResourceGroup: string;
  /** From where recipes may go at any time, if they do not come with the service. */
  recipeContainer?: string | undefined;
  /** Id of the one that the service puts scripts into. */
  scriptContainer?: string | undefined;
}

/**
 * Every scope at which a recipe's builder may be given something. What a recipe names that is broken, gone or unread is
 * not known; it cannot be anything that its zone does not hold, so then all of that counts: assignments are listed at a
 * scope and below it.
 */
export function scopesOf(
  catalogue: Catalogue | undefined,
  { zones, subscriptionId, templateResourceGroup, recipeContainer, scriptContainer }: Ground,
): { principalId: string; scope: string }[] {
  // Where VHDs are imported to.
  const templateGroup = `/subscriptions/${subscriptionId}/resourceGroups/${templateResourceGroup}`;
  const imported = importedImageId(templateGroup, "");
  const kept = scriptContainer ? [scriptContainer] : [];
  const recipes: Catalogue["recipes"] = catalogue?.recipes ?? new Map();
  const named = [...recipes.values()].flatMap((recipe) => {
    const {
      zone,
      distribute,
      vmProfile: { vnetConfig },
    } = recipe;
    const reading = readingScopeOf(absoluteSource(sourceOf(recipe, recipes, imported), subscriptionId));
    const { builder, destinations = [], scriptContainers = [] } = zones.get(zone) ?? {};
    if (!builder) return [];
    return [
      ...distribute.flatMap((target) =>
        target.type === "VHD"
          ? (containerAmong(destinations, target.uri) ?? [])
          : resourceGroupOf(absoluteId(destinationIdOf(target), subscriptionId)),
      ),
      ...(reading ? [reading] : []),
      ...readContainers(fetchedBy(recipe), [...scriptContainers, ...kept]),
      ...(vnetConfig?.subnetId ? [parentOf(absoluteId(vnetConfig.subnetId, subscriptionId))] : []),
    ].map((scope) => ({ principalId: builder.principalId, scope }));
  });
  if (catalogue?.broken.size === 0 && recipeContainer === undefined) return named;
  const allowed = [...zones.values()].flatMap(({ builder, destinations, sources, scriptContainers, subnets }) =>
    // Image creation is given on the group that a gallery lies in, network join on the network of a subnet.
    [
      ...[...destinations, ...sources].map(resourceGroupOf),
      ...(sources.length > 0 ? [templateGroup] : []),
      ...scriptContainers,
      ...kept,
      ...subnets.map(networkOrAbove),
    ].map((scope) => ({
      principalId: builder.principalId,
      scope,
    })),
  );
  return [...named, ...allowed];
}

function networkOrAbove(scope: string): string {
  return /\/subnets\/[^/]+$/i.test(scope) ? parentOf(scope) : scope;
}
