import { z } from "zod";

const flag = z.boolean().optional();
const SKUS = ["LRS", "ZRS", "GRS", "GZRS", "RAGRS", "RAGZRS"].flatMap((copies) => [
  `Standard_${copies}`,
  `StandardV2_${copies}`,
]);

/** Of blobs, or of files. */
const service = z.looseObject({
  enabled: flag,
  keyType: z.enum(["Account", "Service"]).optional(),
  lastEnabledTime: z.iso.datetime({ offset: true }).optional(),
});

/** What the body of a storage account must look like. */
export const accountShape = z.looseObject({
  kind: z.enum(["Storage", "StorageV2", "BlobStorage", "FileStorage", "BlockBlobStorage"]),
  sku: z.looseObject({ name: z.enum([...SKUS, "Premium_LRS", "Premium_ZRS", "PremiumV2_LRS", "PremiumV2_ZRS"]) }),
  properties: z
    .looseObject({
      accessTier: z.enum(["Hot", "Cool", "Cold", "Premium"]).optional(),
      allowBlobPublicAccess: flag,
      allowSharedKeyAccess: flag,
      supportsHttpsTrafficOnly: flag,
      isHnsEnabled: flag,
      isSftpEnabled: flag,
      minimumTlsVersion: z.enum(["TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"]).optional(),
      encryption: z
        .looseObject({
          keySource: z.enum(["Microsoft.Storage", "Microsoft.Keyvault"]).optional(),
          services: z.record(z.string(), service).optional(),
        })
        .optional(),
      networkAcls: z
        .looseObject({
          defaultAction: z.enum(["Allow", "Deny"]),
          bypass: z.string().optional(),
          ipRules: z.array(z.looseObject({ value: z.string() })).optional(),
          virtualNetworkRules: z.array(z.looseObject({ id: z.string() })).optional(),
        })
        .optional(),
    })
    .optional(),
});
