import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { landscape } from "../../local/landscape.ts";
import { archiveNames } from "../../src/domain/archiveNames.ts";
import { TestStack } from "../support/stack.ts";

/** `npm test` asks for fewer: each is planned, and its ground checked, beside what else is tested. */
const REQUESTS = process.env.FAULTS === "all" ? 500 : 50;
const images = Array.from({ length: 25 }, (_, n) => `image-${n + 10}`);
const sample = readFileSync(join(import.meta.dirname, "..", "..", "images", "aks-jumpbox.yaml"), "utf8");

const gallery = `/subscriptions/${landscape.subscriptionId}/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/goldsmith`;
const definition = (image: string) => `${gallery}/images/${image}?api-version=2024-03-03`;
interface Definition {
  location: string;
  properties: { identifier: object };
}

let stack: TestStack;
beforeAll(async () => {
  // In local time no build ends meanwhile, and no request takes longer than the host lets it.
  stack = await TestStack.start({ speed: 1, env: { GOLDSMITH_RECIPE_CONTAINER: "recipes" } });
  await stack.container("recipes").create();
  const { location, properties } = (await stack.asOperator("GET", definition("aks-jumpbox"))) as Definition;
  for (const image of images) {
    const identifier = { ...properties.identifier, sku: image };
    await stack.asOperator("PUT", definition(image), { location, properties: { ...properties, identifier } });
    const recipe = sample.replace(/^name: .*$/m, `name: ${image}`).replace("images/aks-jumpbox", `images/${image}`);
    await stack.container("recipes").getBlockBlobClient(`${image}.yaml`).upload(recipe, Buffer.byteLength(recipe));
  }
});
afterAll(() => stack.stop());

async function open(): Promise<string[]> {
  const names: string[] = [];
  const blobs = stack.container("archive").listBlobsFlat({ prefix: archiveNames.open("") });
  for await (const { name } of blobs) names.push(name);
  return names.toSorted();
}

it(`answers ${REQUESTS} requests at once, and has a build of each, also after its host was killed`, async () => {
  await expect.poll(async () => (await stack.request("/api/images")).status, { timeout: 30_000 }).toBe(200);
  const ids = await Promise.all(
    Array.from({ length: REQUESTS }, (_, n) => stack.startBuild({ reason: `${n}` }, images[n % images.length])),
  );
  expect(new Set(ids).size).toBe(REQUESTS);
  await stack.crashAndRestart();
  expect(await open()).toEqual(ids.map(archiveNames.open).toSorted());
  for (const id of ids.slice(0, images.length)) {
    expect((await stack.readBuild(id)).state).toMatch(/^(accepted|waiting|running)$/);
  }
});
