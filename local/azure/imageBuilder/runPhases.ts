import { mayDo } from "../authorization/access.ts";
import type { Azure } from "../azure.ts";
import type { Range } from "../settings.ts";
import { findResource } from "../store/resources.ts";
import type { Json } from "../store/state.ts";
import { schedule, type TransitionTable } from "../store/transitions.ts";
import { createMachines } from "./buildMachines.ts";
import { exactVersion, sourceProblem } from "./creationChecks.ts";
import { planSteps } from "./customization.ts";
import { distributeAll } from "./distribution.ts";
import { endOperation } from "./operations.ts";
import { buildingLines, capturingLines, openLog, writeLog } from "./packerLog.ts";
import { endRun, packerFailure, setStatus } from "./run.ts";
import { INTERNAL_ERROR } from "./templateErrors.ts";
import { findTemplate, type Run, type Template, templatePrincipal } from "./templateState.ts";

/** How far into Building the network and the machines are deployed, or turn out not to be deployable. */
const DEPLOYED_SHARE = 0.3;
/** From the start of Distributing until the targets are written. */
const WRITTEN_AFTER: Range = { min: 20, max: 60 };
/** Packer's token lives for the build's timeout, and has to outlive five minutes. */
const SHORTEST_TIMEOUT_MINUTES = 6;

type Phase = (azure: Azure, template: Template, run: Run) => void;

function next(azure: Azure, template: Template, run: Run, kind: string, milliseconds: number): void {
  schedule(azure, milliseconds, { kind, id: template.id, operation: run.operation });
}

const draw = (azure: Azure, range: Range, phase: string, run: Run) =>
  azure.random.milliseconds(range, phase, run.operation);

const building: Phase = (azure, template, run) => {
  setStatus(template, { runSubState: "Building" });
  const { source } = template.body.properties;
  // `latest` is whatever is the latest now.
  const principal = templatePrincipal(azure, template) ?? "";
  const problem = sourceProblem(azure, source, template.body.location, (action, id) =>
    mayDo(azure, principal, action, id),
  );
  if (problem) {
    return endRun(
      azure,
      template,
      run,
      "Failed",
      `Build step failed: StatusCode=404 -- Original Error: Code="ResourceNotFound" Message="${problem.message}"`,
    );
  }
  const exact = exactVersion(azure, source, template.body.location);
  if (exact) Object.assign(source, { exactVersion: exact });
  createMachines(azure, template, run);
  next(
    azure,
    template,
    run,
    "run-deployed",
    draw(azure, azure.settings.run.buildingSeconds, "building", run) * DEPLOYED_SHARE,
  );
};

const deployed: Phase = (azure, template, run) => {
  const { buildTimeoutInMinutes = 0, vmProfile } = template.body.properties;
  if (buildTimeoutInMinutes && buildTimeoutInMinutes < SHORTEST_TIMEOUT_MINUTES) {
    return endRun(
      azure,
      template,
      run,
      "Failed",
      packerFailure(
        azure,
        template,
        run,
        "client_jwt will expire within 5 minutes, please use a JWT that is valid for at least 5 minutes",
      ),
    );
  }
  const { subnetId, containerInstanceSubnetId } = vmProfile?.vnetConfig ?? {};
  if (subnetId && !containerInstanceSubnetId) {
    const policies = findResource(azure, subnetId)?.body.properties as Json | undefined;
    if (policies?.privateLinkServiceNetworkPolicies !== "Disabled") {
      return endRun(
        azure,
        template,
        run,
        "Failed",
        `Failed in building/customizing image: PrivateLinkService Network Policy is not disabled for the given subnet. ` +
          `Subnet: ${subnetId}. Please refer to https://aka.ms/azvmimagebuilderts. OperationId: ${run.operation}.`,
      );
    }
  }
  const whole = draw(azure, azure.settings.run.buildingSeconds, "building", run);
  next(azure, template, run, "run-customizing", whole * (1 - DEPLOYED_SHARE));
};

const customizing: Phase = (azure, template, run) => {
  setStatus(template, { runSubState: "Customizing" });
  openLog(azure, template, run, "customization.log");
  const { customize, validate, optimize } = template.body.properties;
  const plan = planSteps(azure, validate?.sourceValidationOnly ? [] : (customize ?? []), azure.now, run.operation);
  writeLog(azure, template, run, "customization.log", [...buildingLines(template, run, azure.now), ...plan.lines]);
  if (plan.failed) run.failure = "Error when executing packerizer: Packer build command has failed: exit status 1";
  const after = plan.failed
    ? "run-failed"
    : optimize?.vmBoot?.state === "Enabled"
      ? "run-optimizing"
      : afterOptimizing(template);
  next(azure, template, run, after, plan.end - azure.now);
};

