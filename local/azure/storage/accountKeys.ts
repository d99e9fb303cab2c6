import { existing } from "../arm/genericResources.ts";
import type { ArmAnswer, ArmRequest, ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import type { StoredResource } from "../store/state.ts";

const KEY_NAMES = ["key1", "key2"];

/** The two keys of an account: of one that Azurite serves, Azurite's own. */
export function listKeys(azure: Azure, type: ResourceType, request: ArmRequest): ArmAnswer {
  const account = existing(azure, type, request);
  const keys = KEY_NAMES.map((keyName) => ({
    creationTime: new Date(account.createdAt ?? azure.now).toISOString(),
    keyName,
    value: keyOf(azure, account, keyName),
    permissions: "Full",
  }));
  return { status: 200, body: { keys } };
}

/** In base64. */
export const keysOf = (azure: Azure, account: StoredResource) =>
  KEY_NAMES.map((keyName) => keyOf(azure, account, keyName));

function keyOf({ settings, random }: Azure, { name, id }: StoredResource, keyName: string): string {
  if (settings.azurite?.account === name) return settings.azurite.key;
  return random.bytes(64, "account key", id, keyName).toString("base64");
}
