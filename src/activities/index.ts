import { approvalActivities } from "./approval.ts";
import { archive } from "../azure/archive.ts";
import type { Clients } from "../azure/clients.ts";
import { imageTemplates } from "../azure/imageTemplates.ts";
import { imageVersions } from "../azure/imageVersions.ts";
import { importedImages } from "../azure/importedImages.ts";
import { rawLogs } from "../azure/rawLogs.ts";
import { scriptContainer } from "../azure/scriptContainer.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import type { Finding } from "../domain/failure.ts";
import type { Plan } from "../domain/plan.ts";
import { isBlocking } from "../domain/preflight/checkGround.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import type { Settings } from "../settings.ts";
import { alarmActivities } from "./alarm.ts";
import { cancelRequestActivities } from "./cancelRequest.ts";
import { engineActivities } from "./engine.ts";
import { imageVersionActivities } from "./imageVersion.ts";
import { importedImageActivities } from "./importedImage.ts";
import { imageTemplateActivities } from "./imageTemplate.ts";
import { keptScriptActivities } from "./keptScripts.ts";
import { keptTemplate } from "./keptTemplate.ts";
import { logActivities } from "./logs.ts";
import type { NoteEnd } from "./endNoter.ts";
import { noticeActivities, type Outbox } from "./notices.ts";
import { planActivities, type planner } from "./plan.ts";
import type { Preflight } from "./preflight.ts";
import { receiptActivities, type TellEnd } from "./receipt.ts";
import { runActivities } from "./run.ts";
import { stagingGroupActivities } from "./stagingGroup.ts";

export type BuildActivities = ReturnType<typeof createActivities> & ReturnType<typeof createEngineActivities>;

/** Every step that an orchestrator can take, under its persisted name. */
export function createActivities({
  clients,
  settings,
  catalogue,
  checkGround,
}: {
  clients: Clients;
  settings: Settings;
  catalogue: AskCatalogue;
  checkGround: Preflight;
}) {
  const blobs = archive(clients.archive);
  const templates = imageTemplates(clients.imageBuilder, settings);
  return {
    /** Reads the ground that a build would stand on, and says what is in its way; changes nothing. */
    checkGround: async (plan: Plan): Promise<Finding[]> => {
      const { findings, source } = await checkGround({ ...plan, template: await keptTemplate(blobs, plan) });
      // For the image's schedule: it is what the image is built on, unless its version is nobody's decision and a new one
      // comes out before its run.
      if (source && !findings.some(isBlocking))
        await blobs.writeJson(archiveNames.source(plan.image, plan.buildId), source);
      return findings;
    },
    ...keptScriptActivities((id) => scriptContainer(clients, id), catalogue, blobs),
    ...imageTemplateActivities(templates, blobs),
    ...importedImageActivities(importedImages(clients.resources, settings)),
    ...imageVersionActivities(imageVersions(clients.resources), clients.reader, blobs),
    ...runActivities(templates, blobs),
    ...logActivities(
      clients,
      blobs,
      rawLogs(blobs, (name) => archive(clients.container(name)), settings),
    ),
    ...stagingGroupActivities(clients.resources, settings),
    ...cancelRequestActivities(blobs),
    ...approvalActivities(blobs),
  };
}

/**
 * Steps that ask the engine or the host as well.
 *
 * @param outbox where events lie until they are delivered.
 * @param noteEnd what follows from a build's end.
 * @param tellEnd tells of it to those who watch the service.
 */
export function createEngineActivities(
  clients: Clients,
  makePlan: ReturnType<typeof planner>,
  outbox: Outbox,
  noteEnd: NoteEnd,
  tellEnd: TellEnd,
) {
  const blobs = archive(clients.archive);
  return {
    ...engineActivities,
    ...planActivities(makePlan, blobs),
    ...alarmActivities(blobs),
    ...receiptActivities(blobs, noteEnd, tellEnd),
    ...noticeActivities(outbox),
  };
}
