import { createActivities, createEngineActivities } from "./activities/index.ts";
import { deliveryActivities } from "./activities/deliverNotice.ts";
import { endNoter } from "./activities/endNoter.ts";
import { followActivities, follower } from "./activities/follow.ts";
import { createOutbox } from "./activities/notices.ts";
import { occurrenceActivities } from "./activities/occurrence.ts";
import { planner } from "./activities/plan.ts";
import { preflight } from "./activities/preflight.ts";
import { sweepActivities } from "./activities/sweep.ts";
import { auditing } from "./auth/auditing.ts";
import { archive } from "./azure/archive.ts";
import type { Clients } from "./azure/clients.ts";
import { roleAssignments } from "./azure/roleAssignments.ts";
import { doorsOf } from "./doors.ts";
import type { AskCatalogue } from "./domain/recipes/catalogue.ts";
import { registerActivities, registerEngineActivities } from "./durable/activities.ts";
import { registerEntity } from "./durable/entities.ts";
import { keepTrying } from "./durable/keepTrying.ts";
import { registerOrchestrator } from "./durable/orchestrator.ts";
import { leaseEntity } from "./entities/lease.ts";
import { turnsEntity } from "./entities/turns.ts";
import { registerNightlyBuilds } from "./functions/nightlyBuilds.timer.ts";
import { previewer } from "./functions/preview.ts";
import { requestBuild } from "./functions/requestBuild.ts";
import { startFollowing } from "./functions/startFollowing.ts";
import { registerSweepTimer } from "./functions/sweep.timer.ts";
import { registerWatch } from "./functions/watchSources.timer.ts";
import { admission } from "./http/admission.ts";
import { openDoors } from "./http/openDoors.ts";
import type { Outgoing } from "./http/outgoing.ts";
import { buildImage } from "./orchestrators/buildImage.ts";
import { deliverNotices } from "./orchestrators/deliverNotices.ts";
import { endRun } from "./orchestrators/endRun.ts";
import { followVersion } from "./orchestrators/followVersion.ts";
import { makeImage } from "./orchestrators/makeImage.ts";
import { makeTemplate } from "./orchestrators/makeTemplate.ts";
import { removeImage } from "./orchestrators/removeImage.ts";
import { removeTemplate } from "./orchestrators/removeTemplate.ts";
import { runOccurrence } from "./orchestrators/runOccurrence.ts";
import { sweep } from "./orchestrators/sweep.ts";
import { publishVersion } from "./orchestrators/publishVersion.ts";
import { waitForApproval } from "./orchestrators/waitForApproval.ts";
import { waitForRun } from "./orchestrators/waitForRun.ts";
import { waitForTurn } from "./orchestrators/waitForTurn.ts";
import type { Settings } from "./settings.ts";
import { tellBuild } from "./telemetry/tellBuild.ts";
import { tellSteps } from "./telemetry/tellSteps.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";

/** What the service is made of: nothing in it reads the environment or the disk. */
export interface ServiceParts {
  settings: Settings;
  clients: Clients;
  catalogue: AskCatalogue;
  /** Reaches those who are told of builds. */
  outgoing: Outgoing;
  /** To whom it tells how it is doing. */
  telemetry: Telemetry;
}

/** Registers every function of the service with the host. */
export function registerService({ settings, clients, catalogue, outgoing, telemetry }: ServiceParts): void {
  const blobs = archive(clients.archive);

  const audit = auditing(blobs, settings.platform);
  const outbox = createOutbox(blobs, settings, deliverNotices);

  const makePlan = planner(catalogue, settings, blobs);
  const checkGround = preflight(clients, settings, blobs);
  const preview = previewer(makePlan, checkGround);

  const following = { clients, settings, catalogue, archive: blobs };
  const follow = follower({ ...following, requestBuild });
  const noteEnd = endNoter({
    ...following,
    startFollowing,
    giveEnd: (receipt, engine) => outbox.giveEnd(receipt, engine),
  });

  const events = { subscriptionId: settings.subscriptionId, startFollowing, follower: follow };
  const { callbackTargets, hooks, approvalSystems } = settings;
  const doors = doorsOf({
    catalogue,
    archive: blobs,
    audit,
    preview,
    outbox,
    callbackTargets,
    events,
    hooks,
    approvalSystems,
  });
  openDoors(doors, admission({ settings, audit }), settings.allowedOrigins);
  registerNightlyBuilds(catalogue, blobs);
  registerWatch({ catalogue, archive: blobs, reader: clients.reader, follower: follow, settings });
  registerSweepTimer(settings.sweepSchedule, outbox, blobs);

  registerOrchestrator(buildImage);
  registerOrchestrator(runOccurrence);
  registerOrchestrator(followVersion);
  registerOrchestrator(waitForApproval);
  registerOrchestrator(publishVersion);
  registerOrchestrator(waitForTurn);
  registerOrchestrator(makeImage);
  registerOrchestrator(makeTemplate);
  registerOrchestrator(waitForRun);
  registerOrchestrator(endRun);
  registerOrchestrator(removeTemplate);
  registerOrchestrator(removeImage);
  registerOrchestrator(deliverNotices);
  registerOrchestrator(keepTrying);
  registerOrchestrator(sweep);

  const leases = { roleAssignments: roleAssignments(clients.authorization), settings };
  const around = tellSteps(telemetry);
  registerEntity(leaseEntity({ ...leases, archive: blobs }), around);
  registerEntity(turnsEntity(settings.limits, settings.queueHours), around);

  registerActivities(createActivities({ clients, settings, catalogue, checkGround }), around);
  registerActivities(deliveryActivities(blobs, settings, outgoing, telemetry), around);
  registerEngineActivities(
    {
      ...createEngineActivities(clients, makePlan, outbox, noteEnd, (receipt) => tellBuild(telemetry, receipt)),
      ...sweepActivities({ clients, settings, catalogue, archive: blobs, noteEnd, telemetry }),
      ...followActivities(follow),
      ...occurrenceActivities({ clients, settings, catalogue, archive: blobs, makePlan, requestBuild }),
    },
    around,
  );
}
