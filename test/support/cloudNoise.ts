import { seededRandom } from "../../local/azure/store/random.ts";
import { ids, imageSource, templateBody } from "./cloudTemplates.ts";

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

/** Writes that would be taken. */
const WRITES: [path: string, body: object][] = [
  [`${ids.template("t")}?api-version=2025-10-01`, templateBody()],
  [
    `${ids.network}?api-version=2025-05-01`,
    {
      location: "westeurope",
      properties: {
        addressSpace: { addressPrefixes: ["10.40.0.0/16"] },
        subnets: [{ name: "snet-builds", properties: { addressPrefix: "10.40.0.0/27", delegations: [] } }],
      },
    },
  ],
  [
    `${ids.definition}/versions/1.0.0?api-version=2024-03-03`,
    {
      location: "westeurope",
      properties: { ...imageSource, publishingProfile: { targetRegions: [{ name: "westus" }] } },
    },
  ],
  [
    `${ids.imageGroup}/providers/Microsoft.Storage/storageAccounts/abc123?api-version=2024-01-01`,
    { location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" }, tags: { a: "b" } },
  ],
  [
    `${ids.assignment(ids.imageGroup, "9d3f4f0e-5d0b-4d7e-9b0a-00000000000c")}?api-version=2022-04-01`,
    {
      properties: {
        roleDefinitionId: ids.role("acdd72a7-3385-48ef-bd42-f606fba81ae7"),
        principalId: ids.template("t"),
      },
    },
  ],
];

const VALUES = [
  null,
  "",
  7,
  -1,
  true,
  [],
  {},
  [null],
  [{}],
  { id: ids.network },
  "constructor",
  "10.40.0.0/33",
  ids.subnet,
];

/** A request that nobody would send, by its number; the same each time. Half of them are nearly right. */
export function noise(at: number): { method: string; path: string; body: string | undefined } {
  return at % 2 === 0 ? nonsense(at) : nearlyRight(at);
}

/** A write of which one value, or one and all in it, is another. */
function nearlyRight(at: number) {
  const random = seededRandom(7);
  const pick = <T>(items: readonly T[], purpose: string) =>
    items[Math.floor(random.fraction(at, purpose) * items.length)];
  const [path, whole] = pick(WRITES, "write") ?? ["/", {}];
  const body = structuredClone(whole);
  const places = placesIn(body);
  const [object, name] = pick(places, "place") ?? [{}, ""];
  object[name] = pick(VALUES, "value");
  return { method: pick(["PUT", "PUT", "PATCH"], "method") ?? "PUT", path, body: JSON.stringify(body) };
}

/** Every property in a body, however deep, with the object that has it. */
function placesIn(value: unknown): [object: Record<string, unknown>, name: string][] {
  if (typeof value !== "object" || value === null) return [];
  const object = value as Record<string, unknown>;
  return Object.keys(object).flatMap((name) => [[object, name] as [typeof object, string], ...placesIn(object[name])]);
}

function nonsense(at: number): { method: string; path: string; body: string | undefined } {
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
