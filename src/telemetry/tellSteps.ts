import type { Answer } from "../durable/answer.ts";
import type { Around, Execution } from "../durable/around.ts";
import { measureDetection } from "./detectionDelay.ts";
import { logLine } from "./logLine.ts";
import { phaseOfStep } from "./phases.ts";
import { buildPlace, phasePlace, spanIdOf, traceIdOf } from "./places.ts";
import { type RunningStep, withinStep } from "./runningStep.ts";
import { subjectOf } from "./subject.ts";
import { passingCode } from "./whyOf.ts";
import type { EndedSpan, Telemetry } from "./telemetry.ts";

/**
 * Tells of each step once it has been carried out, under the phase of its build. A step that is delivered twice was
 * carried out twice, and is told so.
 */
export function tellSteps(telemetry: Telemetry): Around {
  return async (execution, run) => {
    const { name, invocationId, input } = execution;
    const subject = subjectOf(execution);
    const trace = subject.buildId ?? subject.instanceId ?? invocationId;
    const phase = subject.buildId === undefined ? undefined : phaseOfStep(name, subject.instance ?? "");
    const step: RunningStep = {
      traceId: traceIdOf(trace),
      // An entity carries out several operations in one invocation.
      spanId: spanIdOf(invocationId, name, JSON.stringify(input) ?? ""),
      name,
      ...(subject.buildId === undefined ? {} : { buildId: subject.buildId }),
      ...(phase === undefined ? {} : { phase }),
      calls: [],
      log: execution.log,
      isTold: false,
    };
    const start = Date.now();
    return withinStep(step, async () => {
      const answer = await run();
      // Together: a step that is killed leaves no requests without their step.
      for (const span of [spanOf(step, start, answer), ...step.calls]) telemetry.span(span);
      step.isTold = true;
      measureDetection(telemetry, step, subject.instance, answer);
      warnOf(execution, answer);
      return answer;
    });
  };
}

function spanOf(step: RunningStep, start: number, answer: Answer): EndedSpan {
  const { traceId, spanId, name, buildId, phase, calls } = step;
  const parent = buildId === undefined ? undefined : phase ? phasePlace(buildId, phase) : buildPlace(buildId);
  const failed = codeOf(answer);
  return {
    traceId,
    spanId,
    ...(parent ? { parentId: parent.spanId } : {}),
    name,
    kind: "internal",
    start,
    end: Date.now(),
    attributes: {
      "goldsmith.step": name,
      "goldsmith.arm.calls": calls.length,
      ...(buildId ? { "goldsmith.build.id": buildId } : {}),
      ...(phase ? { "goldsmith.phase": phase } : {}),
      ...(answer.kind === "passing" ? { "goldsmith.repeats": true } : {}),
    },
    ...(failed === undefined ? {} : { failed }),
  };
}

/** Nothing of what Azure says but its code: the rest is told in receipts and alarms, where it belongs. */
function warnOf({ log, name }: Execution, answer: Answer): void {
  if (answer.kind === "done") return;
  const { retryAfterSeconds } = answer.kind === "passing" ? answer : {};
  const text = answer.kind === "passing" ? `${name} did not work and is repeated` : `${name} failed for good`;
  log("warn", logLine(`step ${answer.kind}`, text, { code: codeOf(answer), retryAfterSeconds }));
}

/** Why a step failed; undefined where it did not. */
function codeOf(answer: Answer): string | undefined {
  if (answer.kind === "done") return undefined;
  if (answer.kind === "failed") return answer.failure.code;
  return passingCode(answer.message);
}
