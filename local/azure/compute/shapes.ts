import * as z from "zod";
import { anything, date, flag, fullBody, list, object, part, text } from "../arm/shapes.ts";

/** What bodies of Microsoft.Compute must look like, by its specification. */

const count = z.int().min(1).optional();
const reference = part({ id: text });
const osType = z.enum(["Linux", "Windows"]);
const osState = z.enum(["Generalized", "Specialized"]);
const generation = z.enum(["V1", "V2"]).optional();
const caching = z.enum(["None", "ReadOnly", "ReadWrite"]).optional();

export const galleryShape = object({
  properties: part({ description: text, sharingProfile: anything, softDeletePolicy: anything }),
});

export const definitionShape = fullBody({
  osType,
  osState,
  hyperVGeneration: generation,
  architecture: z.enum(["x64", "Arm64"]).optional(),
  identifier: object({ publisher: z.string(), offer: z.string(), sku: z.string() }),
  features: list({ name: z.string(), value: z.string() }),
  description: text,
  eula: text,
  privacyStatementUri: text,
  releaseNoteUri: text,
  endOfLifeDate: date,
  recommended: anything,
  disallowed: anything,
  purchasePlan: anything,
});

const storageAccountType = z.enum(["Standard_LRS", "Standard_ZRS", "Premium_LRS", "PremiumV2_LRS"]).optional();
const galleryDisk = { hostCaching: caching, source: reference };

export const versionShape = fullBody({
  publishingProfile: part({
    targetRegions: list({
      name: z.string(),
      regionalReplicaCount: count,
      storageAccountType,
      excludeFromLatest: flag,
    }),
    replicaCount: count,
    excludeFromLatest: flag,
    endOfLifeDate: date,
    storageAccountType,
    replicationMode: z.enum(["Full", "Shallow"]).optional(),
  }),
  storageProfile: object({
    source: part({ id: text, virtualMachineId: text, communityGalleryImageId: text }),
    osDiskImage: part(galleryDisk),
    dataDiskImages: list({ ...galleryDisk, lun: z.int() }),
  }).refine(({ source, osDiskImage }) => source ?? osDiskImage, { error: "needs a source" }),
  safetyProfile: part({ allowDeletionOfReplicatedLocations: flag, blockDeletionBeforeEndOfLife: flag }),
});

const imageDisk = {
  blobUri: text,
  managedDisk: reference,
  snapshot: reference,
  diskEncryptionSet: reference,
  caching,
  diskSizeGB: count,
};

export const imageShape = fullBody({
  hyperVGeneration: generation,
  sourceVirtualMachine: reference,
  storageProfile: part({
    osDisk: part({ ...imageDisk, osType, osState }),
    dataDisks: list({ ...imageDisk, lun: z.int() }),
    zoneResilient: flag,
  }),
}).refine(({ properties }) => properties.sourceVirtualMachine ?? properties.storageProfile, {
  error: "needs a source",
  path: ["properties", "storageProfile"],
});

export const diskShape = fullBody({
  osType: osType.optional(),
  hyperVGeneration: generation,
  creationData: object({ createOption: z.string(), imageReference: reference, sourceResourceId: text }),
  diskSizeGB: count,
});

export const machineShape = fullBody({
  hardwareProfile: part({ vmSize: text }),
  storageProfile: anything,
  osProfile: anything,
  networkProfile: part({ networkInterfaces: list({ id: text }) }),
});
