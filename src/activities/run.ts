import type { Archive } from "../azure/archive.ts";
import type { ImageTemplates } from "../azure/imageTemplates.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { type Failure, StepDelayed, StepFailed } from "../domain/failure.ts";
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
     * @param expected of a run that has succeeded: it is too early where Azure does not tell of so many.
     * @returns the ids of the image versions, and of managed images, that the run made.
     */
    async readImageVersions({ attempt, expected }: { attempt: Attempt; expected: number }): Promise<string[]> {
      const made = await templates.artifactsOf(attempt.templateName);
      if (made.length < expected) throw new StepDelayed("Azure does not tell yet what the run has made.", 0);
      return made;
    },
  };
}
