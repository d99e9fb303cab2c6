import { z } from "zod";
import { STRICT_SINCE, TARGET_REGIONS_SINCE } from "./apiVersions.ts";

const maybe = <T extends z.ZodType>(type: T) => type.nullish();

/**
 * The body of an image template as a version of the API knows it. What is read-only may stand in a PUT, since people
 * send back what they got; it is dropped later.
 */
export function templateSchema(apiVersion: string) {
  const object = <S extends z.ZodRawShape>(shape: S): z.ZodObject<S> =>
    apiVersion >= STRICT_SINCE ? z.strictObject(shape) : z.object(shape);
  const since = <T extends z.ZodRawShape>(version: string, shape: T): T => (apiVersion >= version ? shape : ({} as T));
  const text = z.string();
  const tags = z.record(text, text);
  const state = z.enum(["Enabled", "Disabled"]);
  const onError = z.enum(["cleanup", "abort"]);
  const script = {
    name: maybe(text),
    scriptUri: maybe(text),
    sha256Checksum: maybe(text),
    inline: maybe(z.array(text)),
  };
  const file = { name: maybe(text), sourceUri: maybe(text), destination: maybe(text), sha256Checksum: maybe(text) };
  const powerShell = {
    ...script,
    runElevated: maybe(z.boolean()),
    runAsSystem: maybe(z.boolean()),
    validExitCodes: maybe(z.array(z.int())),
  };
  const storageAccountType = z.enum(["Standard_LRS", "Standard_ZRS", "Premium_LRS"]);

  const source = z.discriminatedUnion("type", [
    object({
      type: z.literal("PlatformImage"),
      publisher: text,
      offer: text,
      sku: text,
      version: text,
      planInfo: maybe(object({ planName: text, planProduct: text, planPublisher: text })),
      exactVersion: maybe(text),
    }),
    object({ type: z.literal("ManagedImage"), imageId: text }),
    object({ type: z.literal("SharedImageVersion"), imageVersionId: text, exactVersion: maybe(text) }),
  ]);

  const customizer = z.discriminatedUnion("type", [
    object({ type: z.literal("Shell"), ...script }),
    object({ type: z.literal("PowerShell"), ...powerShell }),
    object({ type: z.literal("File"), ...file }),
    object({
      type: z.literal("WindowsRestart"),
      name: maybe(text),
      restartCommand: maybe(text),
      restartCheckCommand: maybe(text),
      restartTimeout: maybe(text.regex(/^(\d+[hms])*$/)),
    }),
    object({
      type: z.literal("WindowsUpdate"),
      name: maybe(text),
      searchCriteria: maybe(text),
      filters: maybe(z.array(text)),
      updateLimit: maybe(z.int().min(0)),
    }),
  ]);

  const validator = z.discriminatedUnion("type", [
    object({ type: z.literal("Shell"), ...script }),
    object({ type: z.literal("PowerShell"), ...powerShell }),
    object({ type: z.literal("File"), ...file }),
  ]);

  const versioning = z.discriminatedUnion("scheme", [
    object({ scheme: z.literal("Latest"), major: maybe(z.int().min(-1)) }),
    object({ scheme: z.literal("Source") }),
  ]);

  const output = { runOutputName: text.regex(/^[A-Za-z0-9-_.]{1,64}$/), artifactTags: maybe(tags) };
  const distributor = z.discriminatedUnion("type", [
    object({ type: z.literal("ManagedImage"), ...output, imageId: text, location: text }),
    object({
      type: z.literal("SharedImage"),
      ...output,
      galleryImageId: text,
      targetRegions: maybe(
        z.array(
          object({ name: text, replicaCount: maybe(z.int().min(1)), storageAccountType: maybe(storageAccountType) }),
        ),
      ),
      replicationRegions: apiVersion < TARGET_REGIONS_SINCE ? z.array(text) : maybe(z.array(text)),
      storageAccountType: maybe(storageAccountType),
      excludeFromLatest: maybe(z.boolean()),
      versioning: maybe(versioning),
      ...since("2025-10-01", { replicationMode: maybe(z.enum(["Full", "Shallow"])) }),
    }),
    object({ type: z.literal("VHD"), ...output, uri: maybe(text) }),
  ]);

  const vmProfile = object({
    vmSize: maybe(text),
    osDiskSizeGB: maybe(z.int().min(0)),
    userAssignedIdentities: maybe(z.array(text)),
    vnetConfig: maybe(
      object({ subnetId: maybe(text), containerInstanceSubnetId: maybe(text), proxyVmSize: maybe(text) }),
    ),
  });

  const optimize = object({
    vmBoot: maybe(object({ state: maybe(state) })),
    ...since("2025-10-01", {
      workload: maybe(object({ state: maybe(state), scriptUri: maybe(text), sha256Checksum: maybe(text) })),
    }),
  });

  const identity = object({
    type: z.enum(["UserAssigned", "None"]),
    userAssignedIdentities: maybe(
      z.record(text, object({ principalId: maybe(text), clientId: maybe(text) }).nullable()),
    ),
  });

  const properties = object({
    source,
    customize: maybe(z.array(customizer)),
    optimize: maybe(optimize),
    validate: maybe(
      object({
        continueDistributeOnFailure: maybe(z.boolean()),
        sourceValidationOnly: maybe(z.boolean()),
        inVMValidations: maybe(z.array(validator)),
      }),
    ),
    distribute: z.array(distributor).min(1),
    errorHandling: maybe(object({ onCustomizerError: maybe(onError), onValidationError: maybe(onError) })),
    vmProfile: maybe(vmProfile),
    buildTimeoutInMinutes: maybe(z.int().min(0).max(960)),
    stagingResourceGroup: maybe(text),
    autoRun: maybe(object({ state: maybe(state) })),
    managedResourceTags: maybe(tags),
    ...since("2025-10-01", { additionalDataDisks: maybe(z.array(object({ sizeGB: maybe(z.int().min(1)) }))) }),
    provisioningState: z.unknown().optional(),
    provisioningError: z.unknown().optional(),
    lastRunStatus: z.unknown().optional(),
    exactStagingResourceGroup: z.unknown().optional(),
  });

  const whole = object({
    location: text,
    tags: maybe(tags),
    identity,
    properties,
    id: z.unknown().optional(),
    name: z.unknown().optional(),
    type: z.unknown().optional(),
    systemData: z.unknown().optional(),
  });
  /** What a PATCH may change. */
  const update = object({
    tags: maybe(tags),
    identity: maybe(identity),
    properties: maybe(object({ distribute: maybe(z.array(distributor).min(1)), vmProfile: maybe(vmProfile) })),
  });
  return { whole, update };
}

export type TemplateBody = z.infer<ReturnType<typeof templateSchema>["whole"]>;
export type TemplateProperties = TemplateBody["properties"];
export type Source = TemplateProperties["source"];
export type Customizer = NonNullable<TemplateProperties["customize"]>[number];
export type Validator = NonNullable<NonNullable<TemplateProperties["validate"]>["inVMValidations"]>[number];
export type Distributor = TemplateProperties["distribute"][number];
