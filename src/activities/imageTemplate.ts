import type { ImageTemplates } from "../azure/imageTemplates.ts";
import type { Attempt, Plan } from "../domain/plan.ts";
import type { TemplateState } from "../domain/templateState.ts";

export function imageTemplateActivities(templates: ImageTemplates) {
  return {
    /** Begins to create the attempt's template; `readTemplate` tells when Azure is done. */
    async createTemplate({ template, attempt }: { template: Plan["template"]; attempt: Attempt }): Promise<void> {
      await templates.create(attempt.templateName, { ...template, stagingResourceGroup: attempt.stagingResourceGroup });
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
