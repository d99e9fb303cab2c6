import type { JsonObject } from "../../src/domain/json.ts";

const SUBSCRIPTION = "/subscriptions/4f6d8a52-9b1e-4d3a-8c47-6e0b7f21a3c5";
const GROUP = `${SUBSCRIPTION}/resourceGroups/rg-images`;
const CHECKSUM = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const NETWORK = `${SUBSCRIPTION}/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-builds`;
const IDENTITIES = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities`;

/** Every field that API version 2025-10-01 takes, each variant at least once. */
export function everyField(): JsonObject {
  const script = { scriptUri: "https://scripts.example/setup", sha256Checksum: CHECKSUM };
  return {
    type: "Microsoft.VirtualMachineImages/imageTemplates",
    apiVersion: "2025-10-01",
    name: "win11-image",
    location: "westeurope",
    tags: { purpose: "sample" },
    identity: { type: "UserAssigned", userAssignedIdentities: { [`${IDENTITIES}/builder`]: {} } },
    properties: {
      source: {
        type: "PlatformImage",
        publisher: "contoso",
        offer: "desktop",
        sku: "secured",
        version: "latest",
        planInfo: { planName: "secured", planProduct: "desktop", planPublisher: "contoso" },
      },
      customize: [
        { type: "Shell", name: "script", ...script },
        { type: "Shell", name: "commands", inline: ["[ -f /tmp/x ] || true", "echo '<done>' ${HOME}"] },
        {
          type: "PowerShell",
          name: "elevated",
          inline: ["Write-Host 1"],
          runElevated: true,
          runAsSystem: true,
          validExitCodes: [0, 3010],
        },
        {
          type: "File",
          name: "file",
          sourceUri: "https://scripts.example/file",
          sha256Checksum: CHECKSUM,
          destination: "C:\\temp\\file",
        },
        {
          type: "WindowsRestart",
          name: "restart",
          restartCommand: "shutdown /r",
          restartCheckCommand: "echo up",
          restartTimeout: "10m",
        },
        {
          type: "WindowsUpdate",
          name: "updates",
          searchCriteria: "IsInstalled=0",
          filters: ["exclude:$_.Title -like '*Preview*'", "include:$true"],
          updateLimit: 40,
        },
      ],
      optimize: { vmBoot: { state: "Enabled" }, workload: { state: "Enabled", ...script } },
      validate: {
        continueDistributeOnFailure: false,
        sourceValidationOnly: false,
        inVMValidations: [
          { type: "Shell", name: "check", inline: ["true"] },
          { type: "PowerShell", name: "check", ...script, runElevated: true, runAsSystem: false, validExitCodes: [0] },
          { type: "File", name: "file", sourceUri: "https://scripts.example/file", destination: "/tmp/file" },
        ],
      },
      distribute: [
        {
          type: "SharedImage",
          runOutputName: "gallery",
          artifactTags: { baseos: "windows" },
          galleryImageId: `${GROUP}/providers/Microsoft.Compute/galleries/gallery/images/win11`,
          excludeFromLatest: true,
          targetRegions: [
            { name: "westeurope", replicaCount: 2, storageAccountType: "Standard_ZRS" },
            { name: "northeurope", replicaCount: 1, storageAccountType: "Premium_LRS" },
          ],
          versioning: { scheme: "Latest", major: 2 },
          replicationMode: "Shallow",
        },
        {
          type: "SharedImage",
          runOutputName: "source",
          galleryImageId: `${GROUP}/providers/Microsoft.Compute/galleries/gallery/images/win11/versions/1.2.3`,
          versioning: { scheme: "Source" },
        },
        {
          type: "ManagedImage",
          runOutputName: "managed",
          imageId: `${GROUP}/providers/Microsoft.Compute/images/win11`,
          location: "westeurope",
        },
        { type: "VHD", runOutputName: "vhd", uri: "https://disks.blob.core.windows.net/vhds/win11.vhd" },
      ],
      errorHandling: { onCustomizerError: "abort", onValidationError: "cleanup" },
      buildTimeoutInMinutes: 120,
      vmProfile: {
        vmSize: "Standard_D4ds_v5",
        osDiskSizeGB: 127,
        userAssignedIdentities: [`${IDENTITIES}/machine`],
        vnetConfig: {
          subnetId: `${NETWORK}/subnets/builds`,
          containerInstanceSubnetId: `${NETWORK}/subnets/containers`,
        },
      },
      additionalDataDisks: [{ sizeGB: 64 }],
      stagingResourceGroup: `${SUBSCRIPTION}/resourceGroups/rg-staging`,
      autoRun: { state: "Disabled" },
      managedResourceTags: { purpose: "build" },
    },
  };
}

/** As short as image builder takes it. */
export function shortTemplate(properties: JsonObject = {}, more: JsonObject = {}): JsonObject {
  return {
    apiVersion: "2024-02-01",
    location: "westeurope",
    properties: {
      source: {
        type: "PlatformImage",
        publisher: "Canonical",
        offer: "ubuntu-24_04-lts",
        sku: "server",
        version: "latest",
      },
      customize: [{ type: "Shell", name: "hello", inline: ["echo hello"] }],
      distribute: [
        {
          type: "SharedImage",
          runOutputName: "gallery",
          galleryImageId: `${GROUP}/providers/Microsoft.Compute/galleries/gallery/images/ubuntu`,
          targetRegions: [{ name: "westeurope" }],
        },
      ],
      vmProfile: { vmSize: "Standard_D2s_v5" },
      ...properties,
    },
    ...more,
  };
}
