import type { DurableClient } from "durable-functions";
import { writesTo } from "../domain/destination.ts";
import type { Progress } from "../domain/receipt.ts";
import type { Recipe } from "../domain/recipes/schema.ts";
import type { Turns } from "../domain/turns.ts";
import { readEntity } from "../durable/entities.ts";
import { readInstance } from "../durable/instances.ts";
import { ALL, TURNS } from "../entities/turns.ts";

/** Images whose recipes write to an image definition. */
export function writersTo(definition: string, recipes: ReadonlyMap<string, Recipe>, subscriptionId: string): string[] {
  return [...recipes.values()].filter((one) => writesTo(one, definition, subscriptionId)).map(({ name }) => name);
}

/** The instances that wait for the runs of those images' builds. */
export async function waitingForRunsOf(client: DurableClient, images: readonly string[]): Promise<string[]> {
  const turns = await readEntity<Turns>(client, TURNS, ALL);
  const running = turns?.running.filter(({ image }) => images.includes(image)) ?? [];
  const builds = await Promise.all(running.map(({ buildId }) => readInstance(client, buildId)));
  return builds.flatMap((build) => (build?.customStatus as Progress | undefined)?.waitInstance ?? []);
}
