import { z } from "zod";

const resourceId = (type: string) =>
  z.string().regex(new RegExp(`^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/${type}/[^/]+$`, "i"), {
    error: `is not the id of a ${type} resource`,
  });

const environment = z.object({
  AZURE_SUBSCRIPTION_ID: z.guid(),
  /** Client id of the service's own user-assigned identity; without it the system-assigned one is used. */
  AZURE_CLIENT_ID: z.guid().optional(),
  GOLDSMITH_ARM_ENDPOINT: z.url({ protocol: /^https$/ }).default("https://management.azure.com"),
  GOLDSMITH_INSTALLATION_ID: z.string().regex(/^[a-z0-9-]{1,30}$/, { error: "takes 1 to 30 of a-z, 0-9 and hyphen" }),
  GOLDSMITH_TEMPLATE_RESOURCE_GROUP: z.string().min(1).max(90),
  GOLDSMITH_BUILDER_IDENTITY_ID: resourceId("Microsoft.ManagedIdentity/userAssignedIdentities"),
  GOLDSMITH_BUILDER_PRINCIPAL_ID: z.guid(),
  GOLDSMITH_IMAGE_CREATION_ROLE: z.guid(),
  GOLDSMITH_NETWORK_JOIN_ROLE: z.guid(),
  /** A connection string; or, in Azure, `GOLDSMITH_ARCHIVE__blobServiceUri` and the service's own identity. */
  GOLDSMITH_ARCHIVE: z.string().min(1).optional(),
  GOLDSMITH_ARCHIVE__blobServiceUri: z.url().optional(),
  GOLDSMITH_ARCHIVE_CONTAINER: z.string().default("archive"),
  /** Minutes that a fresh role assignment may take to be effective; Azure documents up to 10. */
  GOLDSMITH_PROPAGATION_MINUTES: z.coerce.number().min(0).max(60).default(15),
});

/** What an installation of the service is told by its application settings. */
export interface Settings {
  subscriptionId: string;
  clientId: string | undefined;
  armEndpoint: string;
  /** Tells this installation's role assignments from those of another one on the same subscription. */
  installationId: string;
  templateResourceGroup: string;
  builder: { identityId: string; principalId: string };
  /** Bare GUIDs of the custom role definitions that are leased to the builder. */
  roles: { imageCreation: string; networkJoin: string };
  archive: { connectionString: string } | { blobServiceUri: string };
  archiveContainer: string;
  propagationMinutes: number;
}

/** @throws with every setting that is missing or wrong, one a line; never with a value, which may be a secret. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const parsed = environment.safeParse(env);
  const problems = parsed.error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
  if (!env.GOLDSMITH_ARCHIVE && !env.GOLDSMITH_ARCHIVE__blobServiceUri) {
    problems.push("GOLDSMITH_ARCHIVE: is missing (or set GOLDSMITH_ARCHIVE__blobServiceUri)");
  }
  if (!parsed.success || problems.length > 0) {
    throw new Error(`The application settings are not usable:\n  ${problems.join("\n  ")}`);
  }
  const values = parsed.data;
  return {
    subscriptionId: values.AZURE_SUBSCRIPTION_ID,
    clientId: values.AZURE_CLIENT_ID,
    armEndpoint: values.GOLDSMITH_ARM_ENDPOINT,
    installationId: values.GOLDSMITH_INSTALLATION_ID,
    templateResourceGroup: values.GOLDSMITH_TEMPLATE_RESOURCE_GROUP,
    builder: {
      identityId: values.GOLDSMITH_BUILDER_IDENTITY_ID,
      principalId: values.GOLDSMITH_BUILDER_PRINCIPAL_ID,
    },
    roles: { imageCreation: values.GOLDSMITH_IMAGE_CREATION_ROLE, networkJoin: values.GOLDSMITH_NETWORK_JOIN_ROLE },
    archive: values.GOLDSMITH_ARCHIVE__blobServiceUri
      ? { blobServiceUri: values.GOLDSMITH_ARCHIVE__blobServiceUri }
      : { connectionString: values.GOLDSMITH_ARCHIVE ?? "" },
    archiveContainer: values.GOLDSMITH_ARCHIVE_CONTAINER,
    propagationMinutes: values.GOLDSMITH_PROPAGATION_MINUTES,
  };
}
