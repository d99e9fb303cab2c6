import type { Archive } from "../azure/archive.ts";
import type { ImageTemplates } from "../azure/imageTemplates.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { type Failure, StepDelayed, StepFailed } from "../domain/failure.ts";
import { RUN_OUTPUT } from "../domain/imageTemplate.ts";
import type { Attempt } from "../domain/plan.ts";

interface RunRequest {
  image: string;
  buildId: string;
  attempt: Attempt;
}

export type RunAnswer =
  | { kind: "accepted" | "lost" | "fenced" }
  | { kind: "refused"; failure: Failure }
  /** Azure has certainly not taken it. Nobody asks twice of one template, so another attempt has to. */
  | { kind: "throttled"; retryAfterSeconds: number };

export function runActivities(templates: ImageTemplates, archive: Archive) {
  return {
    /**
     * Asks for the attempt's run, at most once, however often this step is delivered: the fence is put up before the
     * request is sent, and who finds it there sends none.
     */
    async startRun({ image, buildId, attempt }: RunRequest): Promise<RunAnswer> {
      const fence = archiveNames.runFence(image, buildId, attempt.number);
      if (!(await archive.replaceJson(fence, { templateName: attempt.templateName }, undefined))) {
        return { kind: "fenced" };
      }
      try {
        return { kind: await templates.run(attempt.templateName) };
      } catch (error) {
        // Refused for good: there is no run to wait for, and none whose log could be kept.
        if (error instanceof StepFailed) return { kind: "refused", failure: error.failure };
        if (error instanceof StepDelayed) return { kind: "throttled", retryAfterSeconds: error.retryAfterSeconds };
        throw error;
      }
    },

    /** Asks image builder to end the run; `readTemplate` tells when it has. */
    async cancelRun({ templateName }: Pick<Attempt, "templateName">): ReturnType<ImageTemplates["cancel"]> {
      return templates.cancel(templateName);
    },

    /**
     * @param areExpected of a run that has succeeded: then it is too early where Azure does not tell of any.
     * @returns the ids of the image versions that the run made.
     */
    async readImageVersions({ attempt, areExpected }: { attempt: Attempt; areExpected: boolean }): Promise<string[]> {
      const version = await templates.artifactOf(attempt.templateName, RUN_OUTPUT);
      if (!version && areExpected) throw new StepDelayed("Azure does not tell yet what the run has made.", 0);
      return version ? [version] : [];
    },
  };
}
