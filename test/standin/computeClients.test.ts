import type { GalleryImage } from "@azure/arm-compute";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { landscapeDisk } from "../../local/landscape.ts";
import { startCloud, type SdkClients, type TestCloud } from "../support/cloud.ts";
import { finish, imageSource } from "../support/cloudTemplates.ts";
import { firstPage } from "../support/lostFields.ts";

const GROUP = "rg-images";
const DEFINITION = ["goldsmith", "aks-jumpbox"] as const;
const location = "westeurope";

const definition: GalleryImage = {
  location,
  osType: "Linux",
  osState: "Generalized",
  hyperVGeneration: "V2",
  identifier: { publisher: "goldsmith", offer: "more", sku: "one" },
};
const disk = { osType: "Linux", osState: "Generalized", blobUri: landscapeDisk.url } as const;

/** One of each kind of resource, through its whole life. */
interface Kind {
  make(clients: SdkClients["compute"]): Operation;
  tag(clients: SdkClients["compute"], tags: Record<string, string>): Operation;
  read(clients: SdkClients["compute"]): Promise<{ provisioningState?: string; tags?: Record<string, string> }>;
  list(clients: SdkClients["compute"]): Parameters<typeof firstPage<{ name?: string }>>[0];
  remove(clients: SdkClients["compute"]): Operation;
}
type Operation = Parameters<typeof finish>[1] & { result?: unknown };

const imageVersion: Kind = {
  make: ({ galleryImageVersions: type }) =>
    type.createOrUpdate(GROUP, ...DEFINITION, "1.0.0", {
      location,
      publishingProfile: { targetRegions: [{ name: location }, { name: "northeurope" }] },
      ...imageSource,
    }),
  tag: ({ galleryImageVersions: type }, tags) => type.update(GROUP, ...DEFINITION, "1.0.0", { tags }),
  read: ({ galleryImageVersions: type }) => type.get(GROUP, ...DEFINITION, "1.0.0"),
  list: ({ galleryImageVersions: type }) => type.listByGalleryImage(GROUP, ...DEFINITION),
  remove: ({ galleryImageVersions: type }) => type.delete(GROUP, ...DEFINITION, "1.0.0"),
};

const KINDS: Record<string, Kind> = {
  "a gallery": {
    make: ({ galleries }) => galleries.createOrUpdate(GROUP, "one", { location, description: "More images" }),
    tag: ({ galleries }, tags) => galleries.update(GROUP, "one", { tags }),
    read: ({ galleries }) => galleries.get(GROUP, "one"),
    list: ({ galleries }) => galleries.listByResourceGroup(GROUP),
    remove: ({ galleries }) => galleries.delete(GROUP, "one"),
  },
  "an image definition": {
    make: ({ galleryImages }) => galleryImages.createOrUpdate(GROUP, "goldsmith", "one", definition),
    tag: ({ galleryImages }, tags) => galleryImages.update(GROUP, "goldsmith", "one", { tags }),
    read: ({ galleryImages }) => galleryImages.get(GROUP, "goldsmith", "one"),
    list: ({ galleryImages }) => galleryImages.listByGallery(GROUP, "goldsmith"),
    remove: ({ galleryImages }) => galleryImages.delete(GROUP, "goldsmith", "one"),
  },
  "an image version": imageVersion,
  "a managed image": {
    make: ({ images: type }) =>
      type.createOrUpdate(GROUP, "one", { location, hyperVGeneration: "V2", storageProfile: { osDisk: disk } }),
    tag: ({ images: type }, tags) => type.update(GROUP, "one", { tags }),
    read: ({ images: type }) => type.get(GROUP, "one"),
    list: ({ images: type }) => type.listByResourceGroup(GROUP),
    remove: ({ images: type }) => type.delete(GROUP, "one"),
  },
};

const names = (found: { name: string }[]) => found.map(({ name }) => name);

describe("the real client of Microsoft.Compute", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const compute = () => cloud.operator.compute;
  const all = async (kind: Kind) => (await firstPage(kind.list(compute()))).map(({ name }) => name);

  it.each(Object.entries(KINDS))("makes, reads, lists, changes and deletes %s", async (_, kind) => {
    const before = await all(kind);
    await finish(cloud, kind.make(compute()));
    expect(await kind.read(compute())).toMatchObject({ provisioningState: "Succeeded" });
    expect(await all(kind)).toHaveLength(before.length + 1);
    await finish(cloud, kind.tag(compute(), { made: "here" }));
    expect(await kind.read(compute())).toMatchObject({ provisioningState: "Succeeded", tags: { made: "here" } });
    await finish(cloud, kind.remove(compute()));
    await expect(kind.read(compute())).rejects.toMatchObject({ statusCode: 404, code: "ResourceNotFound" });
    expect(await all(kind)).toEqual(before);
  });

  it.each(Object.entries(KINDS))("makes %s again, and is given what it is made of", async (_, kind) => {
    await finish(cloud, kind.make(compute()));
    const again = kind.make(compute());
    await finish(cloud, again);
    expect(again.result).toMatchObject({ provisioningState: "Succeeded", location });
  });

  it.each(Object.entries(KINDS))("deletes %s that is not there at once", async (_, kind) => {
    const operation = kind.remove(compute());
    await operation.submitted();
    await operation.poll();
    expect(operation.isDone).toBe(true);
  });

  it("tells how far an image version is replicated", async () => {
    await finish(cloud, imageVersion.make(compute()));
    const read = compute().galleryImageVersions.get(GROUP, ...DEFINITION, "1.0.0", { expand: "ReplicationStatus" });
    expect((await read).replicationStatus).toEqual({
      aggregatedState: "Completed",
      summary: ["West Europe", "North Europe"].map((region) => ({
        region,
        state: "Completed",
        details: "",
        progress: 100,
      })),
    });
  });

  it("finds its way through the marketplace to the newest version", async () => {
    const { virtualMachineImages: market } = compute();
    expect(names(await market.listPublishers(location))).toContain("Canonical");
    expect(names(await market.listOffers(location, "Canonical"))).toContain("ubuntu-24_04-lts");
    expect(names(await market.listSkus(location, "Canonical", "ubuntu-24_04-lts"))).toContain("server");
    const path = [location, "Canonical", "ubuntu-24_04-lts", "server"] as const;
    const [newest] = await market.list(...path, { top: 1, orderby: "name desc" });
    expect(await market.get(...path, newest?.name ?? "")).toMatchObject({
      hyperVGeneration: "V2",
      osDiskImage: { operatingSystem: "Linux" },
    });
    await expect(market.get(...path, "1.2.3")).rejects.toMatchObject({ code: "PlatformImageNotFound" });
  });

  it("reads what is left of the quota", async () => {
    const usages = await firstPage(compute().usage.list(location));
    expect(usages.find(({ name }) => name.value === "cores")).toEqual({
      unit: "Count",
      currentValue: 0,
      limit: 100,
      name: { value: "cores", localizedValue: "Total Regional vCPUs" },
    });
  });
});
