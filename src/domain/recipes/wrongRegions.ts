import * as z from "zod";
import { component } from "../component.ts";
import { IMAGE_BUILDER } from "../preflight/registrations.ts";
import type { Provider } from "../preflight/subscription.ts";
import { sameId } from "../resourceId.ts";
import type { Recipe } from "./schema.ts";

/** A region of a recipe's in which what it asks for is not offered. */
export const WrongRegion = component("WrongRegion", z.strictObject({ seen: z.string(), mend: z.string() }));
export type WrongRegion = z.infer<typeof WrongRegion>;

/** Holds the regions that recipes name against those that the subscription is offered; an empty list of these says nothing. */
export function wrongRegions(recipes: Iterable<Recipe>, providers: readonly Provider[]): WrongRegion[] {
  const offered = (namespace: string, type: string) =>
    providers.find((one) => sameId(one.namespace, namespace))?.locations[type] ?? [];
  const builders = offered(IMAGE_BUILDER, "imagetemplates");
  const galleries = offered("Microsoft.Compute", "galleries/images/versions");

  return [...recipes].flatMap(({ name, location, distribute }): WrongRegion[] => {
    const targets = distribute.flatMap((target) => (target.type === "SharedImage" ? target.targetRegions : []));
    const elsewhere = [...new Set(targets.map((one) => one.name))].filter((region) => isMissing(galleries, region));
    return [
      ...(isMissing(builders, location)
        ? [
            {
              seen: `${name}: image builder is not offered in ${location}.`,
              mend: `${name}: set the recipe's location to one of ${builders.join(", ")}.`,
            },
          ]
        : []),
      ...elsewhere.map((region) => ({
        seen: `${name}: Azure has no galleries in the target region ${region}.`,
        mend: `${name}: correct ${region} in the recipe's distribute.targetRegions.`,
      })),
    ];
  });
}

function isMissing(regions: readonly string[], region: string): boolean {
  return regions.length > 0 && !regions.includes(region);
}
