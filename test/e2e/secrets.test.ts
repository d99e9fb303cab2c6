/**
 * Builds with a secret. The local Azure runs no scripts, so the commands that it is sent are run beside it, on a machine
 * whose vault has the value: what they say is what packer's log would have of it.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { builderIdentity, landscape, landscapeSettings } from "../../local/landscape.ts";
import type { Receipt } from "../../src/domain/receipt.ts";
import { writeApp } from "../support/appFolder.ts";
import { sampleRecipe } from "../support/plan.ts";
import { type LinuxMachine, linuxMachine } from "../support/secrets/linuxMachine.ts";
import { refusal, startVaultGround, type VaultGround } from "../support/secrets/vaultGround.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

const subscription = `/subscriptions/${landscape.subscriptionId}`;
const identity = builderIdentity.id.replace(/[^/]+$/, "id-build-secrets");
/** Managed Identity Operator, of the builder's on that identity. */
const assignment = `${identity}/providers/Microsoft.Authorization/roleAssignments/5d0b2f0e-7c3e-4e0a-9a57-0f6b1f6f3c11`;
const OPERATOR = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/f1a07417-d97a-45cb-824c-7a7467783830`;

const VALUE = "hunter2-of-the-build";

let stack: TestStack;
let folder: string;
let ground: VaultGround;
let machine: LinuxMachine;
let built: Receipt;

beforeAll(async () => {
  ground = await startVaultGround();
  ground.identities = [identity];
  machine = linuxMachine(ground);
  folder = mkdtempSync(join(tmpdir(), "goldsmith-"));
  const { vmProfile, ...recipe } = sampleRecipe();
  writeApp(folder, [
    {
      ...recipe,
      vmProfile: { ...vmProfile, userAssignedIdentities: [identity] },
      secrets: { API_TOKEN: { vault: "kv-builds", name: "api-token" } },
    },
  ]);
  const zones = JSON.parse(landscapeSettings.GOLDSMITH_TRUST_ZONES) as { default: object };
  stack = await TestStack.start({
    env: {
      GOLDSMITH_TRUST_ZONES: JSON.stringify({ default: { ...zones.default, vmIdentities: [identity] } }),
      GOLDSMITH_ACCEPTED_GRANTS: JSON.stringify([{ id: assignment, until: "2100-01-01T00:00:00Z" }]),
    },
  });
  await stack.asOperator("PUT", `${identity}?api-version=2023-01-31`, { location: "westeurope" });
  const { principalId } = builderIdentity;
  await stack.asOperator("PUT", `${assignment}?api-version=2022-04-01`, {
    properties: { roleDefinitionId: OPERATOR, principalId, principalType: "ServicePrincipal" },
  });
  await stack.crashAndRestart(folder);
});
afterAll(async () => {
  await stack.stop();
  machine.remove();
  ground.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Step {
  name?: string;
  inline?: string[];
}

/** The commands of a step that a build sent to image builder. */
async function commandsOf({ image, buildId }: Receipt, name: string): Promise<string[]> {
  const plan = await stack.archivedText(`builds/${image}/${buildId}/plan.json`);
  const { template } = JSON.parse(plan) as { template: { customize: Step[] } };
  return template.customize.find((step) => step.name === name)?.inline ?? [];
}

/** Files in which Azure, storage or the host have any of some texts. */
function filesWith(texts: readonly string[]): string[] {
  return readdirSync(stack.stateFolder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => {
      const content = readFileSync(file, "latin1");
      return texts.some((one) => content.includes(one));
    });
}

it("builds with a secret that the build VM reads itself, and nothing else ever has", async () => {
  ground.secrets.set("kv-builds/secrets/api-token", { value: VALUE });
  built = await stack.receiptOf(await stack.startBuild());
  expect(built).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });

  expect(await machine.run(await commandsOf(built, "secrets"))).toMatchObject({ status: 0 });
  expect(readFileSync(join(machine.folder, "API_TOKEN"), "utf8")).toBe(VALUE);
  expect(await machine.run(await commandsOf(built, "remove-secrets"))).toMatchObject({ status: 0 });
  expect(filesWith(["api-token"])).not.toEqual([]);
  expect(filesWith([VALUE, ...ground.hidden()])).toEqual([]);
});

it("fails where the vault refuses, with the reason in the archived log and nothing left behind", async () => {
  ground.secrets.set("kv-builds/secrets/api-token", { status: 403, body: refusal("Forbidden", "ForbiddenByRbac") });
  const before = await stack.traces();
  const { output } = await machine.run(await commandsOf(built, "secrets"));
  const line = output.split("\n").find((one) => one.startsWith("Goldsmith: ")) ?? "";

  await stack.control("POST", "faults", { scenario: "customizer-fails", customizer: "secrets", line });
  const receipt = await stack.receiptOf(await stack.startBuild());
  expect(receipt).toMatchObject({
    outcome: { kind: "failed", failure: { owner: "requester", mend: expect.stringContaining("customization.log") } },
    cleanUp: { kind: "clean" },
  });
  const log = await stack.archivedText(`builds/${receipt.image}/${receipt.buildId}/customization.log`);
  expect(log).toContain(
    `secrets.API_TOKEN cannot be read (api-token of the vault kv-builds, as the identity ${identity}): ` +
      "the vault answered 403 ForbiddenByRbac. Give the identity the role Key Vault Secrets User on it, or on its vault.",
  );
  expect(await stack.traces()).toEqual({ ...NOTHING, versions: before.versions });
  expect(filesWith([VALUE, ...ground.hidden()])).toEqual([]);
});
