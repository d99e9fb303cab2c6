import type { HttpResponseInit } from "@azure/functions";
import type { planner } from "../activities/plan.ts";
import type { Preflight } from "../activities/preflight.ts";
import type { BuildRequest } from "../domain/buildRequest.ts";
import { newBuildId } from "../domain/buildId.ts";
import { StepFailed } from "../domain/failure.ts";
import { isBlocking } from "../domain/preflight/checkGround.ts";
import type { Preview } from "../domain/preview.ts";
import { problem } from "../domain/problem.ts";
import { resolvedSource } from "../domain/source.ts";
import { answer, refuse } from "../http/answers.ts";

/** Answers with what a build would do that was asked for now, and what is in its way: nothing is made or kept. */
export type Previewer = (image: string, asked?: Pick<BuildRequest, "parameters">) => Promise<HttpResponseInit>;

export function previewer(makePlan: ReturnType<typeof planner>, checkGround: Preflight): Previewer {
  return async (image, { parameters } = {}) => {
    try {
      const plan = await makePlan({
        buildId: newBuildId(image, new Date(), [0, 0, 0, 0]),
        image,
        door: "http",
        ...(parameters ? { parameters } : {}),
      });
      const { findings, source } = await checkGround(plan);
      // A managed image and a VHD have no numbers.
      const hasVersions = plan.template.source.type !== "ManagedImage";
      return answer(200, {
        image,
        state: findings.some(isBlocking) ? "refused" : "ready",
        findings,
        source: resolvedSource(plan.source, hasVersions ? source?.version : undefined),
        plan,
      } satisfies Preview);
    } catch (error) {
      if (error instanceof StepFailed) return refuse(problem(409, "plan-failed", error.message, { ...error.failure }));
      throw error;
    }
  };
}
