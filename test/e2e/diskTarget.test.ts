import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { landscape, landscapeSettings } from "../../local/landscape.ts";
import { BLOB_CONTRIBUTOR } from "../../src/domain/grant.ts";
import { writeApp } from "../support/appFolder.ts";
import { sampleRecipe, sampleTarget } from "../support/plan.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

const subscription = `/subscriptions/${landscape.subscriptionId}`;
const group = `${subscription}/resourceGroups/rg-disks`;
const account = `${group}/providers/Microsoft.Storage/storageAccounts/stdisks1`;
const container = `${account}/blobServices/default/containers/vhds`;
const uri = "https://stdisks1.blob.core.windows.net/vhds/jumpbox.vhd";
const roles = `${subscription}/providers/Microsoft.Authorization/roleDefinitions`;
const AUTHORIZATION = "?api-version=2022-04-01";
const STORAGE = "?api-version=2024-01-01";
let stack: TestStack;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-"));
  const disk = { type: "VHD" as const, uri };
  const elsewhere = { type: "VHD" as const, uri: uri.replace("stdisks1", "stdisks2") };
  const { schedule: _, ...recipe } = sampleRecipe();
  writeApp(folder, [
    { ...recipe, distribute: [sampleTarget(), disk] },
    { ...recipe, name: "outside", distribute: [elsewhere] },
  ]);
  const zones = JSON.parse(landscapeSettings.GOLDSMITH_TRUST_ZONES) as Record<string, { destinations: string[] }>;
  zones.default?.destinations.push(container);
  stack = await TestStack.start({ env: { GOLDSMITH_TRUST_ZONES: JSON.stringify(zones) } });
  await stack.asOperator("PUT", `${group}?api-version=2021-04-01`, { location: "westeurope" });
  await stack.asOperator("PUT", account + STORAGE, {
    location: "westeurope",
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
  });
  for (const id of [container.split("/containers/")[0], container]) {
    await stack.asOperator("PUT", id + STORAGE, { properties: {} });
  }
  await stack.crashAndRestart(folder);
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What whoever runs the service does for a container: the service may lease writing to it, and nothing else there. */
async function letLeaseContainer(): Promise<void> {
  const granter = landscape.roleDefinitions.find(({ roleName }) => roleName === "Goldsmith granter");
  const standing = landscape.roleAssignments.find(({ roleDefinition }) => roleDefinition === granter?.name);
  if (!granter || !standing) throw new Error("The landscape has no granter.");
  const { name, assignableScopes, actions, ...role } = granter;
  await stack.asOperator("PUT", `${roles}/${name}${AUTHORIZATION}`, {
    properties: {
      ...role,
      permissions: [{ actions, notActions: [], dataActions: [], notDataActions: [] }],
      assignableScopes: [...assignableScopes, group],
    },
  });
  const id = `${container}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
  await stack.asOperator("PUT", `${id}${AUTHORIZATION}`, {
    properties: {
      roleDefinitionId: `${roles}/${name}`,
      principalId: standing.principalId,
      principalType: "ServicePrincipal",
      condition: standing.condition?.replaceAll(landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE, BLOB_CONTRIBUTOR),
      conditionVersion: "2.0",
    },
  });
}

const blockers = async (image: string) => {
  const { outcome } = await stack.receiptOf(await stack.startBuild({}, image));
  return outcome.kind === "refused" ? outcome.findings.filter(({ severity }) => severity === "blocks") : outcome;
};

describe("a recipe with a VHD as a target", () => {
  it("is refused where its zone does not list the blob's container, and nothing is granted", async () => {
    expect(await blockers("outside")).toMatchObject([
      { code: "outside-trust-zone", resource: "https://stdisks2.blob.core.windows.net/vhds/jumpbox.vhd" },
    ]);
    expect(await stack.traces()).toEqual({ ...NOTHING, otherGroups: ["rg-disks"], versions: 0 });
  });

  it("is refused where the service may not lease writing to that container", async () => {
    expect(await blockers("aks-jumpbox")).toMatchObject([{ code: "service-cannot-grant", resource: container }]);
    expect(await stack.traces()).toEqual({ ...NOTHING, otherGroups: ["rg-disks"], versions: 0 });
  });

  it("is built into it, with a grant on the container for as long as the run, and nothing left", async () => {
    await letLeaseContainer();
    const receipt = await stack.receiptOf(await stack.startBuild());
    expect(receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
    const { outcome, grants } = receipt;
    const made = outcome.kind === "built" ? outcome.imageVersions : [];
    expect(made).toEqual([expect.stringMatching(/\/images\/aks-jumpbox\/versions\/1\.0\.0$/), uri]);
    expect(grants.map(({ role, scope }) => [role, scope.split("/").at(-1)])).toEqual([
      ["image creation", "rg-images"],
      ["disk writing", "vhds"],
      ["network join", "vnet-builds"],
    ]);
    expect(grants.every(({ removedAt }) => removedAt)).toBe(true);
    expect(await stack.traces()).toEqual({ ...NOTHING, otherGroups: ["rg-disks"], versions: 1 });
  });
});
