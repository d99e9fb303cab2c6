import * as df from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { type Fault, faultText } from "../domain/recipes/fault.ts";
import { askCatalogue } from "./askCatalogue.ts";
import { type Decided, startDueBuilds } from "./dueBuilds.ts";

/** Starts every recipe whose schedule is due; which are broken, and so never due, is told once of each fault. */
export function registerNightlyBuilds(catalogue: AskCatalogue, installationId: string, archive: Archive): void {
  const decided: Decided = new Map();
  let told = new Set<string>();
  df.app.client.timer("nightlyBuilds", {
    schedule: "0 */5 * * * *",
    handler: async (_, client, context) => {
      const { recipes, broken } = await askCatalogue(catalogue, context);
      const faulty = new Set([...broken].map(brokenText));
      for (const text of faulty) if (!told.has(text)) context.error(text);
      told = faulty;
      await startDueBuilds(recipes.values(), installationId, archive, client, context, decided);
    },
  });
}

function brokenText([image, faults]: [string, readonly Fault[]]): string {
  return `The recipe of ${image} is broken, so nothing is built of it:\n${faults.map(faultText).join("\n")}`;
}
