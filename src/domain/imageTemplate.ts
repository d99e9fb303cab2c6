import type { Recipe } from "./recipe.ts";
import type { Topology } from "./topology.ts";

/** The body of a PUT of an image template, API version 2025-10-01, as far as recipes use it. */
export interface ImageTemplateBody {
  location: string;
  tags: Record<string, string>;
  identity: { type: "UserAssigned"; userAssignedIdentities: Record<string, Record<string, never>> };
  source: Recipe["source"];
  customize: Recipe["customize"];
  distribute: [
    {
      type: "SharedImage";
      runOutputName: string;
      galleryImageId: string;
      targetRegions: Recipe["distribute"]["targetRegions"];
      excludeFromLatest: boolean;
      versioning?: { scheme: "Latest"; major: number };
      artifactTags: Record<string, string>;
    },
  ];
  vmProfile: {
    vmSize: string;
    osDiskSizeGB: number;
    vnetConfig?: { subnetId: string } & ({ proxyVmSize: string } | { containerInstanceSubnetId: string });
  };
  buildTimeoutInMinutes: number;
  managedResourceTags: Record<string, string>;
}

/** The one distribution target's name: run outputs are read back under it. */
export const RUN_OUTPUT = "gallery";

export function imageTemplateOf(
  recipe: Recipe,
  ids: { buildId: string; installationId: string; identityId: string; topology: Topology; galleryImageId: string },
): ImageTemplateBody {
  const { targetRegions, excludeFromLatest, versioning } = recipe.distribute;
  const tags = {
    ...recipe.tags,
    "goldsmith-build": ids.buildId,
    "goldsmith-installation": ids.installationId,
  };
  return {
    location: recipe.location,
    tags,
    identity: { type: "UserAssigned", userAssignedIdentities: { [ids.identityId]: {} } },
    source: recipe.source,
    customize: recipe.customize,
    distribute: [
      {
        type: "SharedImage",
        runOutputName: RUN_OUTPUT,
        galleryImageId: ids.galleryImageId,
        targetRegions,
        excludeFromLatest,
        ...(versioning ? { versioning } : {}),
        artifactTags: tags,
      },
    ],
    vmProfile: {
      vmSize: recipe.vm.size,
      osDiskSizeGB: recipe.vm.osDiskSizeGB,
      ...networkOf(ids.topology),
    },
    buildTimeoutInMinutes: recipe.timeoutMinutes,
    managedResourceTags: tags,
  };
}

function networkOf(topology: Topology): Pick<ImageTemplateBody["vmProfile"], "vnetConfig"> {
  if (topology.kind === "none") return {};
  const { kind: _, ...vnetConfig } = topology;
  return { vnetConfig };
}
