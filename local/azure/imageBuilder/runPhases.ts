import type { Azure } from "../azure.ts";
import type { Range } from "../settings.ts";
import { schedule, type TransitionTable } from "../store/transitions.ts";
import { refusal } from "./builderCalls.ts";
import { createMachines } from "./buildMachines.ts";
import { sourceProblem } from "./creationChecks.ts";
import { type Plan, planSteps } from "./customization.ts";
import { distributeAll } from "./distribution.ts";
import { changeGround, packerScenario, runScenario } from "./goesWrong.ts";
import { machineProblem, packerProblem } from "./machineChecks.ts";
import { endOperation } from "./operations.ts";
import {
  buildingLines,
  capturingLines,
  connectedLine,
  failingLines,
  type LogLine,
  openLog,
  optimizingLines,
  step,
  stopPacker,
  writeLog,
} from "./packerLog.ts";
import { quotaProblem, quotasOf } from "./quotaChecks.ts";
import { endRun, packerFailure, setStatus } from "./run.ts";
import { exactVersion } from "./sourceImage.ts";
import { stagingProblemOfRun } from "./stagingGroup.ts";
import { INTERNAL_ERROR } from "./templateErrors.ts";
import { findTemplate, type Run, type Template } from "./templateState.ts";

/** How far into Building the network and the machines are deployed, or turn out not to be deployable. */
const DEPLOYED_SHARE = 0.3;
/** From the start of Distributing until the targets are written. */
const WRITTEN_AFTER: Range = { min: 20, max: 60 };
const DEADLINE = "Timeout waiting for microservice to complete: 'context deadline exceeded'";
const CUSTOMIZER_FAILED = "Error when executing packerizer: Packer build command has failed: exit status 1";

type Phase = (azure: Azure, template: Template, run: Run) => void;

function next(azure: Azure, template: Template, run: Run, kind: string, milliseconds: number): void {
  schedule(azure, milliseconds, { kind, id: template.id, operation: run.operation });
}

const draw = (azure: Azure, range: Range, phase: string, run: Run) =>
  azure.random.milliseconds(range, phase, run.operation);

const fail = (azure: Azure, template: Template, run: Run, message: string) =>
  endRun(azure, template, run, "Failed", message);

/** Packer gives up, and its log says why. */
function giveUp(azure: Azure, template: Template, run: Run, problem: string, lines: LogLine[]): void {
  openLog(azure, template, run, "customization.log");
  writeLog(azure, template, run, "customization.log", lines);
  fail(azure, template, run, packerFailure(azure, template, run, problem));
}

const notBuilt = ({ operation }: Run, problem: string) =>
  `Failed in building/customizing image: ${problem}. OperationId: ${operation}.`;

const building: Phase = (azure, template, run) => {
  setStatus(template, { runSubState: "Building" });
  const { source } = template.body.properties;
  const { location } = template.body;
  // `latest` is whatever is the latest now.
  changeGround(azure, template, "run");
  const problem = sourceProblem(azure, template, "run");
  if (problem) {
    const message = `Build step failed: StatusCode=404 -- Original Error: Code="ResourceNotFound" Message="${problem.message}"`;
    return fail(azure, template, run, message);
  }
  const staging = stagingProblemOfRun(azure, template);
  if (staging) return fail(azure, template, run, notBuilt(run, staging));
  const exact = exactVersion(azure, source, location);
  if (exact) Object.assign(source, { exactVersion: exact });
  const tooShort = packerProblem(template) ?? packerScenario(azure, template, "Starting")?.problem;
  if (tooShort) return giveUp(azure, template, run, tooShort, failingLines(azure.now, tooShort));
  const before = quotasOf(azure, location);
  const refused = refusal(() => createMachines(azure, template, run)) ?? quotaProblem(azure, location, before);
  if (refused) return fail(azure, template, run, notBuilt(run, refused));
  const whole = draw(azure, azure.settings.run.buildingSeconds, "building", run);
  next(azure, template, run, "run-deployed", whole * DEPLOYED_SHARE);
};

