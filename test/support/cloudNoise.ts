import { seededRandom } from "../../local/azure/store/random.ts";
import { ids } from "./cloudTemplates.ts";

const STARTS = [
  ids.imageGroup,
  ids.network,
  ids.definition,
  ids.template("t"),
  `${ids.subscription}/resourceGroups`,
  "",
  "/",
];

const SEGMENTS = (
  "subscriptions resourceGroups rg-images rg-none providers Microsoft.Compute Microsoft.VirtualMachineImages imageTemplates " +
  "t run cancel runOutputs Microsoft.Network virtualNetworks vnet-builds subnets usages Microsoft.Authorization " +
  "roleAssignments roleDefinitions locations operations resources operationresults galleries versions latest packerlogs " +
  "_control abc123 %2f %00 .. * é ' __proto__ constructor"
).split(" ");

const QUERIES = [
  "",
  "?api-version=",
  "?api-version=2025-10-01",
  "?api-version=2024-03-03",
  "?api-version=2021-04-01",
  "?api-version=2025-05-01",
  "?api-version=2022-04-01&$filter=principalId eq",
  "?restype=container&comp=list",
];

const BODIES = [
  "{",
  "{}",
  '{"properties":null}',
  '{"properties":[]}',
  '{"location":1}',
  '{"location":"westeurope","properties":{"subnets":[{}]}}',
  '{"location":"westeurope","properties":{"subnets":[null]}}',
  '{"location":"westeurope","identity":{"userAssignedIdentities":{"x":1}}}',
  '{"location":"westeurope","tags":"x"}',
  '{"properties":{"source":{"type":7}}}',
  '{"properties":{"principalId":{}}}',
  '{"properties":{"publishingProfile":1},"location":"westeurope"}',
];

/** A request that nobody would send, by its number; the same each time. */
export function noise(at: number): { method: string; path: string; body: string | undefined } {
  const random = seededRandom(7);
  const pick = (items: string[], ...purpose: (string | number)[]) =>
    items[Math.floor(random.fraction(at, ...purpose) * items.length)] ?? "";
  const depth = Math.floor(random.fraction(at, "depth") ** 3 * 11);
  const segments = Array.from({ length: depth }, (_, level) => pick(SEGMENTS, "segment", level));
  const method = pick(["GET", "GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"], "method");
  const path = [pick(STARTS, "start"), ...segments].join("/") + pick(QUERIES, "query");
  const bodyless = method === "GET" || method === "HEAD";
  return { method, path: path.startsWith("/") ? path : `/${path}`, body: bodyless ? undefined : pick(BODIES, "body") };
}
