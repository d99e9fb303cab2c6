import { regionName } from "../arm/regions.ts";
import type { Azure } from "../azure.ts";
import { deprecationOf, platformImageVersion } from "../compute/platformImages.ts";
import { findIdentity } from "../managedIdentity/userAssignedIdentities.ts";
import { findResource } from "../store/resources.ts";
import { builderMayDo, isSourceGone } from "./goesWrong.ts";
import { scriptProblem } from "./scriptDownloads.ts";
import { definitionOf, resolveVersion } from "./sourceImage.ts";
import { stagingProblem } from "./stagingGroup.ts";
import { type Template, templatePrincipal } from "./templateState.ts";

/** `provisioningErrorCode` and message. */
export interface Problem {
  code: string;
  message: string;
}

export const IDENTITY_UNUSABLE =
  "The assigned managed identity cannot be used. Please remove the existing one and re-assign a new identity.";

const problemOf =
  (code: string) =>
  (message: string): Problem => ({ code, message });

const ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action";

const notAuthorized = (id: string) =>
  `Not authorized to access the resource: ${id}. Please check the user assigned identity has the correct permissions. ` +
  "For more details, go to https://aka.ms/azvmimagebuilderts.";

/** What image builder finds against a template once it looks with the template's own identity. */
export function creationProblem(azure: Azure, template: Template): Problem | undefined {
  if (!templatePrincipal(azure, template)) return { code: "Other", message: IDENTITY_UNUSABLE };
  const staging = stagingProblem(azure, template);
  if (staging) return { code: "BadStagingResourceGroup", message: staging };
  return (
    sourceProblem(azure, template, "creation") ??
    scriptProblem(azure, template) ??
    distributionProblem(azure, template) ??
    networkProblem(azure, template) ??
    identityProblem(azure, template)
  );
}

function identityProblem(azure: Azure, template: Template): Problem | undefined {
  const ids = template.body.properties.vmProfile?.userAssignedIdentities ?? [];
  const refused = ids.find((id) => !builderMayDo(azure, template, ASSIGN, id) || !findIdentity(azure, id));
  return refused === undefined ? undefined : { code: "Other", message: notAuthorized(refused) };
}

/** Reading a source needs a role, except in the marketplace. */
export function sourceProblem(azure: Azure, template: Template, before: "creation" | "run"): Problem | undefined {
  const { location, properties } = template.body;
  const { source } = properties;
  const isGone = isSourceGone(azure, template, before);
  const mayRead = (type: string, id: string) => builderMayDo(azure, template, `Microsoft.Compute/${type}/read`, id);
  if (source.type === "PlatformImage") {
    const { publisher, offer, sku, version } = source;
    const exact = isGone ? undefined : platformImageVersion(azure, source);
    const deprecated = exact && deprecationOf(azure, { publisher, offer, sku, version: exact });
    if (exact && !deprecated) return undefined;
    const missing = `The platform image '${publisher}:${offer}:${sku}:${version}' is not available. Verify that all fields in the source are correct.`;
    return { code: "BadPIRSource", message: deprecated || missing };
  }
  if (source.type === "ManagedImage") {
    const bad = problemOf("BadManagedImageSource");
    const id = source.imageId;
    if (!mayRead("images", id)) return bad(notAuthorized(id));
    const image = isGone ? undefined : findResource(azure, id);
    if (!image) return bad(`The managed image ${id} was not found.`);
    if (image.body.location === location) return undefined;
    return bad(`The managed image ${id} must be in the region of the image template.`);
  }
  const bad = problemOf("BadSharedImageVersionSource");
  const id = source.imageVersionId;
  if (!mayRead("galleries/images/versions", id)) return bad(notAuthorized(id));
  if (!isGone && resolveVersion(azure, id, location)) return undefined;
  const client = "compute.GalleryImageVersionsClient#Get: Failure responding to request: StatusCode=404";
  return bad(`${client} -- Original Error: the image version ${id} was not found in ${location}.`);
}

/** Only that the definition is there and can be read; the right to write shows at the end of a run. */
export function distributionProblem(azure: Azure, template: Template): Problem | undefined {
  const bad = problemOf("BadSharedImageDistribute");
  for (const target of template.body.properties.distribute) {
    if (target.type !== "SharedImage") continue;
    const id = definitionOf(target.galleryImageId);
    if (!builderMayDo(azure, template, "Microsoft.Compute/galleries/images/read", id)) return bad(notAuthorized(id));
    if (!findResource(azure, id)) return bad(`The gallery image definition ${id} was not found.`);
  }
  return undefined;
}

export function networkProblem(azure: Azure, template: Template): Problem | undefined {
  const { location, properties } = template.body;
  const { subnetId, containerInstanceSubnetId } = properties.vmProfile?.vnetConfig ?? {};
  const bad = problemOf("Other");
  const can = (action: string, id: string) => builderMayDo(azure, template, `Microsoft.Network/${action}`, id);
  for (const id of [subnetId, containerInstanceSubnetId].flatMap((one) => one || [])) {
    const network = id.split("/").slice(0, -2).join("/");
    if (!can("virtualNetworks/read", network)) return bad(notAuthorized(network));
    if (!can("virtualNetworks/subnets/join/action", id)) return bad(notAuthorized(id));
    const found = findResource(azure, network);
    if (!found || !findResource(azure, id)) return bad(`The subnet ${id} was not found.`);
    if (regionName(String(found.body.location)) !== location) {
      return bad(`The virtual network ${network} must be in the region of the image template.`);
    }
  }
  return undefined;
}
