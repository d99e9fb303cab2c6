import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { landscape } from "../../local/landscape.ts";
import { writeApp } from "../support/appFolder.ts";
import { sampleRecipe } from "../support/plan.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

const sources = `/subscriptions/${landscape.subscriptionId}/resourceGroups/rg-sources`;
const imageId = `${sources}/providers/Microsoft.Compute/images/base`;
const gallery = `${sources}/providers/Microsoft.Compute/galleries/bases`;
const definition = `${gallery}/images/ubuntu`;
const location = "westeurope";
const MANAGED = "aks-jumpbox";
const VERSION = "aks-jumpbox-too";
let stack: TestStack;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-"));
  writeApp(folder, [
    {
      ...sampleRecipe(),
      name: MANAGED,
      source: { type: "ManagedImage", imageId },
      distribute: [{ type: "ManagedImage", imageId: imageId.replace("rg-sources", "rg-images") }],
    },
    {
      ...sampleRecipe(),
      name: VERSION,
      source: { type: "SharedImageVersion", imageVersionId: `${definition}/versions/latest` },
    },
  ]);
  stack = await TestStack.start();
  await makeSources();
  await stack.crashAndRestart(folder);
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A managed image of the company's own, and a version made of it, where the service writes nothing. */
async function makeSources(): Promise<void> {
  const disk = `${sources}/providers/Microsoft.Compute/disks/base`;
  await stack.makeAsOperator(`${disk}?api-version=2024-03-02`, {
    location,
    properties: { osType: "Linux", hyperVGeneration: "V2", creationData: { createOption: "Empty" }, diskSizeGB: 30 },
  });
  await stack.makeAsOperator(`${imageId}?api-version=2024-07-01`, {
    location,
    properties: {
      hyperVGeneration: "V2",
      storageProfile: { osDisk: { osType: "Linux", osState: "Generalized", managedDisk: { id: disk } } },
    },
  });
  await stack.makeAsOperator(`${gallery}?api-version=2024-03-03`, { location });
  await stack.makeAsOperator(`${definition}?api-version=2024-03-03`, {
    location,
    properties: {
      osType: "Linux",
      osState: "Generalized",
      hyperVGeneration: "V2",
      features: [{ name: "SecurityType", value: "TrustedLaunchSupported" }],
      identifier: { publisher: "company", offer: "base", sku: "ubuntu" },
    },
  });
  await stack.makeAsOperator(`${definition}/versions/1.0.0?api-version=2024-03-03`, {
    location,
    properties: { publishingProfile: {}, storageProfile: { source: { id: imageId } } },
  });
}

it.each([
  [VERSION, gallery],
  [MANAGED, sources],
])("builds %s on an image elsewhere, which the builder may read only while it builds", async (image, scope) => {
  const receipt = await stack.receiptOf(await stack.startBuild({}, image));
  expect(receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
  expect(receipt.grants.map(({ role }) => role)).toEqual(["image creation", "source reading", "network join"]);
  expect(receipt.grants[1]).toMatchObject({ scope, removedAt: expect.any(String) });
  expect(await stack.traces()).toMatchObject(NOTHING);
});
