import type { InvocationContext } from "@azure/functions";
import type { DurableClient } from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { type Fault, faultText } from "../domain/recipes/fault.ts";
import { askCatalogue } from "./askCatalogue.ts";
import { type Decided, startDueBuilds } from "./dueBuilds.ts";

/**
 * One tick of the schedule: starts every recipe that is due. Which are broken, and so never due, is told once for as long
 * as they are broken in the same way.
 */
export function nightlyBuilds(catalogue: AskCatalogue, installationId: string, archive: Archive) {
  const decided: Decided = new Map();
  let told = new Set<string>();
  return async (client: DurableClient, context: Pick<InvocationContext, "log" | "warn" | "error">): Promise<void> => {
    const { recipes, broken } = await askCatalogue(catalogue, context);
    const texts = new Set([...broken].map(brokenText));
    for (const text of texts) if (!told.has(text)) context.error(text);
    told = texts;
    await startDueBuilds(recipes.values(), installationId, archive, client, context, decided);
  };
}

function brokenText([image, faults]: [string, readonly Fault[]]): string {
  return `The recipe of ${image} is broken, so nothing is built of it:\n${faults.map(faultText).join("\n")}`;
}
