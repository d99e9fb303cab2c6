import { z } from "zod";

/** What bodies of Microsoft.Compute must look like, by its specification. */

const text = z.string().optional();
const flag = z.boolean().optional();
const count = z.int().min(1).optional();
const date = z.iso.datetime({ offset: true }).optional();
const part = z.looseObject({}).optional();
const reference = z.looseObject({ id: text }).optional();
const osType = z.enum(["Linux", "Windows"]);
const osState = z.enum(["Generalized", "Specialized"]);
const generation = z.enum(["V1", "V2"]).optional();
const caching = z.enum(["None", "ReadOnly", "ReadWrite"]).optional();
const body = <T extends z.core.$ZodLooseShape>(properties: T) =>
  z.looseObject({ properties: z.looseObject(properties) });

export const galleryShape = z.looseObject({
  properties: z.looseObject({ description: text, sharingProfile: part, softDeletePolicy: part }).optional(),
});

export const definitionShape = body({
  osType,
  osState,
  hyperVGeneration: generation,
  architecture: z.enum(["x64", "Arm64"]).optional(),
  identifier: z.looseObject({ publisher: z.string(), offer: z.string(), sku: z.string() }),
  features: z.array(z.looseObject({ name: z.string(), value: z.string() })).optional(),
  description: text,
  eula: text,
  privacyStatementUri: text,
  releaseNoteUri: text,
  endOfLifeDate: date,
  recommended: part,
  disallowed: part,
  purchasePlan: part,
});

const storageAccountType = z.enum(["Standard_LRS", "Standard_ZRS", "Premium_LRS", "PremiumV2_LRS"]).optional();
const targetRegion = z.looseObject({
  name: z.string(),
  regionalReplicaCount: count,
  storageAccountType,
  excludeFromLatest: flag,
});
const galleryDisk = z.looseObject({ hostCaching: caching, source: reference });

export const versionShape = body({
  publishingProfile: z
    .looseObject({
      targetRegions: z.array(targetRegion).optional(),
      replicaCount: count,
      excludeFromLatest: flag,
      endOfLifeDate: date,
      storageAccountType,
      replicationMode: z.enum(["Full", "Shallow"]).optional(),
    })
    .optional(),
  storageProfile: z
    .looseObject({
      source: z.looseObject({ id: text, virtualMachineId: text, communityGalleryImageId: text }).optional(),
      osDiskImage: galleryDisk.optional(),
      dataDiskImages: z.array(galleryDisk.extend({ lun: z.int() })).optional(),
    })
    .refine(({ source, osDiskImage }) => source ?? osDiskImage, { error: "needs a source" }),
  safetyProfile: z
    .looseObject({ allowDeletionOfReplicatedLocations: flag, blockDeletionBeforeEndOfLife: flag })
    .optional(),
});

const imageDisk = z.looseObject({
  blobUri: text,
  managedDisk: reference,
  snapshot: reference,
  diskEncryptionSet: reference,
  caching,
  diskSizeGB: count,
});

export const imageShape = z
  .looseObject({
    properties: z.looseObject({
      hyperVGeneration: generation,
      sourceVirtualMachine: reference,
      storageProfile: z
        .looseObject({
          osDisk: imageDisk.extend({ osType, osState }).optional(),
          dataDisks: z.array(imageDisk.extend({ lun: z.int() })).optional(),
          zoneResilient: flag,
        })
        .optional(),
    }),
  })
  .refine(({ properties }) => properties.sourceVirtualMachine ?? properties.storageProfile, {
    error: "needs a source",
    path: ["properties", "storageProfile"],
  });

export const diskShape = body({
  osType: osType.optional(),
  hyperVGeneration: generation,
  creationData: z.looseObject({ createOption: z.string(), imageReference: reference, sourceResourceId: text }),
  diskSizeGB: count,
});

export const machineShape = body({
  hardwareProfile: z.looseObject({ vmSize: text }).optional(),
  storageProfile: part,
  osProfile: part,
  networkProfile: z.looseObject({ networkInterfaces: z.array(z.looseObject({ id: text })).optional() }).optional(),
});
