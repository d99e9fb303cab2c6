import { endOperation } from "../arm/operations.ts";
import type { Range } from "../settings.ts";
import { schedule, type TransitionTable } from "../store/transitions.ts";
import { refusal } from "./builderCalls.ts";
import { createMachines } from "./buildMachines.ts";
import { sourceProblem } from "./creationChecks.ts";
import { type Plan, planSteps } from "./customization.ts";
import { distributeAll } from "./distribution.ts";
import { changeGround, packerScenario, runScenario } from "./goesWrong.ts";
import { machineProblem, packerProblem } from "./machineChecks.ts";
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
import { type Build, findTemplate, type Run, type Template } from "./templateState.ts";

/** How far into Building the network and the machines are deployed, or turn out not to be deployable. */
const DEPLOYED_SHARE = 0.3;
/** From the start of Distributing until the targets are written. */
const WRITTEN_AFTER: Range = { min: 20, max: 60 };
const DEADLINE = "Timeout waiting for microservice to complete: 'context deadline exceeded'";
const CUSTOMIZER_FAILED = "Error when executing packerizer: Packer build command has failed: exit status 1";

type Phase = (build: Build) => void;

function next({ azure, template, run }: Build, kind: string, milliseconds: number): void {
  schedule(azure, milliseconds, { kind, id: template.id, operation: run.operation });
}

/** Milliseconds that a phase of this run takes. */
const timeOf = ({ azure, run }: Build, phase: "building" | "optimizing" | "validating" | "distributing") =>
  azure.random.milliseconds(azure.settings.run[`${phase}Seconds`], phase, run.operation);
const timeToWrite = ({ azure, run }: Build) => azure.random.milliseconds(WRITTEN_AFTER, "written", run.operation);

const fail = (build: Build, message: string) => endRun(build, "Failed", message);

/** Packer gives up, and its log says why. */
function giveUp(build: Build, problem: string, lines: LogLine[]): void {
  openLog(build);
  writeLog(build, lines);
  fail(build, packerFailure(build, problem));
}

const notBuilt = ({ operation }: Run, problem: string) =>
  `Failed in building/customizing image: ${problem}. OperationId: ${operation}.`;

const building: Phase = (build) => {
  const { azure, template, run } = build;
  setStatus(template, { runSubState: "Building" });
  const { location, properties } = template.body;
  // `latest` is whatever is the latest now.
  changeGround(azure, template, "run");
  const problem = sourceProblem(azure, template, "run");
  if (problem) {
    const cause = `Code="ResourceNotFound" Message="${problem.message}"`;
    return fail(build, `Build step failed: StatusCode=404 -- Original Error: ${cause}`);
  }
  const staging = stagingProblemOfRun(azure, template);
  if (staging) return fail(build, notBuilt(run, staging));
  const exact = exactVersion(azure, properties.source, location);
  if (exact) Object.assign(properties.source, { exactVersion: exact });
  const tooShort = packerProblem(template) ?? packerScenario(azure, template, "Starting")?.problem;
  if (tooShort) return giveUp(build, tooShort, failingLines(azure.now, tooShort));
  const before = quotasOf(azure, location);
  const refused = refusal(() => createMachines(build)) ?? quotaProblem(azure, location, before);
  if (refused) return fail(build, notBuilt(run, refused));
  next(build, "run-deployed", timeOf(build, "building") * DEPLOYED_SHARE);
};

const deployed: Phase = (build) => {
  const { azure, template, run } = build;
  const problem = machineProblem(azure, template);
  const refused = (problem && notBuilt(run, problem)) ?? runScenario(azure, template, "Building")?.message;
  if (refused) return fail(build, refused);
  const left = timeOf(build, "building") * (1 - DEPLOYED_SHARE);
  openLog(build);
  writeLog(build, buildingLines(build, azure.now + left));
  next(build, "run-customizing", left);
};

