import type { Archive } from "../azure/archive.ts";
import type { ImageTemplates } from "../azure/imageTemplates.ts";
import type { Attempt, Plan } from "../domain/plan.ts";
import type { TemplateState } from "../domain/templateState.ts";
import { keptTemplate } from "./keptTemplate.ts";

/** What is made of a plan for one attempt. */
export interface TemplateOrder extends Pick<Plan, "image" | "buildId" | "sentHash"> {
  attempt: Attempt;
}

export function imageTemplateActivities(templates: ImageTemplates, archive: Archive) {
  return {
    /** Begins to create the attempt's template, as it was planned; `readTemplate` tells when Azure is done. */
    async createTemplate({ attempt, ...order }: TemplateOrder): Promise<void> {
      const { stagingResourceGroup, templateName } = attempt;
      await templates.create(templateName, { ...(await keptTemplate(archive, order)), stagingResourceGroup });
    },

    async readTemplate({ templateName }: Pick<Attempt, "templateName">): Promise<TemplateState> {
      return templates.read(templateName);
    },

    /** Begins to delete the template, and with it the staging resource group that image builder made. */
    async deleteTemplate({ templateName }: Pick<Attempt, "templateName">): ReturnType<ImageTemplates["delete"]> {
      return templates.delete(templateName);
    },
  };
}
