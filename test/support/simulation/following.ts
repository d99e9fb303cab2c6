/** Simulations of images that follow their sources: a gallery's base, which somebody else writes, and what is built on it. */
import { landscape } from "../../../local/landscape.ts";
import type { FollowDecision } from "../../../src/domain/follow/decision.ts";
import type { Follow } from "../../../src/domain/recipes/follow.ts";
import type { Recipe } from "../../../src/domain/recipes/schema.ts";
import { ids } from "../cloudTemplates.ts";
import { openScheduled, scheduled, type ScheduleSimulation } from "./scheduled.ts";
import type { World } from "./world.ts";

const definitionOf = (name: string) => `${ids.definition.split("/images/")[0]}/images/${name}`;
/** The image definition of what the company's own base is. */
export const BASE = definitionOf("isolated-linux");
const MANAGED = `${ids.imageGroup}/providers/Microsoft.Compute/images/company-base`;
const DISK = `${ids.imageGroup}/providers/Microsoft.Compute/disks/company-base`;

/** A recipe of the sample's, on that source, which it follows; or does not, where that is null. */
export function following(name: string, source: Recipe["source"], follow: Follow | null = {}): Recipe {
  return { ...scheduled(name, undefined), source, ...(follow ? { follow } : {}) };
}

export const onBase = { type: "SharedImageVersion" as const, imageVersionId: `${BASE}/versions/latest` };
export const on = (recipe: string) => ({ type: "Recipe" as const, recipe });

export interface FollowSimulation extends ScheduleSimulation {
  /** Asks the cloud as its owner. @throws Error where it refuses. */
  ask(method: string, path: string, apiVersion: string, body?: object): Promise<void>;
  /** Writes a version of the base, as another team does. */
  publishBase(version: string, excludeFromLatest?: boolean): Promise<void>;
  /** Decisions of an image, as `GET /api/images/{image}` tells them. */
  decided(image: string): Promise<FollowDecision[]>;
}

export async function openFollowing(
  recipes: readonly Recipe[],
  options: Parameters<typeof openScheduled>[1] = {},
): Promise<FollowSimulation> {
  const env = { "AzureWebJobs.nightlyBuilds.Disabled": "true", "AzureWebJobs.watchSources.Disabled": "false" };
  const simulation = await openScheduled(recipes, { ...options, env: { ...env, ...options.env } });
  const { host, world } = simulation;
  const ask = (...asked: Parameters<FollowSimulation["ask"]>) => askAsOwner(world, ...asked);
  return {
    ...simulation,
    ask,
    async publishBase(version, excludeFromLatest = false) {
      await makeBase(ask);
      const { location } = landscape.resourceGroups[0] ?? {};
      await ask("PUT", `${BASE}/versions/${version}`, "2024-03-03", {
        location,
        properties: { publishingProfile: { excludeFromLatest }, storageProfile: { source: { id: MANAGED } } },
      });
    },
    async decided(image) {
      const answer = await host.send({ path: `/api/images/${image}` });
      return (JSON.parse(answer.body.toString()) as { follows?: FollowDecision[] }).follows ?? [];
    },
  };
}

/** What versions of the base are made of. */
async function makeBase(ask: FollowSimulation["ask"]): Promise<void> {
  const { location } = landscape.resourceGroups[0] ?? {};
  await ask("PUT", DISK, "2024-03-02", {
    location,
    properties: { osType: "Linux", hyperVGeneration: "V2", creationData: { createOption: "Empty" }, diskSizeGB: 30 },
  });
  const osDisk = { osType: "Linux", osState: "Generalized", managedDisk: { id: DISK } };
  await ask("PUT", MANAGED, "2024-07-01", {
    location,
    properties: { hyperVGeneration: "V2", storageProfile: { osDisk } },
  });
}

async function askAsOwner(
  { cloud, operatorToken }: World,
  method: string,
  path: string,
  apiVersion: string,
  body?: object,
): Promise<void> {
  const answer = await cloud.answer({
    method,
    url: new URL(`${path}?api-version=${apiVersion}`, cloud.url),
    headers: { authorization: `Bearer ${operatorToken}`, "content-type": "application/json" },
    body: Buffer.from(body ? JSON.stringify(body) : ""),
  });
  if (!answer || answer.status >= 300) throw new Error(`${method} ${path}: ${answer?.status} ${String(answer?.body)}`);
}
