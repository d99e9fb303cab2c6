import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { ContainerClient } from "@azure/storage-blob";
import { afterAll, beforeAll, expect, it } from "vitest";
import { scriptContainer, serviceIdentity } from "../../local/landscape.ts";
import { sha256 } from "../../src/sha256.ts";
import { writeApp } from "../support/appFolder.ts";
import { sampleRecipe } from "../support/plan.ts";
import { NOTHING, TestStack } from "../support/stack.ts";
import { tokenFrom } from "../support/token.ts";

let stack: TestStack;
let folder: string;
/** As the service writes it. */
let blobs: ContainerClient;

const scriptOf = (line: string) => `#!/bin/sh\n${`${line}\n`.repeat((200 * 1024) / (line.length + 1))}`;
const write = (name: string, script: string) => writeFileSync(join(folder, "images", "scripts", name), script);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-"));
  mkdirSync(join(folder, "images", "scripts"), { recursive: true });
  const { schedule: _, ...sample } = sampleRecipe();
  const withScript = (name: string, script: string) => ({
    ...sample,
    name,
    customize: [{ type: "Shell" as const, name: "long", script: `scripts/${script}` }],
    distribute: [
      {
        type: "ManagedImage" as const,
        imageId: `/resourceGroups/rg-images/providers/Microsoft.Compute/images/${name}`,
      },
    ],
  });
  writeApp(folder, [withScript("long", "long.sh"), withScript("taken", "taken.sh")]);
  write("long.sh", scriptOf("echo one"));
  write("taken.sh", scriptOf("echo taken"));
  stack = await TestStack.start();
  await stack.crashAndRestart(folder);
  const { url, caFile } = stack.azure;
  tls.setDefaultCACertificates([...tls.getCACertificates(), readFileSync(caFile, "utf8")]);
  const getToken = async () => ({
    token: await tokenFrom(stack.azure, serviceIdentity, "https://storage.azure.com"),
    expiresOnTimestamp: 0,
  });
  blobs = new ContainerClient(`${url}/stgoldsmithscripts/scripts`, { getToken });
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

const build = async (image = "long") => stack.receiptOf(await stack.startBuild({}, image));
const names = async () => {
  const found: string[] = [];
  for await (const { name } of blobs.listBlobsFlat()) found.push(name);
  return found;
};
const kept = ({ timeline }: Awaited<ReturnType<typeof build>>) =>
  timeline.find(({ event }) => event === "scripts kept")?.detail;

it("builds with a script of 200 KiB from the private container, and leaves nothing but image and script", async () => {
  const receipt = await build();
  expect(receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
  const blob = `${sha256(scriptOf("echo one"))}/scripts/long.sh`;
  expect(await names()).toEqual([blob]);
  expect((await blobs.getBlobClient(blob).downloadToBuffer()).toString()).toBe(scriptOf("echo one"));
  expect(await stack.archivedText(`builds/long/${receipt.buildId}/customization.log`)).toContain(
    `${scriptContainer.url}/${blob}`,
  );
  expect(receipt.grants.map(({ role, scope }) => [role, scope.split("/").at(-1)])).toEqual([
    ["image creation", "rg-images"],
    ["script reading", "scripts"],
    ["network join", "vnet-builds"],
  ]);
  expect(receipt.grants.every(({ removedAt }) => removedAt)).toBe(true);
  expect(await stack.traces()).toMatchObject(NOTHING);
});

it("makes the same template of the same script again, and writes no second blob", async () => {
  const [one, other] = [await build(), await build()];
  expect(one.templateHash).toBe(other.templateHash);
  expect([one, other].map(kept)).toEqual(["0 added, 1 there already", "0 added, 1 there already"]);
  expect(await names()).toHaveLength(1);
});

it("makes another template and another blob of another script", async () => {
  const { templateHash } = await build();
  write("long.sh", scriptOf("echo two"));
  await stack.crashAndRestart(folder);
  const changed = await build();
  expect(changed).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
  expect(changed.templateHash).not.toBe(templateHash);
  expect((await names()).toSorted()).toEqual(
    ["echo one", "echo two"].map((line) => `${sha256(scriptOf(line))}/scripts/long.sh`).toSorted(),
  );
});

it("fails, before anything is granted, where the script is not any more what was planned", async () => {
  write("long.sh", scriptOf("echo three"));
  await stack.crashAndRestart(folder);
  // Recipes, and the scripts beside them, are read once: when somebody first asks for them.
  expect((await stack.request("/api/images/long")).status).toBe(200);
  write("long.sh", scriptOf("echo four"));
  const receipt = await build();
  expect(receipt).toMatchObject({
    outcome: { kind: "failed", failure: { code: "script-changed", owner: "requester" } },
    cleanUp: { kind: "clean" },
    grants: [],
  });
  expect(await names()).toHaveLength(2);
});

it("fails likewise where something else lies under the script's name, and leaves that alone", async () => {
  const name = `${sha256(scriptOf("echo taken"))}/scripts/taken.sh`;
  await blobs.getBlockBlobClient(name).upload("rm -rf /", 8);
  const receipt = await build("taken");
  expect(receipt).toMatchObject({
    outcome: { kind: "failed", failure: { code: "script-taken", owner: "operator" } },
    cleanUp: { kind: "clean" },
    grants: [],
  });
  expect((await blobs.getBlobClient(name).downloadToBuffer()).toString()).toBe("rm -rf /");
});

it("is refused where the container is not there", async () => {
  await stack.asOperator("DELETE", `${scriptContainer.id}?api-version=2024-01-01`);
  await stack.crashAndRestart(folder);
  const { outcome } = await build();
  const blocks = outcome.kind === "refused" ? outcome.findings.filter(({ severity }) => severity === "blocks") : [];
  expect(blocks.map(({ code, resource }) => [code, resource])).toContainEqual([
    "script-container-not-found",
    scriptContainer.id,
  ]);
  expect(await stack.traces()).toMatchObject(NOTHING);
});
