import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { landscape } from "../../local/landscape.ts";
import { isUnderWayState } from "../../src/domain/buildView.ts";
import type { Finding } from "../../src/domain/failure.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");
const group = (name: string) => `/subscriptions/${landscape.subscriptionId}/resourceGroups/${name}`;
const definition = (image: string) =>
  `${group("rg-images")}/providers/Microsoft.Compute/galleries/goldsmith/images/${image}`;
const subnet = (name: string) =>
  `${group("rg-network")}/providers/Microsoft.Network/virtualNetworks/vnet-builds/subnets/${name}`;

const UBUNTU = { type: "PlatformImage", publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server" };
const besideProxy = (name: string) => ({ subnetId: subnet(name), proxyVmSize: "Standard_A1_v2" });
const pinned = (...sums: string[]) =>
  expect.arrayContaining(
    sums.map((sum) => expect.objectContaining({ inline: expect.arrayContaining([expect.stringContaining(sum)]) })),
  );

/** What of each recipe that is shipped has to reach Azure for it to be what it is for. */
const SHIPPED: Record<string, { sent: JsonObject; version: RegExp; roles: string[] }> = {
  "aks-jumpbox": {
    sent: {
      source: UBUNTU,
      vmProfile: { vmSize: "Standard_D2s_v5", osDiskSizeGB: 64, vnetConfig: besideProxy("snet-builds") },
      customize: pinned(
        'echo "8b8f088da2dab964f853b38464033b1be15ede2839eca751482357c45abdd05a  /tmp/kubectl" | sha256sum --check',
        'echo "21b7cfa009b3b4044663a0f9a9ec033deddd668ca4502348f763bd93c51fb806  /tmp/kubelogin.zip" | sha256sum --check',
        'echo "1e4ab49e429626cf6c6958d914248b78c9730803c2751b87627e171dc800e7bb  /tmp/helm.tar.gz" | sha256sum --check',
        'echo "d25ce7b6902013ad905db3d2eab0be4cd905887fe88b81a6171b8d5503c31f3d  /tmp/terraform.zip" | sha256sum --check',
      ) as JsonObject[string],
    },
    version: /^1\.0\.0$/,
    roles: ["image creation", "network join"],
  },
  "windows-server": {
    sent: {
      source: { publisher: "MicrosoftWindowsServer", sku: "2025-datacenter-azure-edition" },
      vmProfile: { vnetConfig: besideProxy("snet-windows") },
      customize: [
        {
          type: "WindowsUpdate",
          name: "updates",
          searchCriteria: "IsInstalled=0",
          filters: ["exclude:$_.Title -like '*Preview*'", "include:$true"],
          updateLimit: 40,
        },
        { type: "WindowsRestart", name: "finish-updates", restartTimeout: "30m" },
        { type: "PowerShell", name: "no-old-protocols", runElevated: true },
        { type: "PowerShell", name: "audit-trail", runElevated: true },
        { type: "WindowsRestart", name: "finish-hardening", restartTimeout: "15m" },
      ],
      buildTimeoutInMinutes: 360,
    },
    version: /^1\.0\.0$/,
    roles: ["image creation", "network join"],
  },
  "ubuntu-base": {
    sent: {
      source: UBUNTU,
      vmProfile: { vnetConfig: besideProxy("snet-builds") },
      validate: { inVMValidations: [{ type: "Shell", name: "audit-runs", inline: ["systemctl is-active auditd"] }] },
    },
    version: /^0\.\d+\.\d+$/,
    roles: ["image creation", "network join"],
  },
  "isolated-linux": {
    sent: {
      source: UBUNTU,
      vmProfile: {
        vnetConfig: {
          subnetId: subnet("snet-isolated"),
          containerInstanceSubnetId: subnet("snet-isolated-containers"),
        },
      },
    },
    version: /^1\.0\.0$/,
    roles: ["image creation", "network join"],
  },
  "public-quickstart": {
    sent: { source: UBUNTU, customize: [{ inline: ["sudo apt-get update", "sudo apt-get install --yes jq"] }] },
    version: /^0\.\d+\.\d+$/,
    roles: ["image creation"],
  },
};
const DESCENDANT = "ubuntu-app";

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
});
afterAll(() => stack.stop());

