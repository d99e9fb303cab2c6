import {
  boolean,
  checksum,
  choice,
  freeText,
  integer,
  list,
  object,
  readOnly,
  region,
  required,
  type Shape,
  since,
  text,
} from "./shapes.ts";

const runOutputName: Shape = {
  kind: "text",
  pattern: /^[A-Za-z0-9-_.]{1,64}$/,
  says: "takes 1 to 64 letters, digits, hyphens, underscores and dots",
};
const tags: Shape = { kind: "record", of: freeText };
const uri = since("2019-05-01-preview", text);
const script = { scriptUri: { shape: text, formerly: "script" }, sha256Checksum: checksum, inline: list(freeText) };
const elevated = {
  runElevated: boolean,
  runAsSystem: since("2020-02-14", boolean),
  validExitCodes: list(integer()),
};
const file = { sourceUri: uri, sha256Checksum: checksum, destination: freeText };
const name = freeText;
const storageAccountType = choice("Standard_LRS", "Standard_ZRS", "Premium_LRS");

const source: Shape = {
  kind: "union",
  by: "type",
  variants: {
    PlatformImage: object({
      publisher: text,
      offer: text,
      sku: text,
      version: text,
      exactVersion: readOnly,
      planInfo: since(
        "2020-02-14",
        object({ planName: required(text), planProduct: required(text), planPublisher: required(text) }),
      ),
    }),
    ManagedImage: object({ imageId: required(text) }),
    SharedImageVersion: object({ imageVersionId: required(text), exactVersion: readOnly }),
  },
};

const customizer: Shape = {
  kind: "union",
  by: "type",
  variants: {
    Shell: object({ name, ...script }),
    PowerShell: object({ name, ...script, ...elevated }),
    File: object({ name, ...file }),
    WindowsRestart: object({ name, restartCommand: freeText, restartCheckCommand: freeText, restartTimeout: text }),
    WindowsUpdate: object({ name, searchCriteria: freeText, filters: list(freeText), updateLimit: integer(0) }),
  },
};

const validator: Shape = {
  kind: "union",
  by: "type",
  variants: {
    Shell: object({ name, ...script }),
    PowerShell: object({ name, ...script, ...elevated }),
    File: object({ name, ...file }),
  },
};

const common = { runOutputName: required(runOutputName), artifactTags: tags };

const distributor: Shape = {
  kind: "union",
  by: "type",
  variants: {
    ManagedImage: object({ ...common, imageId: required(text), location: required(region) }),
    SharedImage: object({
      ...common,
      galleryImageId: required(text),
      replicationRegions: list(region),
      storageAccountType: since("2020-02-14", storageAccountType),
      excludeFromLatest: since("2020-02-14", boolean),
      targetRegions: since(
        "2022-07-01",
        list(object({ name: required(region), replicaCount: integer(1), storageAccountType })),
      ),
      versioning: since("2022-07-01", {
        kind: "union",
        by: "scheme",
        variants: { Latest: object({ major: integer(-1) }), Source: object({}) },
      }),
      replicationMode: since("2025-10-01", choice("Full", "Shallow")),
    }),
    VHD: object({ ...common, uri: since("2022-07-01", text) }),
  },
};

const state = choice("Enabled", "Disabled");
const onError = choice("cleanup", "abort");

const vmProfile = object({
  vmSize: text,
  osDiskSizeGB: since("2020-02-14", integer(0)),
  userAssignedIdentities: since("2021-10-01", list(text)),
  // The three names of 2019 are made into a subnetId before this is looked at.
  vnetConfig: object({
    subnetId: text,
    containerInstanceSubnetId: since("2024-02-01", text),
    proxyVmSize: since("2021-10-01", text),
  }),
});

/** An image template of API version 2025-10-01, and since when image builder knows what is newer than the first. */
export const imageTemplateShape = object({
  location: required(region),
  tags,
  identity: since(
    "2019-05-01-preview",
    object({
      type: text,
      userAssignedIdentities: { kind: "record", of: object({ principalId: readOnly, clientId: readOnly }) },
    }),
  ),
  properties: required(
    object({
      source: required(source),
      customize: list(customizer),
      optimize: since(
        "2022-07-01",
        object({
          vmBoot: object({ state }),
          workload: since("2025-10-01", object({ state, scriptUri: text, sha256Checksum: checksum })),
        }),
      ),
      validate: since(
        "2022-02-14",
        object({
          continueDistributeOnFailure: boolean,
          sourceValidationOnly: boolean,
          inVMValidations: list(validator),
        }),
      ),
      distribute: required(list(distributor)),
      errorHandling: since("2023-07-01", object({ onCustomizerError: onError, onValidationError: onError })),
      buildTimeoutInMinutes: since("2019-05-01-preview", integer(0, 960)),
      vmProfile: since("2019-05-01-preview", vmProfile),
      additionalDataDisks: since("2025-10-01", list(object({ sizeGB: integer(0) }))),
      stagingResourceGroup: since("2022-02-14", text),
      autoRun: since("2024-02-01", object({ state })),
      managedResourceTags: since("2024-02-01", tags),
      provisioningState: readOnly,
      provisioningError: readOnly,
      lastRunStatus: readOnly,
      exactStagingResourceGroup: readOnly,
    }),
  ),
});
