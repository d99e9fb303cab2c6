import { readSettings } from "./settings.ts";

const NOBODY = "00000000-0000-0000-0000-000000000000";

/**
 * What the service is put together of where its settings cannot be used, so that every function is there by its name:
 * builds that are under way find them again. Nothing is ever done with these.
 */
export function standInSettings() {
  return readSettings({
    AZURE_SUBSCRIPTION_ID: NOBODY,
    AZURE_CLIENT_ID: NOBODY,
    GOLDSMITH_INSTALLATION_ID: "unset",
    GOLDSMITH_TEMPLATE_RESOURCE_GROUP: "unset",
    GOLDSMITH_SERVICE_PRINCIPAL_ID: NOBODY,
    GOLDSMITH_TRUST_ZONES: "{}",
    GOLDSMITH_IMAGE_CREATION_ROLE: NOBODY,
    GOLDSMITH_NETWORK_JOIN_ROLE: NOBODY,
    GOLDSMITH_ARM_ENDPOINT: "https://unset.invalid",
    GOLDSMITH_ARCHIVE__blobServiceUri: "https://unset.invalid",
  });
}
