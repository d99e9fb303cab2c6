import { AzureError } from "../arm/errors.ts";
import { regions } from "../arm/regions.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import { findResource } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { galleryVersions } from "./apiVersions.ts";
import { definitionShape, galleryShape } from "./shapes.ts";
import { galleryWrites } from "./writes.ts";

const shared = {
  apiVersions: galleryVersions,
  tracked: true,
  locations: regions,
  longRunning: galleryWrites,
  patchesProperties: true,
  childrenFirst: true,
} satisfies Partial<ResourceType>;

export const galleries: ResourceType = {
  type: "Microsoft.Compute/galleries",
  ...shared,
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
  ...shared,
  since: {
    "properties.hyperVGeneration": "2019-07-01",
    "properties.features": "2020-09-30",
    "properties.architecture": "2021-10-01",
  },
  shape: definitionShape,
  complete(_azure, { body }) {
    body.properties = { hyperVGeneration: "V1", architecture: "x64", ...(body.properties as Json) };
  },
  check(azure, definition) {
    requireName("galleryImageName", definition.name, /^[\w.-]{1,80}$/);
    requireSame(azure, definition, ["osType", "osState", "hyperVGeneration", "architecture", "identifier"]);
  },
};

export function requireName(parameter: string, name: string, pattern: RegExp): void {
  if (pattern.test(name)) return;
  throw new AzureError(400, "InvalidParameter", `The value of parameter ${parameter} is invalid.`);
}

function requireSame(azure: Azure, { id, body }: StoredResource, properties: string[]): void {
  const before = findResource(azure, id)?.body.properties as Json | undefined;
  const after = body.properties as Json;
  const changed = properties.find((name) => before && JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  if (!changed) return;
  const message = `Changing property 'galleryImage.properties.${changed}' is not allowed.`;
  throw new AzureError(409, "PropertyChangeNotAllowed", message);
}
