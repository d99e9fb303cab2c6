import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { landscape, landscapeSettings } from "../../local/landscape.ts";
import type { Target } from "../../src/domain/recipes/distribute.ts";
import { absoluteId } from "../../src/domain/resourceId.ts";
import { writeApp } from "../support/appFolder.ts";
import { sampleRecipe, sampleTarget } from "../support/plan.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

const images = `/subscriptions/${landscape.subscriptionId}/resourceGroups/rg-images`;
const otherGroup = `/subscriptions/${landscape.subscriptionId}/resourceGroups/rg-other-images`;
const [imageId, elsewhere] = [images, otherGroup].map(
  (group) => `${group}/providers/Microsoft.Compute/images/jumpbox`,
) as [string, string];
const sampleDefinition = absoluteId(sampleTarget().galleryImageId, landscape.subscriptionId);
const roles = `/subscriptions/${landscape.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions`;
const AUTHORIZATION = "?api-version=2022-04-01";
let stack: TestStack;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-"));
  const distribute: Target[] = [
    sampleTarget(),
    { type: "ManagedImage", imageId },
    { type: "ManagedImage", imageId: elsewhere, runOutputName: "elsewhere" },
  ];
  writeApp(folder, [{ ...sampleRecipe(), distribute }]);
  const zones = JSON.parse(landscapeSettings.GOLDSMITH_TRUST_ZONES) as Record<string, { destinations: string[] }>;
  zones.default?.destinations.push(otherGroup);
  stack = await TestStack.start({ env: { GOLDSMITH_TRUST_ZONES: JSON.stringify(zones) } });
  await prepareOtherGroup();
  await stack.crashAndRestart(folder);
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What whoever runs the service does for a second group: roles assignable there, and what the service holds on the first. */
async function prepareOtherGroup(): Promise<void> {
  await stack.asOperator("PUT", `${otherGroup}?api-version=2021-04-01`, { location: "westeurope" });
  for (const { name, assignableScopes, actions, dataActions = [], ...role } of landscape.roleDefinitions) {
    if (!assignableScopes.includes(images)) continue;
    await stack.asOperator("PUT", `${roles}/${name}${AUTHORIZATION}`, {
      properties: {
        ...role,
        permissions: [{ actions, notActions: [], dataActions, notDataActions: [] }],
        assignableScopes: [...assignableScopes, otherGroup],
      },
    });
  }
  for (const { scope, roleDefinition, principalId, condition } of landscape.roleAssignments) {
    if (scope !== images) continue;
    const id = `${otherGroup}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
    await stack.asOperator("PUT", `${id}${AUTHORIZATION}`, {
      properties: {
        roleDefinitionId: `${roles}/${roleDefinition}`,
        principalId,
        principalType: "ServicePrincipal",
        ...(condition ? { condition, conditionVersion: "2.0" } : {}),
      },
    });
  }
}

describe("a recipe with a gallery and two managed images, of which one is in another group, as its targets", () => {
  it("is built into all, again and again, with one grant for each group and nothing left", async () => {
    for (const version of ["1.0.0", "1.0.1"]) {
      const receipt = await stack.receiptOf(await stack.startBuild());
      expect(receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
      const { outcome, grants } = receipt;
      const made = outcome.kind === "built" ? outcome.imageVersions : [];
      expect(new Set(made)).toEqual(new Set([`${sampleDefinition}/versions/${version}`, imageId, elsewhere]));
      expect(grants.map(({ role }) => role)).toEqual(["image creation", "image creation", "network join"]);
      expect(grants.every(({ removedAt }) => removedAt)).toBe(true);
    }
    expect(await stack.traces()).toEqual({ ...NOTHING, otherGroups: ["rg-other-images"], versions: 2 });
  });
});
