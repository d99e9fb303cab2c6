import type { Archive } from "../azure/archive.ts";
import type { ImageTemplates } from "../azure/imageTemplates.ts";
import type { Attempt, Plan } from "../domain/plan.ts";
import { atVersion } from "../domain/source.ts";
import type { TemplateState } from "../domain/templateState.ts";
import { keptTemplate } from "./keptTemplate.ts";

/** What is made of a plan for one attempt. */
export interface TemplateOrder extends Pick<Plan, "image" | "buildId" | "sentHash"> {
  attempt: Attempt;
  /** The one of the source that was approved. */
  sourceVersion?: string;
}

export function imageTemplateActivities(templates: ImageTemplates, archive: Archive) {
  return {
    /** Begins to create the attempt's template, as it was planned and approved; `readTemplate` tells when Azure is done. */
    async createTemplate({ attempt, sourceVersion, ...order }: TemplateOrder): Promise<void> {
      const { stagingResourceGroup, templateName } = attempt;
      const planned = await keptTemplate(archive, order);
      const source = atVersion(planned.source, sourceVersion);
      await templates.create(templateName, { ...planned, source, stagingResourceGroup });
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
