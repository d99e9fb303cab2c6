import { createActivities, createEngineActivities } from "./activities/index.ts";
import { planner } from "./activities/plan.ts";
import { preflight } from "./activities/preflight.ts";
import { sweepActivities } from "./activities/sweep.ts";
import { archive } from "./azure/archive.ts";
import type { Clients } from "./azure/clients.ts";
import { roleAssignments } from "./azure/roleAssignments.ts";
import type { AskCatalogue } from "./domain/recipes/catalogue.ts";
import { registerActivities, registerEngineActivities } from "./durable/activities.ts";
import { registerEntity } from "./durable/entities.ts";
import { keepTrying } from "./durable/keepTrying.ts";
import { registerOrchestrator } from "./durable/orchestrator.ts";
import { leaseEntity } from "./entities/lease.ts";
import { turnsEntity } from "./entities/turns.ts";
import { cancelBuild } from "./functions/cancelBuild.http.ts";
import { getBuild } from "./functions/getBuild.http.ts";
import { getImage } from "./functions/getImage.http.ts";
import { getPlan } from "./functions/getPlan.http.ts";
import { listImages } from "./functions/listImages.http.ts";
import { registerNightlyBuilds } from "./functions/nightlyBuilds.timer.ts";
import { previewer } from "./functions/preview.ts";
import { startBuild } from "./functions/startBuild.http.ts";
import { getSweep } from "./functions/getSweep.http.ts";
import { startSweep } from "./functions/startSweep.http.ts";
import { registerSweepTimer } from "./functions/sweep.timer.ts";
import { openDoors } from "./http/openDoors.ts";
import { buildImage } from "./orchestrators/buildImage.ts";
import { endRun } from "./orchestrators/endRun.ts";
import { makeImage } from "./orchestrators/makeImage.ts";
import { makeTemplate } from "./orchestrators/makeTemplate.ts";
import { removeImage } from "./orchestrators/removeImage.ts";
import { removeTemplate } from "./orchestrators/removeTemplate.ts";
import { sweep } from "./orchestrators/sweep.ts";
import { waitForRun } from "./orchestrators/waitForRun.ts";
import { waitForTurn } from "./orchestrators/waitForTurn.ts";
import type { Settings } from "./settings.ts";

/** What the service is made of: nothing in it reads the environment or the disk. */
export interface ServiceParts {
  settings: Settings;
  clients: Clients;
  catalogue: AskCatalogue;
}

/** Registers every function of the service with the host. */
export function registerService({ settings, clients, catalogue }: ServiceParts): void {
  const blobs = archive(clients.archive);

  const makePlan = planner(catalogue, settings, blobs);
  const checkGround = preflight(clients, settings, blobs);
  const preview = previewer(makePlan, checkGround);

  openDoors([
    listImages(catalogue),
    getImage(catalogue),
    getPlan(catalogue, preview),
    startBuild(catalogue, blobs, preview),
    getBuild(blobs),
    cancelBuild(blobs),
    startSweep,
    getSweep(blobs),
  ]);
  registerNightlyBuilds(catalogue, settings.installationId, blobs);
  registerSweepTimer(settings.sweepSchedule);

  registerOrchestrator(buildImage);
  registerOrchestrator(waitForTurn);
  registerOrchestrator(makeImage);
  registerOrchestrator(makeTemplate);
  registerOrchestrator(waitForRun);
  registerOrchestrator(endRun);
  registerOrchestrator(removeTemplate);
  registerOrchestrator(removeImage);
  registerOrchestrator(keepTrying);
  registerOrchestrator(sweep);

  const leases = { roleAssignments: roleAssignments(clients.authorization), settings };
  registerEntity(leaseEntity({ ...leases, archive: blobs }));
  registerEntity(turnsEntity(settings.limits, settings.queueHours));

  registerActivities(createActivities({ clients, settings, catalogue, checkGround }));
  registerEngineActivities({
    ...createEngineActivities(clients, makePlan),
    ...sweepActivities({ clients, settings, catalogue, archive: blobs }),
  });
}
