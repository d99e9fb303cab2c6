import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { v5 as uuidv5 } from "uuid";
import type { Place } from "./place.ts";
import { idAt } from "./resourceIds.ts";

export type Value = unknown;
type Call = (place: Place, ...values: never[]) => Value;
type Lambda = (...values: Value[]) => Value;
type Json = Record<string, Value>;

export interface BicepFunction {
  least: number;
  most: number;
  call: Call;
}

const fn = (least: number, most: number, call: Call): BicepFunction => ({ least, most, call });

/** Any hash that stays the same would do: Azure's own is not published. */
const hashed = (values: string[]) =>
  BigInt(`0x${createHash("sha256").update(values.join("\0")).digest("hex")}`)
    .toString(32)
    .slice(0, 13);
const GUIDS = "11fb06fb-712d-4ddd-98c7-e71bbd588830";

/**
 * The functions of Bicep 0.28 that infra/ uses, and how many values each takes. What is missing here does not resolve: a later
 * one, as `fail` of 0.33, would end a deployment by an older compiler.
 */
export const FUNCTIONS: ReadonlyMap<string, BicepFunction> = new Map(
  Object.entries({
    any: fn(1, 1, (_, value: Value) => value),
    bool: fn(1, 1, (_, value: Value) => String(value).toLowerCase() === "true"),
    concat: fn(1, Infinity, (_, ...values: (string | Value[])[]) =>
      values.every(Array.isArray) ? values.flat() : values.join(""),
    ),
    contains: fn(2, 2, (_, whole: string | Value[] | Json, part: string) =>
      typeof whole === "string" || Array.isArray(whole) ? whole.includes(part) : Object.hasOwn(whole, part),
    ),
    deployment: fn(0, 0, ({ deploymentName, location }) => ({ name: deploymentName, location })),
    empty: fn(1, 1, (_, value: string | Value[] | Json | null) => value === null || Object.keys(value).length === 0),
    endsWith: fn(2, 2, (_, text: string, end: string) => text.toLowerCase().endsWith(end.toLowerCase())),
    environment: fn(0, 0, () => PUBLIC_CLOUD),
    filter: fn(2, 2, (_, list: Value[], keeps: Lambda) => list.filter((item, index) => keeps(item, index))),
    first: fn(1, 1, (_, list: string | Value[]) => list[0]),
    flatten: fn(1, 1, (_, lists: Value[][]) => lists.flat()),
    format: fn(1, Infinity, (_, text: string, ...values: Value[]) =>
      text.replaceAll(/\{(\d+)\}/g, (_, at: string) => String(values[Number(at)])),
    ),
    guid: fn(1, Infinity, (_, ...values: string[]) => uuidv5(values.map(textOnly).join("-"), GUIDS)),
    indexOf: fn(2, 2, (_, whole: string | Value[], part: string) => whole.indexOf(part)),
    items: fn(1, 1, (_, object: Json) =>
      Object.keys(object)
        .toSorted((one, other) => (one.toLowerCase() < other.toLowerCase() ? -1 : 1))
        .map((key) => ({ key, value: object[key] })),
    ),
    join: fn(2, 2, (_, list: Value[], between: string) => list.map(textOnly).join(between)),
    json: fn(1, 1, (_, text: string) => JSON.parse(text) as Value),
    last: fn(1, 1, (_, list: string | Value[]) => list[list.length - 1]),
    length: fn(1, 1, (_, value: string | Value[] | Json) => Object.keys(value).length),
    loadJsonContent: fn(
      1,
      3,
      ({ folder }, path: string) => JSON.parse(readFileSync(join(folder, path), "utf8")) as Value,
    ),
    loadTextContent: fn(1, 2, ({ folder }, path: string) => readFileSync(join(folder, path), "utf8")),
    map: fn(2, 2, (_, list: Value[], to: Lambda) => list.map((item, index) => to(item, index))),
    max: fn(1, Infinity, (_, ...values: number[]) => Math.max(...values)),
    min: fn(1, Infinity, (_, ...values: number[]) => Math.min(...values)),
    padLeft: fn(2, 3, (_, text: Value, length: number, fill = " ") => String(text).padStart(length, fill)),
    range: fn(2, 2, (_, from: number, count: number) => Array.from({ length: count }, (_, at) => from + at)),
    replace: fn(3, 3, (_, text: string, from: string, to: string) =>
      textOnly(text).replaceAll(from, () => textOnly(to)),
    ),
    resourceGroup: fn(0, 2, (place, ...values: string[]) => groupOf(place, values)),
    resourceId: fn(2, Infinity, (place, ...values: string[]) => {
      const type = values.findIndex((one) => one.includes("/"));
      const [group = groupOf(place, []).name, subscriptionId = place.subscriptionId] = values
        .slice(0, type)
        .toReversed();
      const scope = `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
      return idAt(scope, values[type] ?? "", values.slice(type + 1));
    }),
    skip: fn(2, 2, (_, list: string | Value[], count: number) => list.slice(count)),
    sort: fn(2, 2, (_, list: Value[], isBefore: Lambda) => list.toSorted((a, b) => (isBefore(a, b) ? -1 : 1))),
    split: fn(2, 2, (_, text: string, at: string) => textOnly(text).split(at)),
    startsWith: fn(2, 2, (_, text: string, start: string) => text.toLowerCase().startsWith(start.toLowerCase())),
    string: fn(1, 1, (_, value: Value) => (typeof value === "string" ? value : JSON.stringify(value))),
    subscription: fn(0, 1, ({ subscriptionId, tenantId }, id: string = subscriptionId) => ({
      id: `/subscriptions/${id}`,
      subscriptionId: id,
      tenantId,
    })),
    subscriptionResourceId: fn(2, Infinity, ({ subscriptionId }, type: string, ...names: string[]) =>
      idAt(`/subscriptions/${subscriptionId}`, type, names),
    ),
    substring: fn(2, 3, (_, text: string, from: number, length?: number) =>
      text.slice(from, length === undefined ? undefined : from + length),
    ),
    take: fn(2, 2, (_, list: string | Value[], count: number) => list.slice(0, count)),
    tenant: fn(0, 0, ({ tenantId }) => ({ tenantId })),
    toLower: fn(1, 1, (_, text: string) => textOnly(text).toLowerCase()),
    toObject: fn(2, 3, (_, list: Value[], key: Lambda, value: Lambda = (one) => one) =>
      Object.fromEntries(list.map((item) => [textOnly(key(item)), value(item)])),
    ),
    toUpper: fn(1, 1, (_, text: string) => textOnly(text).toUpperCase()),
    trim: fn(1, 1, (_, text: string) => text.trim()),
    union: fn(2, Infinity, (_, ...values: (Value[] | Json)[]) =>
      values.every(Array.isArray)
        ? [...new Set(values.flat())]
        : values.reduce<Json>((all, one) => merged(all, one as Json), {}),
    ),
    uniqueString: fn(1, Infinity, (_, ...values: string[]) => hashed(values.map(textOnly))),
    uri: fn(2, 2, (_, base: string, path: string) => new URL(path, base).href),
  }),
);

/** Those that give something else each time, or open what is secret. */
export const FORBIDDEN_FUNCTIONS = new Set([
  "utcNow",
  "newGuid",
  "listKeys",
  "listAccountSas",
  "listServiceSas",
  "getSecret",
]);

const PUBLIC_CLOUD = {
  name: "AzureCloud",
  resourceManager: "https://management.azure.com/",
  authentication: { loginEndpoint: "https://login.microsoftonline.com/" },
  suffixes: { storage: "core.windows.net", keyvaultDns: ".vault.azure.net" },
};

function textOnly(value: Value): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new Error(`A text wanted, not ${JSON.stringify(value)}`);
}

/** Objects within objects are united as well. */
function merged(one: Json, other: Json): Json {
  const both = { ...one };
  for (const [name, value] of Object.entries(other)) {
    both[name] = isObject(both[name]) && isObject(value) ? merged(both[name], value) : value;
  }
  return both;
}

const isObject = (value: Value): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

function groupOf({ subscriptionId, resourceGroup, location }: Place, values: string[]) {
  const [name = resourceGroup, inSubscription = subscriptionId] = values.toReversed();
  if (name === undefined) throw new Error("There is no resource group at the scope of a subscription.");
  return { id: `/subscriptions/${inSubscription}/resourceGroups/${name}`, name, location };
}
