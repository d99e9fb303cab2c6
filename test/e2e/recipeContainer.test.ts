import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ImageList, ImageView } from "../../src/domain/recipes/imageView.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

const sample = readFileSync(join(import.meta.dirname, "..", "..", "images", "aks-jumpbox.yaml"), "utf8");

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start({ env: { GOLDSMITH_RECIPE_CONTAINER: "recipes", GOLDSMITH_ENVIRONMENT: "test" } });
});
afterAll(() => stack.stop());

const write = (name: string, text: string) =>
  stack.container("recipes").getBlockBlobClient(name).upload(text, Buffer.byteLength(text));
const json = async (path: string) => (await stack.request(path)).json();

const tags = async () => {
  const view = ImageView.parse(await json("/api/images/aks-jumpbox"));
  return view.state === "ready" ? view.recipe.tags : undefined;
};

/** Whether it can read recipes or not. */
async function sweeps(): Promise<void> {
  const { headers } = await stack.request("/api/sweep", { method: "POST" });
  const sweep = new URL(headers.get("location") ?? "").pathname;
  await expect
    .poll(() => json(sweep), { timeout: 60_000, interval: 1000 })
    .toMatchObject({ state: "done", report: { unseen: [] } });
}

it("a service whose recipes are in a container reads and builds them as they are there, without a restart", async () => {
  const none = await stack.request("/api/images");
  expect([none.status, Number(none.headers.get("Retry-After"))]).toEqual([503, 30]);

  await sweeps();

  await stack.container("recipes").create();
  await write("broken.yaml", "name: broken\nlocaton: westeurope\n");
  await write("aks-jumpbox.yaml", sample);
  await expect
    .poll(async () => ImageList.safeParse(await json("/api/images")).data?.images, { interval: 250, timeout: 30_000 })
    .toMatchObject([
      { name: "aks-jumpbox", state: "ready" },
      { name: "broken", state: "broken" },
    ]);

  await write("overlays/test/aks-jumpbox.yaml", "tags: {purpose: overlaid}\n");
  await expect.poll(tags, { interval: 250, timeout: 30_000 }).toMatchObject({ purpose: "overlaid" });
  const receipt = await stack.receiptOf(await stack.startBuild());
  expect(receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
  const [version = ""] = receipt.outcome.kind === "built" ? receipt.outcome.imageVersions : [];
  expect(await stack.asOperator("GET", `${version}?api-version=2024-03-03`)).toMatchObject({
    tags: { purpose: "overlaid" },
  });

  await stack.container("recipes").delete();
  await expect
    .poll(async () => ImageView.parse(await json("/api/images/aks-jumpbox")), { interval: 250, timeout: 30_000 })
    .toMatchObject({ state: "ready", staleSince: expect.any(String) });
  expect(stack.log.join("\n")).toContain("cannot be read again: ContainerNotFound");
  await sweeps();
  expect(await stack.traces()).toEqual({ ...NOTHING, versions: 1 });
});