const customizing: Phase = (build) => {
  const { azure, template, run } = build;
  const keptOut = packerScenario(azure, template, "Connecting");
  if (keptOut) {
    const log = keptOut.log.map((line) => step(azure.now, line));
    const end = failingLines(azure.now, keptOut.problem ?? "", "StepConnect");
    return giveUp(build, keptOut.problem ?? "", [...log, ...end]);
  }
  setStatus(template, { runSubState: "Customizing" });
  const { customize, validate } = template.body.properties;
  const steps = validate?.sourceValidationOnly ? [] : (customize ?? []);
  const plan = planSteps(azure, template.name, steps, azure.now, run.operation);
  const gaveUp = plan.failed ? undefined : packerScenario(azure, template, "Customizing");
  if (gaveUp) cutShort(plan, gaveUp);
  writeLog(build, [connectedLine(build), ...noise(build), ...plan.lines]);
  if (gaveUp && gaveUp.problem === undefined) return;
  if (plan.failed) run.failure = gaveUp?.problem ?? CUSTOMIZER_FAILED;
  next(build, plan.failed ? "run-failed" : afterCustomizing(template), plan.end - azure.now);
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

const noise = ({ azure, template }: Build) =>
  azure.faults.effects("log", template.name).flatMap(({ effect }) => effect.lines.map((line) => step(azure.now, line)));

function afterCustomizing(template: Template): string {
  const { vmBoot, workload } = template.body.properties.optimize ?? {};
  return vmBoot?.state === "Enabled" || workload?.state === "Enabled" ? "run-optimizing" : afterOptimizing(template);
}

const afterOptimizing = ({ body }: Template) =>
  body.properties.validate?.inVMValidations?.length ? "run-validating" : "run-distributing";

const optimizing: Phase = (build) => {
  const { azure, template } = build;
  setStatus(template, { runSubState: "Optimizing" });
  const { optimize } = template.body.properties;
  writeLog(build, optimizingLines(azure.now, optimize?.workload?.scriptUri));
  next(build, afterOptimizing(template), timeOf(build, "optimizing"));
};

const validating: Phase = (build) => {
  const { azure, template, run } = build;
  setStatus(template, { runSubState: "Validating" });
  openLog(build, "validation.log");
  const { inVMValidations, continueDistributeOnFailure } = template.body.properties.validate ?? {};
  const boot = timeOf(build, "validating");
  const plan = planSteps(azure, template.name, inVMValidations ?? [], azure.now + boot, `${run.operation} validation`);
  writeLog(build, plan.lines, "validation.log");
  if (plan.failed) run.validationFailed = true;
  if (plan.failed)
    run.failure = "Error when executing packerizer: Packer build command has failed during validation: exit status 1";
  const after = plan.failed && !continueDistributeOnFailure ? "run-failed" : "run-distributing";
  next(build, after, plan.end - azure.now);
};

const distributing: Phase = (build) => {
  const { azure, template, run } = build;
  if (template.body.properties.validate?.sourceValidationOnly) return finished(build);
  setStatus(template, { runSubState: "Distributing" });
  writeLog(build, capturingLines(azure.now, run));
  next(build, "run-written", timeToWrite(build));
};

const written: Phase = (build) => {
  const { template, run } = build;
  const left = Math.max(0, timeOf(build, "distributing") - timeToWrite(build));
  const { failed, message, milliseconds } = distributeAll(build, left);
  const total = template.body.properties.distribute.length;
  if (failed === total) return endRun(build, "Failed", message);
  if (failed > 0) run.partialFailure = message;
  next(build, "run-finished", milliseconds);
};

const finished: Phase = (build) => {
  const { run } = build;
  if (run.validationFailed) return failed(build);
  if (run.partialFailure) return endRun(build, "PartiallySucceeded", run.partialFailure);
  endRun(build, "Succeeded", "");
};

const failed: Phase = (build) => fail(build, packerFailure(build, build.run.failure ?? ""));

/** What was being written goes on being replicated, and may well arrive. */
const timedOut: Phase = (build) => {
  if (build.run.outputs.length > 0) {
    return fail(build, "Error publishing MDI to Azure Compute Gallery: context deadline exceeded");
  }
  openLog(build);
  stopPacker(build, "context deadline exceeded");
  fail(build, packerFailure(build, DEADLINE));
};

/** A phase of a run that is no longer running, or of an earlier one, does not come any more. */
function whileRunning(phase: Phase, state: "Running" | "Canceling" = "Running"): TransitionTable[string] {
  return (azure, { id, operation }) => {
    const template = findTemplate(azure, id);
    const run = template?.hidden.run;
    if (!template || run?.operation !== operation) return;
    if (template.body.properties.lastRunStatus?.runState === state) phase({ azure, template, run });
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
  "run-canceled": whileRunning((build) => endRun(build, "Canceled", ""), "Canceling"),
  "run-operation-succeeded": (azure, { operation }) => endOperation(azure, operation, "Succeeded"),
  "run-operation-failed": (azure, { operation }) => endOperation(azure, operation, "Failed", INTERNAL_ERROR),
  "run-operation-canceled": (azure, { operation }) => endOperation(azure, operation, "Canceled"),
};
