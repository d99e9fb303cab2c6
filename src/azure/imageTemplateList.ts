import type { ImageBuilderClient } from "@azure/arm-imagebuilder";
import { sameId } from "../domain/resourceId.ts";
import type { Settings } from "../settings.ts";
import { insistOn } from "./azureError.ts";

/** Every template of the templates' resource group, and whether its tags and its creator allow it to be ours. */
export async function imageTemplateList(
  client: ImageBuilderClient,
  { templateResourceGroup, installationId, clientId, servicePrincipals }: Settings,
): Promise<{ id: string; name: string; isOurs: boolean }[]> {
  const ourselves = [...(clientId ? [clientId] : []), ...servicePrincipals];
  return insistOn(async () => {
    const found: { id: string; name: string; isOurs: boolean }[] = [];
    for await (const {
      id = "",
      name = "",
      tags,
      systemData,
    } of client.virtualMachineImageTemplates.listByResourceGroup(templateResourceGroup)) {
      // Azure names an application by its client id; where it names nobody, the ledger has to do.
      const { createdBy } = systemData ?? {};
      const isCreator = !clientId || !createdBy || ourselves.some((one) => sameId(one, createdBy));
      const isTagged =
        tags?.["goldsmith-installation"] === installationId && name.startsWith(`${tags["goldsmith-build"]}-a`);
      found.push({ id, name, isOurs: isCreator && isTagged });
    }
    return found;
  });
}
