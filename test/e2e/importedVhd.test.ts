import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { landscape, landscapeDisk } from "../../local/landscape.ts";
import { importedRecipe } from "../support/importedVhd.ts";
import { writeApp } from "../support/appFolder.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

const templates = `/subscriptions/${landscape.subscriptionId}/resourceGroups/rg-goldsmith-templates`;
const IMAGES = `${templates}/providers/Microsoft.Compute/images`;
const shipped = importedRecipe();
let stack: TestStack;
let folder: string;
const imagesThere = async () =>
  ((await stack.asOperator("GET", `${IMAGES}?api-version=2024-07-01`)) as { value: { id: string }[] }).value;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-"));
  const { source } = shipped;
  const kept = { ...shipped, name: "kept-vhd", source: { ...source, keepImage: true } };
  const missing = {
    ...shipped,
    name: "missing-vhd",
    source: { ...source, vhd: landscapeDisk.url.replace("ubuntu", "no") },
  };
  const elsewhere = {
    ...shipped,
    name: "elsewhere",
    source: { ...source, vhd: landscapeDisk.url.replace("/vhds/", "/old/") },
  };
  const others = [kept, missing, elsewhere].map((recipe) => ({
    ...recipe,
    distribute: [
      { type: "ManagedImage", imageId: `/resourceGroups/rg-images/providers/Microsoft.Compute/images/${recipe.name}` },
    ],
  }));
  writeApp(folder, [shipped, ...others] as never);
  stack = await TestStack.start();
  await stack.crashAndRestart(folder);
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});
const build = async (image: string) => stack.receiptOf(await stack.startBuild({}, image));

it("builds the shipped recipe from the VHD to a version, and leaves nothing but that", async () => {
  const receipt = await build("imported-vhd");
  expect(receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
  expect(receipt.grants.map(({ role, scope }) => [role, scope.split("/")[4]])).toEqual([
    ["image creation", "rg-images"],
    ["source reading", "rg-goldsmith-templates"],
    ["network join", "rg-network"],
  ]);
  expect(receipt.grants.every(({ removedAt }) => removedAt)).toBe(true);
  expect(receipt).not.toHaveProperty("keptImage");
  expect(await imagesThere()).toEqual([]);
  expect(await stack.traces()).toMatchObject({ ...NOTHING, versions: 1 });
});

it("keeps the managed image where the recipe says so, names it, and tells what deletes it", async () => {
  const { buildId, keptImage, cleanUp, outcome } = await build("kept-vhd");
  expect({ outcome, cleanUp }).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
  const id = `${IMAGES}/${buildId}-source`;
  expect(keptImage).toEqual({ id, command: `az resource delete --ids ${id}` });
  expect((await imagesThere()).map((one) => one.id)).toEqual([id]);
  await stack.asOperator("DELETE", `${id}?api-version=2024-07-01`);
});

it("fails with Azure's own words where the VHD is not there, and leaves nothing", async () => {
  const receipt = await build("missing-vhd");
  expect(receipt).toMatchObject({
    outcome: { kind: "failed", failure: { code: "InvalidParameter", owner: "requester" } },
    cleanUp: { kind: "clean" },
    grants: [],
  });
});

it("imports nothing of a container that the zone does not list", async () => {
  expect(await build("elsewhere")).toMatchObject({
    outcome: { kind: "refused", findings: [{ code: "outside-trust-zone" }] },
  });
});
