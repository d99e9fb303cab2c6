/** Compiled, never run: each line that must not compile says so, and fails the compiler where it does. */
import type { OrchestrationContext } from "durable-functions";
import type { BuildActivities } from "../../src/activities/index.ts";
import type { BuildRequest } from "../../src/domain/buildRequest.ts";
import type { Plan } from "../../src/domain/plan.ts";
import { callsOf } from "../../src/durable/activities.ts";
import type { Steps } from "../../src/durable/call.ts";
import { child } from "../../src/durable/orchestrator.ts";
import { USUAL } from "../../src/orchestrators/patience.ts";
import { waitForRun } from "../../src/orchestrators/waitForRun.ts";

export function* typedCalls(context: OrchestrationContext, request: BuildRequest): Steps<Plan> {
  const act = callsOf<BuildActivities>(context, USUAL);

  const plan: Plan = yield* act.planBuild(request);

  // @ts-expect-error an activity that does not exist
  yield* act.planBiuld(request);

  // @ts-expect-error an input of another type
  yield* act.planBuild({ image: "aks-jumpbox" });

  // @ts-expect-error a result of another type
  const text: string = yield* act.planBuild(request);

  // @ts-expect-error a call is not its own result
  const unfinished: Plan = act.planBuild(request);

  // @ts-expect-error a child's input of another type
  yield* child(context, waitForRun, { attempt: 1 }, "id");

  // @ts-expect-error a child's result of another type
  const end: string = yield* child(context, waitForRun, waitInput, "id");

  return text && unfinished && end ? plan : plan;
}

declare const waitInput: Parameters<typeof waitForRun.body>[1];
