import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ImageList, ImageView } from "../../src/domain/recipes/imageView.ts";
import { writeApp } from "../support/appFolder.ts";
import { ownHook, signedForOwnHook } from "../support/ownHook.ts";
import { sampleRecipe } from "../support/plan.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

let stack: TestStack;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-"));
  writeApp(folder, [sampleRecipe()]);
  writeFileSync(join(folder, "images", "broken.yaml"), "name: broken\nlocaton: westeurope\n");
  stack = await TestStack.start({ env: ownHook("broken") });
  await stack.crashAndRestart(folder);
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("a service that is deployed with a broken recipe", () => {
  it("lists it with its errors beside the others", async () => {
    const { images } = ImageList.parse(await (await stack.request("/api/images")).json());
    expect(images.map(({ name, state }) => [name, state])).toEqual([
      ["aks-jumpbox", "ready"],
      ["broken", "broken"],
    ]);
    for (const { links } of images) {
      const view = ImageView.parse(await (await stack.request(new URL(links.self).pathname)).json());
      if (view.state === "ready") continue;
      expect(view.errors).toContainEqual({
        file: "broken.yaml",
        line: 2,
        column: 1,
        field: "locaton",
        message: "is not a field here; did you mean location?",
      });
    }
  });

  it.each([
    ["POST", "/api/images/broken/builds"],
    ["GET", "/api/images/broken/plan"],
    ["GET", "/api/images/broken/schedule"],
    ["POST", "/api/hooks/own"],
  ])("says what is wrong with it to whoever wants it built: %s", async (method, path) => {
    const init =
      method === "POST"
        ? { body: "{}", headers: { "Content-Type": "application/json", ...signedForOwnHook("{}") } }
        : {};
    const answer = await stack.request(path, { method, ...init });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({
      type: "urn:goldsmith:problem:recipe-broken",
      errors: expect.arrayContaining([expect.objectContaining({ file: "broken.yaml", field: "locaton" })]),
    });
  });

  it("builds the others, and sweeps", async () => {
    const receipt = await stack.receiptOf(await stack.startBuild());
    expect(receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
    const { headers } = await stack.request("/api/sweep", { method: "POST" });
    const sweep = new URL(headers.get("location") ?? "").pathname;
    await expect
      .poll(async () => (await stack.request(sweep)).json(), { timeout: 60_000, interval: 1000 })
      .toMatchObject({ state: "done", report: { unseen: [] } });
    expect(await stack.traces()).toEqual({ ...NOTHING, versions: 1 });
  });
});
