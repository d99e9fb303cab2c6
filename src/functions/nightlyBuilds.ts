import type { InvocationContext } from "@azure/functions";
import type { DurableClient } from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { type Fault, faultText } from "../domain/recipes/fault.ts";
import { askCatalogue } from "./askCatalogue.ts";
import { type Quiet, startDueBuilds } from "./dueBuilds.ts";
import { logLine } from "../telemetry/logLine.ts";

/**
 * One tick of the schedules: sees to all that is due by the next one. Which are broken, and so never due, is told once for as long
 * as they are broken in the same way.
 */
export function nightlyBuilds(catalogue: AskCatalogue, archive: Archive) {
  const quiet: Quiet = new Map();
  let told = new Set<string>();
  return async (client: DurableClient, context: Pick<InvocationContext, "log" | "warn" | "error">): Promise<void> => {
    const { recipes, broken } = await askCatalogue(catalogue, context);
    const texts = new Set([...broken].map(brokenText));
    for (const text of texts) if (!told.has(text)) context.error(logLine("recipe broken", text));
    told = texts;
    await startDueBuilds(recipes.values(), archive, client, context, quiet);
  };
}

function brokenText([image, faults]: [string, readonly Fault[]]): string {
  return `The recipe of ${image} is broken, so nothing is built of it:\n${faults.map(faultText).join("\n")}`;
}
