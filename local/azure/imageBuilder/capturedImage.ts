import type { Azure } from "../azure.ts";
import { images } from "../compute/images.ts";
import { findResource } from "../store/resources.ts";
import type { Json } from "../store/state.ts";
import { put } from "./builderCalls.ts";
import { diskSize, hyperVGeneration, isWindowsBuild } from "./sourceImage.ts";
import type { Run, Template } from "./templateState.ts";

/** A managed image of what was built: of its generation and system, and as large as the disk. */
export function imageOf(azure: Azure, template: Template): Json {
  const { source } = template.body.properties;
  const generation = hyperVGeneration(azure, source);
  const osDisk = {
    osType: isWindowsBuild(azure, source) ? "Windows" : "Linux",
    osState: "Generalized",
    diskSizeGB: diskSize(template),
    caching: "ReadWrite",
    storageAccountType: "Standard_LRS",
  };
  return {
    ...(generation ? { hyperVGeneration: generation } : {}),
    storageProfile: { osDisk, dataDisks: [], zoneResilient: false },
  };
}

/** What versions in galleries are made of: in the staging group until the run ends. @returns its id. */
export function captureImage(azure: Azure, template: Template, run: Run): string {
  const id = `${template.hidden.staging?.groupId ?? ""}/providers/${images.type}/${run.logFolder}`;
  if (findResource(azure, id)) return id;
  const { location, properties } = template.body;
  const tags = properties.managedResourceTags ?? {};
  put(azure, images, id, { location, tags, properties: imageOf(azure, template) });
  run.machines.push(id);
  return id;
}
