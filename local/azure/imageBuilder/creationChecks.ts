import { regionName } from "../arm/regions.ts";
import type { Azure } from "../azure.ts";
import { deprecationOf, platformImageVersion } from "../compute/platformImages.ts";
import { findIdentity } from "../managedIdentity/principals.ts";
import { findResource } from "../store/resources.ts";
import { builderMayDo, isSourceGone } from "./goesWrong.ts";
import { definitionOf, resolveVersion } from "./sourceImage.ts";
import { stagingProblem } from "./stagingGroup.ts";
import type { Distributor } from "./templateSchema.ts";
import { type Template, templatePrincipal } from "./templateState.ts";

/** `provisioningErrorCode` and message. */
export interface Problem {
  code: string;
  message: string;
}

export const IDENTITY_UNUSABLE =
  "The assigned managed identity cannot be used. Please remove the existing one and re-assign a new identity.";

const notAuthorized = (id: string) =>
  `Not authorized to access the resource: ${id}. Please check the user assigned identity has the correct permissions. ` +
  "For more details, go to https://aka.ms/azvmimagebuilderts.";

/** What image builder finds against a template once it looks with the template's own identity. */
export function creationProblem(azure: Azure, template: Template): Problem | undefined {
  if (!templatePrincipal(azure, template)) return { code: "Other", message: IDENTITY_UNUSABLE };
  const can: Can = (action, id) => builderMayDo(azure, template, action, id);
  const { vmProfile } = template.body.properties;
  const staging = stagingProblem(azure, template);
  if (staging) return { code: "BadStagingResourceGroup", message: staging };
  return (
    sourceProblem(azure, template, "creation") ??
    scriptProblem(template) ??
    distributionProblem(azure, template) ??
    networkProblem(azure, template) ??
    vmProfile?.userAssignedIdentities
      ?.filter(
        (id) => !can("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action", id) || !findIdentity(azure, id),
      )
      .map((id) => ({ code: "Other", message: notAuthorized(id) }))[0]
  );
}

/** Scripts and files are fetched as the template is made: here only told apart by whether they are on the Internet. */
function scriptProblem({ body }: Template): Problem | undefined {
  const { customize, validate } = body.properties;
  const uris = [...(customize ?? []), ...(validate?.inVMValidations ?? [])].map((step) =>
    "sourceUri" in step ? step.sourceUri : "scriptUri" in step ? step.scriptUri : undefined,
  );
  const unavailable = uris.find((uri) => uri && !isOnTheInternet(uri));
  return unavailable
    ? {
        code: "NoCustomizerScript",
        message: `Resource ${unavailable} is unavailable. Please check the file exists and is accessible.`,
      }
    : undefined;
}

function isOnTheInternet(uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname } = new URL(uri);
  const isInside = /^(10|127|169\.254|172\.(1[6-9]|2\d|3[01])|192\.168)\.|^\[|^[^.]*$|\.(internal|local)$/.test(
    hostname,
  );
  return /^https?:$/.test(protocol) && !isInside;
}

type Can = (action: string, id: string) => boolean;

/** Reading a source needs a role, except in the marketplace. */
export function sourceProblem(azure: Azure, template: Template, before: "creation" | "run"): Problem | undefined {
  const { source } = template.body.properties;
  const { location } = template.body;
  const can: Can = (action, id) => builderMayDo(azure, template, action, id);
  const isGone = isSourceGone(azure, template, before);
  switch (source.type) {
    case "PlatformImage": {
      const { publisher, offer, sku, version } = source;
      const exact = isGone ? undefined : platformImageVersion(azure, source);
      const deprecated = exact && deprecationOf(azure, { publisher, offer, sku, version: exact });
      if (exact && !deprecated) return undefined;
      return {
        code: "BadPIRSource",
        message:
          deprecated ||
          `The platform image '${publisher}:${offer}:${sku}:${version}' is not available. Verify that all fields in the source are correct.`,
      };
    }
    case "ManagedImage": {
      const code = "BadManagedImageSource";
      if (!can("Microsoft.Compute/images/read", source.imageId))
        return { code, message: notAuthorized(source.imageId) };
      const image = isGone ? undefined : findResource(azure, source.imageId);
      if (!image) return { code, message: `The managed image ${source.imageId} was not found.` };
      if (image.body.location === location) return undefined;
      return { code, message: `The managed image ${source.imageId} must be in the region of the image template.` };
    }
    default: {
      const code = "BadSharedImageVersionSource";
      const id = source.imageVersionId;
      if (!can("Microsoft.Compute/galleries/images/versions/read", id)) return { code, message: notAuthorized(id) };
      if (!isGone && resolveVersion(azure, id, location)) return undefined;
      const client = "compute.GalleryImageVersionsClient#Get: Failure responding to request: StatusCode=404";
      return { code, message: `${client} -- Original Error: the image version ${id} was not found in ${location}.` };
    }
  }
}

/** Only that the definition is there and can be read; the right to write shows at the end of a run. */
export function distributionProblem(azure: Azure, template: Template): Problem | undefined {
  const can: Can = (action, id) => builderMayDo(azure, template, action, id);
  return template.body.properties.distribute.map((target) => targetProblem(azure, target, can)).find(Boolean);
}

function targetProblem(azure: Azure, target: Distributor, can: Can): Problem | undefined {
  if (target.type !== "SharedImage") return undefined;
  const code = "BadSharedImageDistribute";
  const definition = definitionOf(target.galleryImageId);
  if (!can("Microsoft.Compute/galleries/images/read", definition)) return { code, message: notAuthorized(definition) };
  if (findResource(azure, definition)) return undefined;
  return { code, message: `The gallery image definition ${definition} was not found.` };
}

export function networkProblem(azure: Azure, template: Template): Problem | undefined {
  const { body } = template;
  const can: Can = (action, id) => builderMayDo(azure, template, action, id);
  const { subnetId, containerInstanceSubnetId } = body.properties.vmProfile?.vnetConfig ?? {};
  for (const subnet of [subnetId, containerInstanceSubnetId].filter((id) => typeof id === "string" && id !== "")) {
    const id = subnet ?? "";
    const network = id.split("/").slice(0, -2).join("/");
    if (!can("Microsoft.Network/virtualNetworks/read", network))
      return { code: "Other", message: notAuthorized(network) };
    if (!can("Microsoft.Network/virtualNetworks/subnets/join/action", id))
      return { code: "Other", message: notAuthorized(id) };
    const found = findResource(azure, network);
    if (!found || !findResource(azure, id)) return { code: "Other", message: `The subnet ${id} was not found.` };
    if (regionName(String(found.body.location)) !== body.location) {
      return { code: "Other", message: `The virtual network ${network} must be in the region of the image template.` };
    }
  }
  return undefined;
}
