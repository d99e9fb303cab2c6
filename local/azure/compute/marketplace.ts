import { armErrors, invalidQuery, notFound } from "../arm/errors.ts";
import { type ArmRequest, ok, type ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import type { Json } from "../store/state.ts";
import { computeVersions } from "./writes.ts";
import { compareVersions } from "./imageVersions.ts";
import {
  deprecationOf,
  detailsOf,
  isGeneration2,
  isSame,
  isWindows,
  marketplaceImages,
  type PlatformImage,
} from "./platformImages.ts";

/** The levels of the marketplace, with Azure's spelling of each in ids. */
const LEVELS = ["Publishers", "ArtifactTypes", "Offers", "Skus", "Versions"];
const BASE = "Microsoft.Compute/locations";

/**
 * Lists of publishers, offers, skus and versions: each a bare array, without pages. Every region has all of them.
 *
 * What is not there: 404 with the texts of azure-cli's issues on `vm image list` and `vm image show`.
 */
export const marketplace: ResourceType[] = ["publishers", "offers", "skus", "versions"].map((level) => {
  const depth = LEVELS.findIndex((name) => name.toLowerCase() === level);
  const path = LEVELS.slice(0, depth + 1).map((name) => name.toLowerCase());
  return {
    type: [BASE, ...path].join("/"),
    apiVersions: computeVersions,
    readOnly: true,
    list: (azure, request) => ok(entries(azure, request, depth)),
    ...(level === "versions" ? { expands: ["Properties"], get: (azure, request) => ok(shown(azure, request)) } : {}),
  } satisfies ResourceType;
});

/** The names that stand at one level below those that the path names. */
function entries(azure: Azure, request: ArmRequest, depth: number): Json[] {
  const named = request.target.names.slice(1).map((name) => name.toLowerCase());
  const below = marketplaceImages(azure)
    .flatMap(({ publisher, offer, sku, versions }) =>
      versions.map((version) => [publisher, "VMImage", offer, sku, version]),
    )
    .filter((path) => named.every((name, at) => path[at]?.toLowerCase() === name));
  if (below.length === 0) throw armErrors.NotFound("Artifact: VMImage was not found.");
  const names = [...new Set(below.map((path) => path[depth] ?? ""))];
  const location = request.target.names[0] ?? "";
  const parents = below[0]?.slice(0, depth) ?? [];
  const [publisher = "", , offer = "", sku = ""] = parents;
  const isWhole = LEVELS[depth] === "Versions" && request.query.get("$expand") !== null;
  return chosen(names, request.query).map((name) => ({
    location,
    name,
    id: idOf(azure, location, [...parents, name]),
    ...(isWhole ? { properties: propertiesOf(azure, { publisher, offer, sku, version: name }) } : {}),
  }));
}

/** Azure writes these ids with capitals. */
function idOf({ landscape }: Azure, location: string, names: string[]): string {
  const path = names.map((name, at) => `/${LEVELS[at]}/${name}`).join("");
  return `/Subscriptions/${landscape.subscriptionId}/Providers/Microsoft.Compute/Locations/${location}${path}`;
}

function chosen(names: string[], query: URLSearchParams): string[] {
  const [filter, orderBy, top] = ["$filter", "$orderby", "$top"].map((name) => query.get(name));
  const prefix = filter ? /^startswith\(name, ?'([^']*)'\)$/i.exec(filter)?.[1] : "";
  if (prefix === undefined) throw invalidQuery("$filter", filter ?? "");
  if (top && !/^\d+$/.test(top)) throw invalidQuery("$top", top);
  const sorted = names.filter((name) => name.startsWith(prefix)).sort(byVersionOrName);
  return (/^name desc$/i.test(orderBy ?? "") ? sorted.toReversed() : sorted).slice(0, top ? Number(top) : undefined);
}

function byVersionOrName(one: string, other: string): number {
  const versions = [one, other].every((name) => /^\d+(\.\d+)+$/.test(name));
  return versions ? compareVersions(one, other) : one.localeCompare(other);
}

function shown(azure: Azure, request: ArmRequest): Json {
  const [location = "", publisher = "", , offer = "", sku = "", version = ""] = request.target.names;
  const image = marketplaceImages(azure).find((one) => isSame(one, { publisher, offer, sku }));
  if (!image?.versions.includes(version)) {
    throw notFound(
      "PlatformImageNotFound",
      `The platform image '${publisher}:${offer}:${sku}:${version}' is not available. ` +
        "Verify that all fields in the storage profile are correct.",
    );
  }
  const exact = { publisher: image.publisher, offer: image.offer, sku: image.sku, version };
  const deprecated = deprecationOf(azure, exact);
  if (deprecated) throw notFound("ImageVersionDeprecated", deprecated);
  return {
    location,
    name: version,
    id: idOf(azure, location, [image.publisher, "VMImage", image.offer, image.sku, version]),
    properties: propertiesOf(azure, exact),
  };
}

function propertiesOf(azure: Azure, image: Omit<PlatformImage, "plan">): Json {
  const { plan, deprecation, securityType, sizeGB, tellsSize } = detailsOf(azure, image);
  return {
    hyperVGeneration: isGeneration2(image) ? "V2" : "V1",
    architecture: "x64",
    ...(plan ? { plan } : {}),
    osDiskImage: {
      operatingSystem: isWindows(image) ? "Windows" : "Linux",
      ...(tellsSize ? { sizeInGb: sizeGB } : {}),
    },
    dataDiskImages: [],
    automaticOSUpgradeProperties: { automaticOSUpgradeSupported: false },
    features: [
      ...(securityType === "Standard" ? [] : [{ name: "SecurityType", value: securityType }]),
      { name: "IsAcceleratedNetworkSupported", value: "True" },
    ],
    imageDeprecationStatus: deprecation
      ? { imageState: deprecation.state, scheduledDeprecationTime: deprecation.at }
      : { imageState: "Active" },
  };
}
