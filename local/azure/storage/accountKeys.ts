import { createHmac, timingSafeEqual } from "node:crypto";
import { existing } from "../arm/genericResources.ts";
import { type ArmAnswer, type ArmRequest, ok, type ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import type { HttpRequest } from "../server/http.ts";
import type { StoredResource } from "../store/state.ts";
import { blobErrors } from "./blobErrors.ts";

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
  return ok({ keys });
}

/** In base64. */
const keysOf = (azure: Azure, account: StoredResource) => KEY_NAMES.map((keyName) => keyOf(azure, account, keyName));

function keyOf({ settings, random }: Azure, { name, id }: StoredResource, keyName: string): string {
  if (settings.azurite?.account === name) return settings.azurite.key;
  return random.bytes(64, "account key", id, keyName).toString("base64");
}

const SHARED_KEY = /^SharedKey ([a-z\d]{3,24}):([\w+/]+=*)$/i;

/** Signed one by one, without their names. */
const SIGNED = [
  "content-encoding",
  "content-language",
  "content-length",
  "content-md5",
  "content-type",
  "date",
  "if-modified-since",
  "if-match",
  "if-none-match",
  "if-unmodified-since",
  "range",
];

/**
 * Whether a request is signed with a key of the account, which may do anything with its blobs.
 *
 * @throws AzureError 403 where it is signed otherwise, or where the account takes no keys.
 */
export function isSignedWithKey(azure: Azure, account: StoredResource, request: HttpRequest): boolean {
  const { authorization = "" } = request.headers;
  if (!/^SharedKey /i.test(authorization)) return false;
  const { allowSharedKeyAccess } = account.body.properties as { allowSharedKeyAccess?: boolean };
  if (allowSharedKeyAccess === false) throw blobErrors.KeyBasedAuthenticationNotPermitted();
  const [, name, signature = ""] = SHARED_KEY.exec(authorization) ?? [];
  const sent = Buffer.from(signature, "base64");
  const text = textToSign(account.name, request);
  const fits = keysOf(azure, account).some((key) => {
    const right = createHmac("sha256", Buffer.from(key, "base64")).update(text).digest();
    return sent.length === right.length && timingSafeEqual(sent, right);
  });
  if (name !== account.name || !fits) throw blobErrors.AuthenticationFailed();
  return true;
}

/** As documented of the authorization scheme SharedKey. */
function textToSign(account: string, { method, path, query, headers }: HttpRequest): string {
  const standard = SIGNED.map((name) =>
    name === "content-length" && headers[name] === "0" ? "" : (headers[name] ?? ""),
  );
  const own = Object.keys(headers)
    .filter((name) => name.startsWith("x-ms-"))
    .sort()
    .map((name) => `${name}:${headers[name]}`);
  const names = [...new Set([...query.keys()].map((name) => name.toLowerCase()))].sort();
  const asked = names.map((wanted) => {
    const values = [...query].flatMap(([name, value]) => (name.toLowerCase() === wanted ? [value] : []));
    return `${wanted}:${values.sort().join(",")}`;
  });
  return [method, ...standard, ...own, [`/${account}${path}`, ...asked].join("\n")].join("\n");
}
