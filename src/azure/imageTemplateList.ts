import type { ImageBuilderClient } from "@azure/arm-imagebuilder";
import { isOurTemplate } from "../domain/imageTemplate.ts";
import type { Settings } from "../settings.ts";
import { insistOn } from "./azureError.ts";
import { originOf } from "./imageTemplates.ts";

/** Every template of the templates' resource group, and whether its tags and its creator allow it to be ours. */
export async function imageTemplateList(
  client: ImageBuilderClient,
  { templateResourceGroup, ...ourselves }: Settings,
): Promise<{ id: string; name: string; isOurs: boolean }[]> {
  return insistOn(async () => {
    const found: { id: string; name: string; isOurs: boolean }[] = [];
    for await (const template of client.virtualMachineImageTemplates.listByResourceGroup(templateResourceGroup)) {
      const { id = "", name = "" } = template;
      found.push({ id, name, isOurs: isOurTemplate(originOf(template), ourselves) });
    }
    return found;
  });
}
