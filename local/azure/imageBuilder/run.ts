import { store } from "../arm/genericResources.ts";
import { beginOperation } from "../arm/operations.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import { blobEndpoint } from "../storage/storageAccounts.ts";
import { resourcesOfType } from "../store/resources.ts";
import type { Json } from "../store/state.ts";
import { schedule, scheduleWithin } from "../store/transitions.ts";
import { apiVersions } from "./apiVersions.ts";
import { removeMachines } from "./buildMachines.ts";
import { cutLogs, LOG_CONTAINER, stopPacker } from "./packerLog.ts";
import { type Build, type LastRunStatus, nanoTime, NO_TIME, type Template, TEMPLATE_TYPE } from "./templateState.ts";

/** Minutes of a build whose template names none, or 0. */
const DEFAULT_TIMEOUT_MINUTES = 240;
const RUN_OUTPUT_TYPE = "Microsoft.VirtualMachineImages/imageTemplates/runOutputs";

export function isActive({ body }: Template): boolean {
  const state = body.properties.lastRunStatus?.runState;
  return state === "Running" || state === "Canceling";
}

export function startRun(azure: Azure, template: Template) {
  const operation = beginOperation(azure, "run", { id: template.id, location: template.body.location });
  const { guid } = operation;
  template.hidden.previousStatus = template.body.properties.lastRunStatus;
  template.hidden.run = {
    operation: guid,
    startedAt: azure.now,
    logFolder: azure.random.guid("log folder", guid),
    machines: [],
    outputs: [],
  };
  template.body.properties.lastRunStatus = {
    startTime: nanoTime(azure),
    endTime: NO_TIME,
    runState: "Running",
    runSubState: "Queued",
    message: "",
  };
  const minutes = template.body.properties.buildTimeoutInMinutes || DEFAULT_TIMEOUT_MINUTES;
  const { queuedSeconds, timeoutLagSeconds } = azure.settings.run;
  const ofRun = { id: template.id, operation: guid };
  scheduleWithin(azure, queuedSeconds, "queued", { kind: "run-building", ...ofRun });
  schedule(azure, minutes * 60_000 + timeoutLagSeconds * 1000, { kind: "run-timed-out", ...ofRun });
  return operation;
}

/** Asks for the end: the run is Canceling at once, and Canceled after a while. */
export function cancelRun(azure: Azure, template: Template): void {
  const { run } = template.hidden;
  if (!run) return;
  setStatus(template, { runState: "Canceling", message: "Canceling image build" });
  const [hangs] = azure.faults.effects("cancel", template.name);
  if (hangs && hangs.told.seconds === undefined) return;
  const usual = azure.random.milliseconds(azure.settings.cancelSeconds, "cancel", run.operation);
  const delay = hangs?.told.seconds ? hangs.told.seconds * 1000 : usual;
  schedule(azure, delay, { kind: "run-canceled", id: template.id, operation: run.operation });
}

/** The phase shows only while the run is Running. */
export function setStatus(template: Template, changed: Partial<LastRunStatus>): void {
  const { runSubState, ...status } = { ...template.body.properties.lastRunStatus, ...changed } as LastRunStatus;
  const phase = status.runState === "Running" && runSubState ? { runSubState } : {};
  template.body.properties.lastRunStatus = { ...status, ...phase };
}

/** What a run fails with when packer does: it tells where the log lies. */
export function packerFailure(build: Build, problem: string): string {
  const { azure, template, run } = build;
  const log = `${blobEndpoint(azure, template.hidden.staging?.account ?? "")}${LOG_CONTAINER}/${run.logFolder}/customization.log`;
  return (
    `Failed while waiting for packerizer: Microservice has failed: Failed while processing request: ${problem}. ` +
    "During the image build, a failure has occurred, please review the build log to identify which build/customization " +
    `step failed. For more troubleshooting steps go to https://aka.ms/azvmimagebuilderts. Image Build log location: ${log}. ` +
    `OperationId: ${run.operation}. Use this operationId to search packer logs.`
  );
}

/** Ends a run. The operation says so about a minute later than the template does. */
export function endRun(
  build: Build,
  runState: "Succeeded" | "PartiallySucceeded" | "Failed" | "Canceled",
  message: string,
): void {
  const { azure, template, run } = build;
  if (runState === "Canceled") stopPacker(build, "context canceled");
  else cutLogs(build);
  const { onCustomizerError, onValidationError } = template.body.properties.errorHandling ?? {};
  const onError = run.validationFailed ? onValidationError : onCustomizerError;
  const keepsMachine = run.failure !== undefined && onError === "abort";
  if (!keepsMachine) removeMachines(build);
  storeOutputs(build);
  setStatus(template, { runState, endTime: nanoTime(azure), message });
  if (runState === "Failed") template.hidden.failuresInARow = (template.hidden.failuresInARow ?? 0) + 1;
  if (runState === "Succeeded") template.hidden.failuresInARow = 0;
  const end = { kind: `run-operation-${operationStatus(runState)}`, id: template.id, operation: run.operation };
  scheduleWithin(azure, azure.settings.run.operationLagSeconds, "operation lag", end);
}

const operationStatus = (runState: string) =>
  runState === "Canceled" ? "canceled" : runState === "Failed" ? "failed" : "succeeded";

/** One run output a target, of the newest run that made it. */
function storeOutputs({ azure, template, run }: Build): void {
  const type = azure.resourceTypes.find(RUN_OUTPUT_TYPE);
  for (const { name, artifact } of run.outputs) {
    const id = `${template.id}/runOutputs/${name}`;
    const properties: Json = { ...artifact, provisioningState: "Succeeded" };
    if (type) store(azure, type, id, { properties });
  }
}

/** What a template's runs have made; only runs write them. */
export const runOutputs: ResourceType = { type: RUN_OUTPUT_TYPE, apiVersions, readOnly: true };

/** The runs that are under way. */
export function runningBuilds(azure: Azure): Json[] {
  return resourcesOfType(azure, TEMPLATE_TYPE, "")
    .map((resource) => resource as Template)
    .filter(isActive)
    .map(({ id, body, hidden }) => ({
      template: id,
      operation: hidden.run?.operation,
      ...body.properties.lastRunStatus,
    }));
}
