import { planBuild, type WholePlan } from "../../src/domain/plan.ts";
import type { Recipe } from "../../src/domain/recipes/schema.ts";
import type { TrustZone } from "../../src/domain/trustZone.ts";
import { importedRecipe } from "./importedVhd.ts";
import { planContext, request } from "./plan.ts";

const accounts = `/subscriptions/${planContext.subscriptionId}/resourceGroups/rg-sources/providers/Microsoft.Storage`;

/** A zone that lets the VHD of the shipped recipe be imported. */
export const zoneWithDisks: TrustZone = {
  ...planContext.zone,
  sources: [`${accounts}/storageAccounts/stgoldsmithvhds/blobServices/default/containers/vhds`],
};

/** A plan of that recipe in that zone. */
export function vhdPlan(changes: Partial<Recipe["source"] & { type: "Vhd" }> = {}, asked = request): WholePlan {
  const recipe = importedRecipe();
  const source = { ...recipe.source, ...changes };
  return planBuild(asked, { ...recipe, source }, { ...planContext, zone: zoneWithDisks });
}
