import type { Outbox } from "./activities/notices.ts";
import type { Audit } from "./auth/auditing.ts";
import type { ReadySystem } from "./auth/assertedPerson.ts";
import type { Archive } from "./azure/archive.ts";
import type { CallbackTarget } from "./domain/callbacks/targets.ts";
import type { AskCatalogue } from "./domain/recipes/catalogue.ts";
import { cancelBuild } from "./functions/cancelBuild.http.ts";
import { decideBuild } from "./functions/decideBuild.http.ts";
import { getBuild } from "./functions/getBuild.http.ts";
import { getBuildPlan } from "./functions/getBuildPlan.http.ts";
import { getEvents } from "./functions/getEvents.http.ts";
import { getHealth } from "./functions/getHealth.http.ts";
import { getImage } from "./functions/getImage.http.ts";
import { getLiveness } from "./functions/getLiveness.http.ts";
import { getLog } from "./functions/getLog.http.ts";
import { getOpenApi } from "./functions/getOpenApi.http.ts";
import { getPlan } from "./functions/getPlan.http.ts";
import { getReadiness } from "./functions/getReadiness.http.ts";
import { getSchedule } from "./functions/getSchedule.http.ts";
import { getSweep } from "./functions/getSweep.http.ts";
import type { HealthParts } from "./functions/healthChecks.ts";
import { listBuilds } from "./functions/listBuilds.http.ts";
import { listImages } from "./functions/listImages.http.ts";
import { listNotices } from "./functions/listNotices.http.ts";
import type { Previewer } from "./functions/preview.ts";
import { type EventPreviewParts, previewEvents } from "./functions/previewEvents.http.ts";
import { type EventParts, receiveEvents } from "./functions/receiveEvents.http.ts";
import { receiveHook } from "./functions/receiveHook.http.ts";
import type { RefusalElsewhere } from "./functions/regionsAsked.ts";
import { resendNotice } from "./functions/resendNotice.http.ts";
import { startBuild } from "./functions/startBuild.http.ts";
import { startSweep } from "./functions/startSweep.http.ts";
import type { Door } from "./http/door.ts";
import type { ReadyHook } from "./http/systemKeys.ts";
import { waitingRoom } from "./http/waitingRoom.ts";

export interface DoorParts {
  catalogue: AskCatalogue;
  archive: Archive;
  audit: Audit;
  preview: Previewer;
  refusalElsewhere: RefusalElsewhere;
  outbox: Outbox;
  /** Where callbacks may go. */
  callbackTargets: readonly CallbackTarget[];
  events: Omit<EventParts & EventPreviewParts, "catalogue">;
  hooks: ReadonlyMap<string, ReadyHook>;
  approvalSystems: readonly ReadySystem[];
  health: HealthParts;
}

/** All doors for HTTP. What they are is told by themselves: nothing is asked of the parts before a request comes. */
export function doorsOf({
  catalogue,
  archive,
  audit,
  preview,
  refusalElsewhere,
  outbox,
  callbackTargets,
  events,
  hooks,
  approvalSystems,
  health,
}: DoorParts): Door[] {
  const lookUntil = waitingRoom();
  const doors: Door[] = [
    listImages(catalogue),
    getImage(catalogue, archive),
    getPlan(catalogue, preview),
    getSchedule(catalogue, archive),
    startBuild(catalogue, archive, preview, refusalElsewhere, callbackTargets),
    receiveHook({ hooks, catalogue, archive, refusalElsewhere, audit }),
    listBuilds(archive),
    getBuild(archive, lookUntil),
    getBuildPlan(archive),
    getLog(archive),
    getEvents(archive, lookUntil),
    cancelBuild(archive),
    decideBuild("approve", { archive, audit, approvalSystems }),
    decideBuild("reject", { archive, audit, approvalSystems }),
    startSweep,
    getSweep(archive),
    listNotices(archive),
    resendNotice(outbox),
    receiveEvents({ catalogue, ...events }),
    previewEvents({ catalogue, ...events }),
    getLiveness,
    getReadiness({ known: () => health.readiness.known() }),
    getHealth(health),
    getOpenApi(() => doors),
  ];
  return doors;
}
