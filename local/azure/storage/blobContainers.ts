import type { ResourceType } from "../arm/resourceType.ts";
import { findResource } from "../store/resources.ts";
import type { StoredResource } from "../store/state.ts";
import { apiVersions, containersOf } from "./storageAccounts.ts";

/** An account's blob service, which is called `default`: what its containers belong to. */
export const blobServices: ResourceType = {
  type: "Microsoft.Storage/storageAccounts/blobServices",
  apiVersions,
};

/** A container as a resource: what roles are assigned on. Its blobs lie with the account. */
export const blobContainers: ResourceType = {
  type: "Microsoft.Storage/storageAccounts/blobServices/containers",
  apiVersions,
  complete(azure, { id, name }) {
    const account = findResource(azure, accountIdOf(id)) as StoredResource;
    containersOf(account)[name] ??= { createdAt: azure.now, blobs: {} };
  },
};

const accountIdOf = (id: string) => id.split("/").slice(0, -4).join("/");
