import { AzureError, badRequest } from "../arm/errors.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import { findResource } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { ofGallery } from "./writes.ts";
import { definitionShape, galleryShape } from "./shapes.ts";

export const galleries: ResourceType = {
  type: "Microsoft.Compute/galleries",
  ...ofGallery,
  childrenFirst: true,
  shape: galleryShape,
  expands: ["SharingProfile/Groups"],
  setByAzure: ["sharingStatus"],
  complete(azure, { body, name }) {
    const uniqueName = `${azure.landscape.subscriptionId}-${name.toUpperCase()}`;
    body.properties = { ...(body.properties as Json), identifier: { uniqueName } };
  },
  check: (_azure, { name }) => requireName("galleryName", name, /^[\w.]{1,80}$/),
};

/** An image definition says for good what kind of image its versions are. */
export const imageDefinitions: ResourceType = {
  type: "Microsoft.Compute/galleries/images",
  ...ofGallery,
  childrenFirst: true,
  since: {
    "properties.hyperVGeneration": "2019-07-01",
    "properties.features": "2020-09-30",
    "properties.architecture": "2021-10-01",
  },
  shape: definitionShape,
  defaults: { hyperVGeneration: "V1", architecture: "x64" },
  check(azure, definition) {
    requireName("galleryImageName", definition.name, /^[\w.-]{1,80}$/);
    requireSame(azure, definition, ["osType", "osState", "hyperVGeneration", "architecture", "identifier"]);
  },
};

export function requireName(parameter: string, name: string, pattern: RegExp): void {
  if (pattern.test(name)) return;
  throw badRequest("InvalidParameter", `The value of parameter ${parameter} is invalid.`);
}

function requireSame(azure: Azure, { id, body }: StoredResource, properties: string[]): void {
  const before = findResource(azure, id)?.body.properties as Json | undefined;
  const after = body.properties as Json;
  const changed = properties.find((name) => before && JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  if (!changed) return;
  const message = `Changing property 'galleryImage.properties.${changed}' is not allowed.`;
  throw new AzureError(409, "PropertyChangeNotAllowed", message);
}
