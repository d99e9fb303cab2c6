import { type Azure, newGuid } from "../azure.ts";
import type { StoredResource } from "../store/state.ts";
import { armErrors } from "./errors.ts";
import { outermost } from "./parents.ts";
import type { ArmRequest } from "./resourceType.ts";

/**
 * Microsoft.Network keeps one etag for a virtual network and all its subnets, and so for each resource with children;
 * it changes with a write, and once more when that has finished: recordings of azure-cli, test_network_nsg and
 * test_network_vnet.
 */
export function etagOf(azure: Azure, resource: StoredResource): string {
  return String(outermost(azure, resource).body.etag);
}

/** Does nothing for types without etags. */
export function renewEtag(azure: Azure, resource: StoredResource): void {
  const { body, type, id } = outermost(azure, resource);
  if (azure.resourceTypes.find(type)?.etag) body.etag = `W/"${newGuid(azure, "etag", id)}"`;
}

/** @throws AzureError 412 where a client has read another version than there is. */
export function requireMatch(azure: Azure, { headers }: ArmRequest, resource: StoredResource): void {
  const sent = headers["if-match"];
  const actual = etagOf(azure, resource);
  if (sent !== undefined && sent !== "*" && sent !== actual)
    throw armErrors.PreconditionFailed(sent, actual, resource.id);
}