const deployed: Phase = (azure, template, run) => {
  const problem = machineProblem(azure, template);
  const refused = (problem && notBuilt(run, problem)) ?? runScenario(azure, template, "Building")?.message;
  if (refused) return fail(azure, template, run, refused);
  const left = draw(azure, azure.settings.run.buildingSeconds, "building", run) * (1 - DEPLOYED_SHARE);
  openLog(azure, template, run, "customization.log");
  writeLog(azure, template, run, "customization.log", buildingLines(azure, template, run, azure.now + left));
  next(azure, template, run, "run-customizing", left);
};

const customizing: Phase = (azure, template, run) => {
  const keptOut = packerScenario(azure, template, "Connecting");
  if (keptOut) {
    const log = keptOut.log.map((line) => step(azure.now, line));
    const end = failingLines(azure.now, keptOut.problem ?? "", "StepConnect");
    return giveUp(azure, template, run, keptOut.problem ?? "", [...log, ...end]);
  }
  setStatus(template, { runSubState: "Customizing" });
  const { customize, validate } = template.body.properties;
  const steps = validate?.sourceValidationOnly ? [] : (customize ?? []);
  const plan = planSteps(azure, template.name, steps, azure.now, run.operation);
  const gaveUp = plan.failed ? undefined : packerScenario(azure, template, "Customizing");
  if (gaveUp) cutShort(plan, gaveUp);
  const connected = connectedLine(azure, template);
  writeLog(azure, template, run, "customization.log", [connected, ...noise(azure, template), ...plan.lines]);
  if (gaveUp && gaveUp.problem === undefined) return;
  if (plan.failed) run.failure = gaveUp?.problem ?? CUSTOMIZER_FAILED;
  next(azure, template, run, plan.failed ? "run-failed" : afterCustomizing(template), plan.end - azure.now);
};

/** Packer gives up in what would have been the last step, or, without a problem, waits there until it is stopped. */
function cutShort(plan: Plan, { problem, log }: { problem?: string; log: string[] }): void {
  const finalizing = plan.lines.pop();
  const last = finalizing && plan.lines.at(-1)?.at === plan.end ? plan.lines.pop() : undefined;
  plan.lines.push(...log.map((line) => step(plan.end, line)));
  if (problem === undefined) return;
  plan.lines.push(...(last ? [last] : []), ...failingLines(plan.end, problem, "StepProvision"));
  plan.failed = true;
}

const noise = (azure: Azure, { name }: Template) =>
  azure.faults.effects("log", name).flatMap(({ effect }) => effect.lines.map((line) => step(azure.now, line)));

function afterCustomizing(template: Template): string {
  const { vmBoot, workload } = template.body.properties.optimize ?? {};
  return vmBoot?.state === "Enabled" || workload?.state === "Enabled" ? "run-optimizing" : afterOptimizing(template);
}

const afterOptimizing = ({ body }: Template) =>
  body.properties.validate?.inVMValidations?.length ? "run-validating" : "run-distributing";

const optimizing: Phase = (azure, template, run) => {
  setStatus(template, { runSubState: "Optimizing" });
  const { optimize } = template.body.properties;
  writeLog(azure, template, run, "customization.log", optimizingLines(azure.now, optimize?.workload?.scriptUri));
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
  const plan = planSteps(azure, template.name, inVMValidations ?? [], azure.now + boot, `${run.operation} validation`);
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
  writeLog(azure, template, run, "customization.log", capturingLines(azure.now, run));
  next(azure, template, run, "run-written", draw(azure, WRITTEN_AFTER, "written", run));
};

const written: Phase = (azure, template, run) => {
  const whole = draw(azure, azure.settings.run.distributingSeconds, "distributing", run);
  const left = Math.max(0, whole - draw(azure, WRITTEN_AFTER, "written", run));
  const { failed, message, milliseconds } = distributeAll(azure, template, run, left);
  const total = template.body.properties.distribute.length;
  if (failed === total) return endRun(azure, template, run, "Failed", message);
  if (failed > 0) run.partialFailure = message;
  next(azure, template, run, "run-finished", milliseconds);
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
  if (run.outputs.length > 0) {
    return fail(azure, template, run, "Error publishing MDI to Azure Compute Gallery: context deadline exceeded");
  }
  openLog(azure, template, run, "customization.log");
  stopPacker(azure, template, run, "context deadline exceeded");
  fail(azure, template, run, packerFailure(azure, template, run, DEADLINE));
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