const afterOptimizing = ({ body }: Template) =>
  body.properties.validate?.inVMValidations?.length ? "run-validating" : "run-distributing";

const optimizing: Phase = (azure, template, run) => {
  setStatus(template, { runSubState: "Optimizing" });
  next(
    azure,
    template,
    run,
    afterOptimizing(template),
    draw(azure, azure.settings.run.optimizingSeconds, "optimizing", run),
  );
};

const validating: Phase = (azure, template, run) => {
  setStatus(template, { runSubState: "Validating" });
  openLog(azure, template, run, "validation.log");
  const { inVMValidations, continueDistributeOnFailure } = template.body.properties.validate ?? {};
  const boot = draw(azure, azure.settings.run.validatingSeconds, "validating", run);
  const plan = planSteps(azure, inVMValidations ?? [], azure.now + boot, `${run.operation} validation`);
  writeLog(azure, template, run, "validation.log", plan.lines);
  if (plan.failed) run.validationFailed = true;
  if (plan.failed)
    run.failure = "Error when executing packerizer: Packer build command has failed during validation: exit status 1";
  const after = plan.failed && !continueDistributeOnFailure ? "run-failed" : "run-distributing";
  next(azure, template, run, after, plan.end - azure.now);
};

const distributing: Phase = (azure, template, run) => {
  if (template.body.properties.validate?.sourceValidationOnly) return finished(azure, template, run);
  setStatus(template, { runSubState: "Distributing" });
  const machine =
    run.machines
      .find((id) => id.includes("/virtualMachines/pkrvm"))
      ?.split("/")
      .at(-1) ?? "";
  writeLog(azure, template, run, "customization.log", capturingLines(azure.now, machine));
  next(azure, template, run, "run-written", draw(azure, WRITTEN_AFTER, "written", run));
};

const written: Phase = (azure, template, run) => {
  const whole = draw(azure, azure.settings.run.distributingSeconds, "distributing", run);
  const left = Math.max(0, whole - draw(azure, WRITTEN_AFTER, "written", run));
  const { failed, message } = distributeAll(azure, template, run, left);
  const total = template.body.properties.distribute.length;
  if (failed === total) return endRun(azure, template, run, "Failed", message);
  if (failed > 0) run.partialFailure = message;
  next(azure, template, run, "run-finished", left);
};

const finished: Phase = (azure, template, run) => {
  if (run.validationFailed) return failed(azure, template, run);
  if (run.partialFailure) return endRun(azure, template, run, "PartiallySucceeded", run.partialFailure);
  endRun(azure, template, run, "Succeeded", "");
};

const failed: Phase = (azure, template, run) => {
  endRun(azure, template, run, "Failed", packerFailure(azure, template, run, run.failure ?? ""));
};

/** What was being written goes on being replicated, and may well arrive. */
const timedOut: Phase = (azure, template, run) => {
  const publishing = Object.keys(run.outputs).length > 0;
  const problem = publishing
    ? "Error publishing MDI to Azure Compute Gallery: context deadline exceeded"
    : packerFailure(azure, template, run, "Timeout waiting for microservice to complete: 'context deadline exceeded'");
  endRun(azure, template, run, "Failed", problem);
};

/** A phase of a run that is no longer running, or of an earlier one, does not come any more. */
function whileRunning(phase: Phase, state: "Running" | "Canceling" = "Running"): TransitionTable[string] {
  return (azure, { id, operation }) => {
    const template = findTemplate(azure, id);
    const run = template?.hidden.run;
    if (!template || run?.operation !== operation) return;
    if (template.body.properties.lastRunStatus?.runState === state) phase(azure, template, run);
  };
}

export const runTransitions: TransitionTable = {
  "run-building": whileRunning(building),
  "run-deployed": whileRunning(deployed),
  "run-customizing": whileRunning(customizing),
  "run-optimizing": whileRunning(optimizing),
  "run-validating": whileRunning(validating),
  "run-distributing": whileRunning(distributing),
  "run-written": whileRunning(written),
  "run-finished": whileRunning(finished),
  "run-failed": whileRunning(failed),
  "run-timed-out": whileRunning(timedOut),
  "run-canceled": whileRunning((azure, template, run) => endRun(azure, template, run, "Canceled", ""), "Canceling"),
  "run-operation-succeeded": (azure, { operation }) => endOperation(azure, operation, "Succeeded"),
  "run-operation-failed": (azure, { operation }) => endOperation(azure, operation, "Failed", INTERNAL_ERROR),
  "run-operation-canceled": (azure, { operation }) => endOperation(azure, operation, "Canceled"),
};
