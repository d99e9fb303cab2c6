import { createActivities } from "./activities/index.ts";
import { archive } from "./azure/archive.ts";
import type { Clients } from "./azure/clients.ts";
import type { Recipe } from "./domain/recipe.ts";
import { registerActivities } from "./durable/activities.ts";
import { registerOrchestrator } from "./durable/orchestrator.ts";
import { registerGetBuild } from "./functions/getBuild.http.ts";
import { registerListImages } from "./functions/listImages.http.ts";
import { registerNightlyBuilds } from "./functions/nightlyBuilds.timer.ts";
import { registerOtherRequests } from "./functions/otherRequests.http.ts";
import { registerStartBuild } from "./functions/startBuild.http.ts";
import { buildImage } from "./orchestrators/buildImage.ts";
import { waitForRun } from "./orchestrators/waitForRun.ts";
import type { Settings } from "./settings.ts";

/** What the service is made of: nothing in it reads the environment or the disk. */
export interface ServiceParts {
  settings: Settings;
  clients: Clients;
  recipes: ReadonlyMap<string, Recipe>;
}

/** Registers every function of the service with the host. */
export function registerService({ settings, clients, recipes }: ServiceParts): void {
  const blobs = archive(clients.archive);

  registerStartBuild(recipes, blobs);
  registerGetBuild(blobs);
  registerListImages(recipes);
  registerOtherRequests();
  registerNightlyBuilds(recipes, blobs);

  registerOrchestrator(buildImage);
  registerOrchestrator(waitForRun);
  registerActivities(createActivities({ clients, settings, recipes }));
}
