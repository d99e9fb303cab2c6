import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builderIdentity, landscape } from "../../local/landscape.ts";
import { isUnderWayState } from "../../src/domain/buildView.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import { ImageView } from "../../src/domain/recipes/imageView.ts";
import { absoluteId } from "../../src/domain/resourceId.ts";
import { writeApp } from "../support/appFolder.ts";
import { deploymentOf } from "../support/armTemplate.ts";
import { sampleRecipe, sampleTarget } from "../support/plan.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

const TYPE = "Microsoft.VirtualMachineImages/imageTemplates";
const { subscriptionId } = landscape;
const { source, vmProfile, location } = sampleRecipe();
const definition = absoluteId(sampleTarget().galleryImageId, subscriptionId);
const subnetId = absoluteId(vmProfile.vnetConfig?.subnetId ?? "", subscriptionId);
const customize = [{ type: "Shell", name: "hello", inline: ["echo hello", "cat '/etc/os-release' | head -1"] }];

/** As people have them: of an old version, with parameters, and an identity of their own. */
const template: JsonObject = deploymentOf(
  {},
  {
    parameters: { vmSize: { type: "string" }, gallery: { type: "string", defaultValue: "goldsmith" } },
    variables: { image: "[format('{0}-{1}', 'aks', 'jumpbox')]" },
    resources: [
      {
        type: TYPE,
        apiVersion: "2020-02-14",
        name: "old-template",
        location: "[resourceGroup().location]",
        tags: { origin: "file" },
        identity: { type: "UserAssigned", userAssignedIdentities: { "/somebody/else": {} } },
        properties: {
          source: JSON.parse(JSON.stringify(source)) as JsonObject,
          customize,
          buildTimeoutInMinutes: 95,
          vmProfile: { vmSize: "[parameters('vmSize')]", osDiskSizeGB: 64, vnetConfig: { subnetId } },
          distribute: [
            {
              type: "SharedImage",
              runOutputName: "out",
              galleryImageId:
                "[resourceId('Microsoft.Compute/galleries/images', parameters('gallery'), variables('image'))]",
              replicationRegions: ["West Europe"],
              artifactTags: { kind: "old" },
            },
          ],
        },
      },
    ],
  },
);

const recipe = `
name: aks-jumpbox
description: From a template
location: ${location}
template: templates/old.json
parameters: { vmSize: Standard_D2s_v5 }
resourceGroup: rg-images
egress: ${JSON.stringify(sampleRecipe().egress)}
`;

let stack: TestStack;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-"));
  writeApp(folder, []);
  mkdirSync(join(folder, "images", "templates"));
  writeFileSync(join(folder, "images", "templates", "old.json"), JSON.stringify(template, null, 2));
  writeFileSync(join(folder, "images", "aks-jumpbox.yaml"), recipe);
  stack = await TestStack.start();
  await stack.crashAndRestart(folder);
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("a recipe that names an old template of a deployment", () => {
  it("is shown with notes of what was changed in it", async () => {
    const view = ImageView.parse(await (await stack.request("/api/images/aks-jumpbox")).json());
    const notes = view.notes.map(({ file, field }) => `${file} ${field}`);
    for (const field of ["apiVersion", "identity", "properties.distribute[0].replicationRegions"]) {
      expect(notes).toContain(`templates/old.json resources[0].${field}`);
    }
  });

  it("is built: what the file says reaches Azure in today's words, and nothing is left", async () => {
    const id = await stack.startBuild();
    await stack.until(id, ({ phase, state }) => phase?.startsWith("running") === true || !isUnderWayState(state));
    const { resources } = (await stack.control("GET", "state")) as { resources: (JsonObject & { type: string })[] };
    const sent = resources.find(({ type }) => type === TYPE);
    expect(sent).toMatchObject({
      location,
      tags: { origin: "file" },
      identity: { type: "UserAssigned", userAssignedIdentities: { [builderIdentity.id]: expect.anything() } },
      properties: {
        source,
        customize,
        buildTimeoutInMinutes: 95,
        vmProfile: { vmSize: "Standard_D2s_v5", osDiskSizeGB: 64, vnetConfig: { subnetId } },
        distribute: [
          {
            type: "SharedImage",
            runOutputName: "out",
            galleryImageId: definition,
            targetRegions: [{ name: "westeurope", replicaCount: 1 }],
            artifactTags: { kind: "old", origin: "file" },
          },
        ],
      },
    });
    const receipt = await stack.receiptOf(id);
    expect(receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
    expect(receipt.grants.map(({ role }) => role)).toEqual(["image creation", "network join"]);
    expect(await stack.traces()).toEqual({ ...NOTHING, versions: 1 });
  });
});
