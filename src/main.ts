/** The sole entry: reads the settings, builds the clients, and registers every function with the host. */
import { join } from "node:path";
import { createActivities } from "./activities/index.ts";
import { archive } from "./azure/archive.ts";
import { createClients } from "./azure/clients.ts";
import { registerActivities } from "./durable/activities.ts";
import { registerOrchestrator } from "./durable/orchestrator.ts";
import { registerGetBuild } from "./functions/getBuild.http.ts";
import { registerListImages } from "./functions/listImages.http.ts";
import { registerNightlyBuilds } from "./functions/nightlyBuilds.timer.ts";
import { registerOtherRequests } from "./functions/otherRequests.http.ts";
import { registerStartBuild } from "./functions/startBuild.http.ts";
import { buildImage } from "./orchestrators/buildImage.ts";
import { waitForRun } from "./orchestrators/waitForRun.ts";
import { readRecipes } from "./recipes.ts";
import { readSettings } from "./settings.ts";

const settings = readSettings(process.env);
const clients = createClients(settings);
const recipes = readRecipes(join(import.meta.dirname, "..", "images"));
const blobs = archive(clients.archive);

registerStartBuild(recipes, blobs);
registerGetBuild(blobs);
registerListImages(recipes);
registerOtherRequests();
registerNightlyBuilds(recipes, blobs);

registerOrchestrator(buildImage);
registerOrchestrator(waitForRun);
registerActivities(createActivities({ clients, settings, recipes }));
