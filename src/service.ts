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
import { noteFaults } from "./azure/archiveFaults.ts";
import type { Clients } from "./azure/clients.ts";
import { observeProviders } from "./azure/observedSubscription.ts";
import { lookAtGround } from "./azure/ownGround.ts";
import { recollection } from "./azure/recollection.ts";
import { roleAssignments } from "./azure/roleAssignments.ts";
import { doorsOf } from "./doors.ts";
import type { SettingFault } from "./domain/notReady.ts";
import type { AskCatalogue } from "./domain/recipes/catalogue.ts";
import { registerActivities, registerEngineActivities } from "./durable/activities.ts";
import { registerEntity } from "./durable/entities.ts";
import { keepTrying } from "./durable/keepTrying.ts";
import { registerOrchestrator } from "./durable/orchestrator.ts";
import { leaseEntity } from "./entities/lease.ts";
import { turnsEntity } from "./entities/turns.ts";
import { registerNightlyBuilds } from "./functions/nightlyBuilds.timer.ts";
import { previewer } from "./functions/preview.ts";
import { refuserElsewhere } from "./functions/regionsAsked.ts";
import { requestBuild } from "./functions/requestBuild.ts";
import { startFollowing } from "./functions/startFollowing.ts";
import { registerSweepTimer } from "./functions/sweep.timer.ts";
import { wakeSeldom } from "./functions/wakeSeldom.ts";
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
import { readiness } from "./readiness.ts";
import type { Settings } from "./settings.ts";
import { logUnusable } from "./settingsUnusable.ts";
import { tellBuild } from "./telemetry/tellBuild.ts";
import { tellSteps } from "./telemetry/tellSteps.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";

/** What the service is made of: nothing in it reads the environment or the disk. */
export interface ServiceParts {
  /** Its own, as in package.json. */
  version: string;
  settings: Settings;
  /** What keeps the settings from being used: with any, all is registered as ever, and does no work. */
  faults?: readonly SettingFault[];
  clients: Clients;
  catalogue: AskCatalogue;
  /** Reaches those who are told of builds. */
  outgoing: Outgoing;
  /** To whom it tells how it is doing. */
  telemetry: Telemetry;
}

/** Of the time that a request of ARM has, what a check of the service's health has: 5 seconds of 100. */
const CHECK_SHARE = 1 / 20;

/** Registers every function of the service with the host. */
export function registerService({
  version,
  settings,
  faults = [],
  clients,
  catalogue,
  outgoing,
  telemetry,
}: ServiceParts): void {
  const blobs = archive(clients.archive, noteFaults(settings.archive));

  const audit = auditing(blobs, settings.platform);
  const outbox = createOutbox(blobs, settings, deliverNotices);

  const { token, reader, place } = clients;
  const ready = readiness({
    faults,
    place,
    lookAtGround: () => lookAtGround({ reader, token, settings }),
    onFaults: logUnusable,
  });
  const { mayWork } = ready;

  const memory = recollection(reader, { place });
  const providers = () => observeProviders(memory.reader(), settings.subscriptionId);
  const checkSeconds = settings.armTimeoutSeconds * CHECK_SHARE;

  const makePlan = planner(catalogue, settings, blobs);
  const checkGround = preflight(memory, settings, blobs);
  const preview = previewer(makePlan, checkGround);

  const following = { clients, settings, catalogue, archive: blobs };
  const follow = follower({ ...following, requestBuild });
  const noteEnd = endNoter({
    ...following,
    startFollowing,
    giveEnd: (receipt, engine) => outbox.giveEnd(receipt, engine),
  });

  const { subscriptionId, templateResourceGroup } = settings;
  const templateGroupId = `/subscriptions/${subscriptionId}/resourceGroups/${templateResourceGroup}`;
  const events = { subscriptionId, templateGroupId, wake: wakeSeldom(), startFollowing, follower: follow };
  const { callbackTargets, hooks, approvalSystems } = settings;
  const doors = doorsOf({
    catalogue,
    archive: blobs,
    audit,
    preview,
    refusalElsewhere: refuserElsewhere({ providers, seconds: checkSeconds }),
    outbox,
    callbackTargets,
    events,
    hooks,
    approvalSystems,
    health: {
      version,
      readiness: ready,
      token,
      archive: blobs,
      catalogue,
      providers,
      sweepSchedule: settings.sweepSchedule,
      checkSeconds,
    },
  });
  const { allowedOrigins } = settings;
  openDoors(doors, { admit: admission({ settings, audit }), readiness: ready, allowedOrigins });
  registerNightlyBuilds(catalogue, blobs, mayWork);
  registerWatch({ catalogue, archive: blobs, reader, follower: follow, settings }, mayWork);
  registerSweepTimer(settings.sweepSchedule, { outbox, archive: blobs, mayWork });

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
  const steps = { mayWork, around: tellSteps(telemetry) };
  registerEntity(leaseEntity({ ...leases, archive: blobs }), steps);
  registerEntity(turnsEntity(settings.limits, settings.queueHours), steps);

  registerActivities(createActivities({ clients, settings, catalogue, checkGround }), steps);
  registerActivities(deliveryActivities(blobs, settings, outgoing, telemetry), steps);
  const engineActivities = {
    ...createEngineActivities(clients, makePlan, outbox, noteEnd, (receipt) => tellBuild(telemetry, receipt)),
    ...sweepActivities({ clients, settings, catalogue, archive: blobs, noteEnd, telemetry }),
    ...followActivities(follow),
    ...occurrenceActivities({ clients, settings, catalogue, archive: blobs, makePlan, requestBuild }),
  };
  registerEngineActivities(engineActivities, steps);
}
