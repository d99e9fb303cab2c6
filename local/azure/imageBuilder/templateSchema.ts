import * as z from "zod";
import { STRICT_SINCE, TARGET_REGIONS_SINCE } from "./apiVersions.ts";

const maybe = <T extends z.ZodType>(type: T) => type.nullish();
const text = z.string();
const maybeText = maybe(text);
const texts = <Name extends string>(...names: Name[]) =>
  Object.fromEntries(names.map((name) => [name, maybeText])) as Record<Name, typeof maybeText>;
const flag = maybe(z.boolean());
const tags = z.record(text, text);
const state = maybe(z.enum(["Enabled", "Disabled"]));
const onError = maybe(z.enum(["cleanup", "abort"]));
const storageAccountType = maybe(z.enum(["Standard_LRS", "Standard_ZRS", "Premium_LRS"]));
/** Set by Azure: it may stand in a PUT, since people send back what they got, and is dropped later. */
const ignored = z.unknown().optional();

/** The body of an image template as a version of the API knows it. */
export function templateSchema(apiVersion: string) {
  const object = <S extends z.ZodRawShape>(shape: S): z.ZodObject<S> =>
    apiVersion >= STRICT_SINCE ? z.strictObject(shape) : z.object(shape);
  const since = <T extends z.ZodRawShape>(version: string, shape: T): T => (apiVersion >= version ? shape : ({} as T));

  const source = z.discriminatedUnion("type", [
    object({
      type: z.literal("PlatformImage"),
      publisher: text,
      offer: text,
      sku: text,
      version: text,
      planInfo: maybe(object({ planName: text, planProduct: text, planPublisher: text })),
      exactVersion: maybeText,
    }),
    object({ type: z.literal("ManagedImage"), imageId: text }),
    object({ type: z.literal("SharedImageVersion"), imageVersionId: text, exactVersion: maybeText }),
  ]);

  const script = { ...texts("name", "scriptUri", "sha256Checksum"), inline: maybe(z.array(text)) };
  const shell = object({ type: z.literal("Shell"), ...script });
  const powerShell = object({
    type: z.literal("PowerShell"),
    ...script,
    runElevated: flag,
    runAsSystem: flag,
    validExitCodes: maybe(z.array(z.int32())),
  });
  const file = object({ type: z.literal("File"), ...texts("name", "sourceUri", "destination", "sha256Checksum") });
  const validator = z.discriminatedUnion("type", [shell, powerShell, file]);
  const customizer = z.discriminatedUnion("type", [
    shell,
    powerShell,
    file,
    object({
      type: z.literal("WindowsRestart"),
      ...texts("name", "restartCommand", "restartCheckCommand"),
      restartTimeout: maybe(text.regex(/^(\d+[hms])*$/)),
    }),
    object({
      type: z.literal("WindowsUpdate"),
      ...texts("name", "searchCriteria"),
      filters: maybe(z.array(text)),
      updateLimit: maybe(z.int32().min(0)),
    }),
  ]);

  const versioning = z.discriminatedUnion("scheme", [
    object({ scheme: z.literal("Latest"), major: maybe(z.int32().min(-1)) }),
    object({ scheme: z.literal("Source") }),
  ]);
  const targetRegion = object({ name: text, replicaCount: maybe(z.int32().min(1)), storageAccountType });
  const output = { runOutputName: text.regex(/^[A-Za-z0-9-_.]{1,64}$/), artifactTags: maybe(tags) };
  const distributor = z.discriminatedUnion("type", [
    object({ type: z.literal("ManagedImage"), ...output, imageId: text, location: text }),
    object({
      type: z.literal("SharedImage"),
      ...output,
      galleryImageId: text,
      targetRegions: maybe(z.array(targetRegion)),
      replicationRegions: apiVersion < TARGET_REGIONS_SINCE ? z.array(text) : maybe(z.array(text)),
      storageAccountType,
      excludeFromLatest: flag,
      versioning: maybe(versioning),
      ...since("2025-10-01", { replicationMode: maybe(z.enum(["Full", "Shallow"])) }),
    }),
    object({ type: z.literal("VHD"), ...output, uri: maybeText }),
  ]);

  const vmProfile = object({
    vmSize: maybeText,
    osDiskSizeGB: maybe(z.int32().min(0)),
    userAssignedIdentities: maybe(z.array(text)),
    vnetConfig: maybe(object(texts("subnetId", "containerInstanceSubnetId", "proxyVmSize"))),
  });
  const optimize = object({
    vmBoot: maybe(object({ state })),
    ...since("2025-10-01", { workload: maybe(object({ state, ...texts("scriptUri", "sha256Checksum") })) }),
  });
  const validate = object({
    continueDistributeOnFailure: flag,
    sourceValidationOnly: flag,
    inVMValidations: maybe(z.array(validator)),
  });
  const identity = object({
    type: z.enum(["UserAssigned", "None"]),
    userAssignedIdentities: maybe(z.record(text, object(texts("principalId", "clientId")).nullable())),
  });

  const properties = object({
    source,
    customize: maybe(z.array(customizer)),
    optimize: maybe(optimize),
    validate: maybe(validate),
    distribute: z.array(distributor).min(1),
    errorHandling: maybe(object({ onCustomizerError: onError, onValidationError: onError })),
    vmProfile: maybe(vmProfile),
    buildTimeoutInMinutes: maybe(z.int32().min(0).max(960)),
    stagingResourceGroup: maybeText,
    autoRun: maybe(object({ state })),
    managedResourceTags: maybe(tags),
    ...since("2025-10-01", { additionalDataDisks: maybe(z.array(object({ sizeGB: maybe(z.int32().min(0)) }))) }),
    provisioningState: ignored,
    provisioningError: ignored,
    lastRunStatus: ignored,
    exactStagingResourceGroup: ignored,
  });

  const whole = object({
    location: text,
    tags: maybe(tags),
    identity,
    properties,
    id: ignored,
    name: ignored,
    type: ignored,
    systemData: ignored,
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