/** Builds an image, and looks at what Azure has of its template meanwhile. */
async function build(image: string) {
  const id = await stack.startBuild({}, image);
  await stack.until(id, ({ phase, state }) => phase?.startsWith("running") === true || !isUnderWayState(state));
  const { resources } = (await stack.control("GET", "state")) as { resources: (JsonObject & { tags?: JsonObject })[] };
  const sent = resources.find(
    ({ type, tags }) => type === "Microsoft.VirtualMachineImages/imageTemplates" && tags?.["goldsmith-build"] === id,
  );
  const receipt = await stack.receiptOf(id);
  return { sent, receipt, made: receipt.outcome.kind === "built" ? receipt.outcome.imageVersions : [] };
}

const versionsOf = async (image: string) => {
  const { resources } = (await stack.control("GET", "state")) as { resources: { id: string }[] };
  return resources.map(({ id }) => id).filter((id) => id.startsWith(`${definition(image)}/versions/`));
};

describe("the recipes that are shipped", () => {
  it("are all built here, and told of in the docs", () => {
    const images = readdirSync(join(root, "images"))
      .filter((file) => file.endsWith(".yaml"))
      .map((file) => file.replace(".yaml", ""));
    // That of a VHD has a test of its own: importedVhd.
    expect(images).toEqual([...Object.keys(SHIPPED), DESCENDANT, "imported-vhd"].sort());
    const page = read("docs", "shipped-recipes.md");
    for (const image of images) expect(page).toContain(`(../images/${image}.yaml)`);
    expect(read("README.md")).toContain("(docs/shipped-recipes.md)");
  });

  it("are refused before anything is made where what one is built on is not there yet", async () => {
    const { receipt } = await build(DESCENDANT);
    expect(receipt).toMatchObject({ outcome: { kind: "refused" } });
    const { findings = [] } = receipt.outcome as { findings?: Finding[] };
    expect(findings.filter(({ severity }) => severity === "blocks")).toMatchObject([
      { code: "source-not-found", resource: expect.stringContaining("/images/ubuntu-base") },
    ]);
    expect(await stack.traces()).toEqual({ ...NOTHING, versions: 0 });
  });

  it("are each built as written, nothing is left, and no access either", async () => {
    const images = Object.entries(SHIPPED);
    const builds = await Promise.all(images.map(([image]) => build(image)));
    for (const [at, [image, { sent: expected, version, roles }]] of images.entries()) {
      const { sent, receipt, made } = builds[at] as Awaited<ReturnType<typeof build>>;
      expect(receipt, image).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
      expect(receipt.findings?.filter(({ severity }) => severity !== "notes") ?? []).toEqual([]);
      expect(sent?.properties).toMatchObject({ ...expected, distribute: [{ galleryImageId: definition(image) }] });
      expect(made.map((id) => id.replace(`${definition(image)}/versions/`, ""))).toEqual([
        expect.stringMatching(version),
      ]);
      expect(await versionsOf(image)).toEqual(made);
      expect(receipt.grants.map(({ role }) => role)).toEqual(roles);
      // Those that others hold as well are removed by the last of them: that none is left is seen below.
      expect(receipt.grants.every(({ removedAt, heldByOthers }) => removedAt ?? heldByOthers)).toBe(true);
    }
    const quickstart = builds[images.findIndex(([image]) => image === "public-quickstart")];
    expect(quickstart?.sent).not.toHaveProperty("properties.vmProfile.vnetConfig");
    expect(await stack.traces()).toEqual({ ...NOTHING, versions: images.length });
  });

  it("are built on exactly the version that another of them made", async () => {
    const [base] = await versionsOf("ubuntu-base");
    const { sent, receipt, made } = await build(DESCENDANT);
    expect(receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
    expect(made).toEqual([`${definition(DESCENDANT)}/versions/1.0.0`]);
    expect(sent?.properties).toMatchObject({
      source: {
        type: "SharedImageVersion",
        imageVersionId: `${definition("ubuntu-base")}/versions/latest`,
        exactVersion: base,
      },
    });
    expect(await stack.traces()).toEqual({ ...NOTHING, versions: Object.keys(SHIPPED).length + 1 });
  });
});
