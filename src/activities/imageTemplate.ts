import { z } from "zod";
import type { Archive } from "../azure/archive.ts";
import type { ImageTemplates } from "../azure/imageTemplates.ts";
import { advise } from "../domain/advice.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { StepFailed } from "../domain/failure.ts";
import type { ImageTemplateBody } from "../domain/imageTemplate.ts";
import type { Attempt, Plan } from "../domain/plan.ts";
import type { TemplateState } from "../domain/templateState.ts";
import { sha256 } from "./sha256.ts";

/** What is made of a plan for one attempt. */
export interface TemplateOrder extends Pick<Plan, "image" | "buildId" | "sentHash"> {
  attempt: Attempt;
}

export function imageTemplateActivities(templates: ImageTemplates, archive: Archive) {
  return {
    /** Begins to create the attempt's template, as it was planned; `readTemplate` tells when Azure is done. */
    async createTemplate({ attempt, ...order }: TemplateOrder): Promise<void> {
      const { stagingResourceGroup, templateName } = attempt;
      await templates.create(templateName, { ...(await planned(order)), stagingResourceGroup });
    },

    async readTemplate({ templateName }: Pick<Attempt, "templateName">): Promise<TemplateState> {
      return templates.read(templateName);
    },

    /** Begins to delete the template, and with it the staging resource group that image builder made. */
    async deleteTemplate({ templateName }: Pick<Attempt, "templateName">): ReturnType<ImageTemplates["delete"]> {
      return templates.delete(templateName);
    },
  };

  async function planned({ image, buildId, sentHash }: Omit<TemplateOrder, "attempt">): Promise<ImageTemplateBody> {
    const kept = await archive.readJson(archiveNames.plan(image, buildId));
    const { data } = z.object({ template: z.unknown() }).safeParse(kept?.value);
    const text = JSON.stringify(data?.template) ?? "";
    if (sha256(text) === sentHash) return data?.template as ImageTemplateBody;
    throw new StepFailed(
      advise("plan-changed", "The plan in the archive is not the one that the build was begun with."),
    );
  }
}
