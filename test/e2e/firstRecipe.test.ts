import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeApp } from "../support/appFolder.ts";
import { FIRST_ANSWERS, FIRST_RECIPE } from "../support/firstRecipe.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

let stack: TestStack;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-"));
  writeApp(folder, []);
  writeFileSync(join(folder, "images", `${FIRST_RECIPE.name}.yaml`), FIRST_RECIPE.text);
  stack = await TestStack.start();
  await stack.crashAndRestart(folder);
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Lines as the page has them: ids and times are of the day on which it was written, and ends are cut off. */
function beginOf(line = ""): string {
  return (
    line
      .replace(/…$/, "")
      .replace(/-\d{8}-\d{6}-[a-z0-9]{4}/g, "-<id>")
      .split(/"links"|"startedAt"|"buildId"/)[0] ?? ""
  );
}

it("the first recipe of docs/recipes.md is built on the local Azure as the page says", async () => {
  const [, planned = "", followed = ""] = FIRST_ANSWERS;
  const image = `/api/images/${FIRST_RECIPE.name}`;
  const plan = await (await stack.request(`${image}/plan`)).text();
  expect(plan).toContain(planned.trim());

  const init = { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } };
  const accepted = await (await stack.request(`${image}/builds`, init)).text();
  const { id } = JSON.parse(accepted) as { id: string };
  const running = await (await stack.request(`/api/builds/${id}`)).text();
  const receipt = await stack.receiptOf(id);
  const built = await (await stack.request(`/api/builds/${id}`)).text();
  const [first, second, third] = followed.split("\n").map(beginOf);
  expect(beginOf(accepted)).toBe(first);
  expect(beginOf(running).split('"phase"')[0]).toBe(second?.split('"phase"')[0]);
  expect(beginOf(built)).toBe(third);
  expect(receipt).toMatchObject({
    outcome: { kind: "built", imageVersions: [expect.stringMatching(/Microsoft.Compute\/images\/web-server$/)] },
    log: { kind: "archived" },
    cleanUp: { kind: "clean" },
  });
  expect(await stack.traces()).toEqual({ ...NOTHING, versions: 0 });
});
