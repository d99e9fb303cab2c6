import * as z from "zod";
import { sameId } from "../arm/resourceId.ts";
import type { Azure } from "../azure.ts";
import { compareVersions } from "./imageVersions.ts";

/** Marketplace images, by publisher:offer:sku, with the newest version of each. */
const LATEST: Record<string, string> = {
  "Canonical:UbuntuServer:18.04-LTS": "18.04.202401161",
  "Canonical:UbuntuServer:18_04-lts-gen2": "18.04.202401161",
  "Canonical:0001-com-ubuntu-server-focal:20_04-lts": "20.04.202505200",
  "Canonical:0001-com-ubuntu-server-focal:20_04-lts-gen2": "20.04.202505200",
  "Canonical:0001-com-ubuntu-server-jammy:22_04-lts": "22.04.202611050",
  "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2": "22.04.202611050",
  "Canonical:ubuntu-22_04-lts:server": "22.04.202611050",
  "Canonical:ubuntu-24_04-lts:server": "24.04.202611100",
  "Canonical:ubuntu-24_04-lts:server-gen1": "24.04.202611100",
  "Canonical:ubuntu-24_04-lts:minimal": "24.04.202611100",
  "Canonical:ubuntu-26_04-lts:server": "26.04.202611120",
  "Debian:debian-12:12-gen2": "0.20261101.2400",
  "Debian:debian-13:13-gen2": "0.20261101.2400",
  "RedHat:RHEL:9-lvm-gen2": "9.6.2026101512",
  "MicrosoftWindowsServer:WindowsServer:2019-Datacenter": "17763.8027.261108",
  "MicrosoftWindowsServer:WindowsServer:2022-datacenter-azure-edition": "20348.4405.261108",
  "MicrosoftWindowsServer:WindowsServer:2025-datacenter-azure-edition": "26100.7171.261108",
  "MicrosoftWindowsDesktop:Windows-11:win11-24h2-avd": "26100.7171.261109",
  "MicrosoftWindowsDesktop:office-365:win11-24h2-avd-m365": "26100.7171.261109",
};

const name = z.string().regex(/^[\w.-]+$/);
export const platformImage = z.strictObject({
  publisher: name,
  offer: name,
  sku: name,
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  /** What has to be bought with it. */
  plan: z.strictObject({ name, product: name, publisher: name }).optional(),
  /** Where Azure goes on offering it no longer, or not for long: since when, or until when. */
  deprecation: z
    .strictObject({ state: z.enum(["ScheduledForDeprecation", "Deprecated"]), at: z.iso.datetime() })
    .optional(),
  securityType: z.enum(["TrustedLaunch", "TrustedLaunchSupported", "ConfidentialVM", "Standard"]).optional(),
  sizeGB: z.int().min(1).optional(),
});
export type PlatformImage = z.infer<typeof platformImage>;
/** An image by its names. */
type Names = Pick<PlatformImage, "publisher" | "offer" | "sku">;

/** What is on the marketplace from the start. */
const first: PlatformImage[] = Object.entries(LATEST).map(([urn, version]) => {
  const [publisher = "", offer = "", sku = ""] = urn.split(":");
  return { publisher, offer, sku, version };
});

export const isSame = (one: Names, other: Names) =>
  sameId(`${one.publisher}:${one.offer}:${one.sku}`, `${other.publisher}:${other.offer}:${other.sku}`);

/** Puts a new version, or a new image, on the marketplace. */
export function publishPlatformImage({ state }: Azure, image: PlatformImage): void {
  state.publishedImages.push(image);
}

/** Takes a version off the marketplace again, as publishers do with one that is not good. @throws Error where it is not there. */
export function withdrawPlatformImage({ state }: Azure, image: Names & { version: string }): void {
  const left = state.publishedImages.filter((one) => !isSame(one, image) || one.version !== image.version);
  if (left.length === state.publishedImages.length) throw new Error("Nobody has published that version here.");
  state.publishedImages = left;
}

/** @returns the version that `version` means, or nothing where there is no such image, or not that version of it. */
export function platformImageVersion(azure: Azure, image: Names & { version: string }): string | undefined {
  const versions = marketplaceImages(azure).find((one) => isSame(one, image))?.versions ?? [];
  if (image.version.toLowerCase() === "latest") return versions.toSorted(compareVersions).at(-1);
  return versions.find((version) => version === image.version);
}

/** All that is on the marketplace, with the versions of each that there have been since it began. */
export function marketplaceImages({ state }: Azure) {
  const images: (Names & { versions: string[] })[] = [];
  for (const { publisher, offer, sku, version } of [...first, ...state.publishedImages]) {
    const known = images.find((one) => isSame(one, { publisher, offer, sku }));
    if (!known) images.push({ publisher, offer, sku, versions: [version] });
    else if (!known.versions.includes(version)) known.versions.push(version);
  }
  return images;
}

/** What else is told of a version, as it was published last. */
export function detailsOf({ state }: Azure, image: Names & { version: string }) {
  const published = state.publishedImages.findLast((one) => isSame(one, image) && one.version === image.version);
  return {
    plan: published?.plan,
    deprecation: published?.deprecation,
    securityType: published?.securityType ?? (isGeneration2(image) ? "TrustedLaunchSupported" : "Standard"),
    sizeGB: published?.sizeGB ?? (isWindows(image) ? 127 : 30),
    /** Some answers have been seen with it and some without; the SDK's model does not have it. */
    tellsSize: published?.sizeGB !== undefined,
  };
}

/** Why no machine can be made of a version any more, in Azure's words; nothing where one can. */
export function deprecationOf(azure: Azure, image: Names & { version: string }): string | undefined {
  const { publisher, offer, sku, version } = image;
  if (detailsOf(azure, image).deprecation?.state !== "Deprecated") return undefined;
  return `VM Image from publisher: ${publisher} with - Offer: ${offer}, Sku: ${sku}, Version: ${version} is deprecated.`;
}

/** As the names of skus tell it; the newer offers of Canonical are of generation 2 unless they say otherwise. */
export function isGeneration2({ offer, sku }: Pick<Names, "offer" | "sku">): boolean {
  return /gen-?2|azure-edition|win11/i.test(sku) || (/^ubuntu-/i.test(offer) && !/gen1/i.test(sku));
}

export function isWindows({ publisher }: Pick<Names, "publisher">): boolean {
  return publisher.toLowerCase().startsWith("microsoftwindows");
}
