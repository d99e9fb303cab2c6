import type { SettingFault } from "./domain/notReady.ts";

/** What a setting takes, in words that fit behind "Takes", and an example, which is nobody's. */
export interface SettingHelp {
  takes: string;
  example: string;
}

/** Of a limit of builds that may run at the same time. */
export const MOST_CONCURRENT_BUILDS = 1000;

/** The setting that says where Azure Resource Manager is. */
export const ARM_ENDPOINT = "GOLDSMITH_ARM_ENDPOINT";

const GUID = "8f14e45f-ceea-467f-a2d5-91c2f3a4b5c6";
const ZONE_SHAPE = `{"default":{"builder":{"identityId":"/subscriptions/…","principalId":"${GUID}"},"destinations":["/subscriptions/…"],"subnets":["/subscriptions/…"]}}`;
const minutes = (most: number) => `a number of minutes, 0 to ${most}`;
const BUILDS_AT_ONCE = `a whole number, 1 to ${MOST_CONCURRENT_BUILDS}`;
const SIGNING_KEY = "whsec_ and 24 to 64 random bytes in base64";
const FREE_KEY = "24 to 256 printable characters, as the system that signs with it has them, or whsec_ and base64";

/** Help on every setting that the service reads, by its name. */
export const SETTING_HELP: Readonly<Record<string, SettingHelp>> = {
  AZURE_SUBSCRIPTION_ID: {
    takes: "the id of an enabled subscription that the service's identity has roles in",
    example: GUID,
  },
  AZURE_CLIENT_ID: {
    takes: "the client id of a user-assigned identity that is assigned to the function app",
    example: GUID,
  },
  GOLDSMITH_ARM_ENDPOINT: {
    takes: "the https address of Azure Resource Manager; left out in Azure's public cloud",
    example: "https://management.azure.com",
  },
  GOLDSMITH_ARM_TIMEOUT_SECONDS: { takes: "a number of seconds, 10 to 86400", example: "100" },
  GOLDSMITH_INSTALLATION_ID: { takes: "1 to 30 of a-z, 0-9 and hyphen, the same for ever", example: "production" },
  GOLDSMITH_TEMPLATE_RESOURCE_GROUP: {
    takes: "the name of a resource group that exists in the subscription",
    example: "rg-goldsmith-templates",
  },
  GOLDSMITH_SERVICE_PRINCIPAL_ID: {
    takes: "the principal (object) id of the identity whose client id is in AZURE_CLIENT_ID",
    example: GUID,
  },
  GOLDSMITH_FORMER_PRINCIPAL_IDS: { takes: "GUIDs, separated by commas, or nothing", example: GUID },
  GOLDSMITH_TRUST_ZONES: {
    takes: "JSON: zones by name, no two with one builder (docs/deploy.md)",
    example: ZONE_SHAPE,
  },
  GOLDSMITH_ACCEPTED_GRANTS: {
    takes: "JSON: role assignments of somebody else's, each with an end (docs/access.md)",
    example: `[{"id":"/subscriptions/…/roleAssignments/${GUID}","until":"2027-03-31T00:00:00Z"}]`,
  },
  GOLDSMITH_IMAGE_CREATION_ROLE: { takes: "the GUID that is the name of the custom role", example: GUID },
  GOLDSMITH_NETWORK_JOIN_ROLE: { takes: "the GUID that is the name of the custom role", example: GUID },
  GOLDSMITH_SOURCE_READING_ROLE: { takes: "the GUID that is the name of the custom role", example: GUID },
  GOLDSMITH_ARCHIVE: {
    takes: "a storage connection string; in Azure leave it out and set GOLDSMITH_ARCHIVE__blobServiceUri",
    example: "UseDevelopmentStorage=true",
  },
  GOLDSMITH_ARCHIVE__blobServiceUri: {
    takes: "the blob endpoint of the archive's storage account, without a token",
    example: "https://starchive.blob.core.windows.net",
  },
  GOLDSMITH_ARCHIVE_CONTAINER: { takes: "a blob container's name", example: "archive" },
  GOLDSMITH_PROPAGATION_MINUTES: { takes: minutes(60), example: "15" },
  GOLDSMITH_CONCURRENT_BUILDS: { takes: BUILDS_AT_ONCE, example: "20" },
  GOLDSMITH_CONCURRENT_BUILDS_OF_IDENTITY: { takes: BUILDS_AT_ONCE, example: "40" },
  GOLDSMITH_CONCURRENT_BUILDS_OF_SUBSCRIPTION: { takes: BUILDS_AT_ONCE, example: "60" },
  GOLDSMITH_QUEUE_HOURS: { takes: "a number of hours, 1 to 720", example: "24" },
  GOLDSMITH_SWEEP_SCHEDULE: { takes: "an NCRONTAB expression of six fields, seconds first", example: "0 */10 * * * *" },
  GOLDSMITH_SWEEP_GRACE_MINUTES: { takes: minutes(1440), example: "30" },
  GOLDSMITH_RAW_LOG_CONTAINER: {
    takes: "a blob container's name other than the archive's, or nothing",
    example: "rawlogs",
  },
  GOLDSMITH_RECIPE_CONTAINER: {
    takes: "a container's name beside the archive's, or the https URL of one without a token, or nothing",
    example: "https://strecipes.blob.core.windows.net/recipes",
  },
  GOLDSMITH_SCRIPT_CONTAINER: {
    takes: "the resource id of a blob container that no build writes to, or nothing",
    example: "/subscriptions/…/storageAccounts/stscripts/blobServices/default/containers/scripts",
  },
  GOLDSMITH_CALLBACK_TARGETS: {
    takes: "JSON: where callbacks may go (docs/callbacks.md); none for development in Azure",
    example: `[{"origin":"https://tickets.example.com","path":"/hooks","secretNames":["TICKETS"]}]`,
  },
  GOLDSMITH_HOOKS: { takes: "JSON: hooks by name, each with keys of its own (docs/tickets.md)", example: "{}" },
  GOLDSMITH_APPROVAL_SYSTEMS: { takes: "JSON: ticket systems that tell who decides (docs/tickets.md)", example: "[]" },
  WEBSITE_HOSTNAME: {
    takes: "the service's host name, which the platform sets",
    example: "func-goldsmith.azurewebsites.net",
  },
  GOLDSMITH_ENVIRONMENT: { takes: "the name of a folder of overlays, or nothing", example: "test" },
  GOLDSMITH_AUTHENTICATION: { takes: "required; open is for a developer's machine only", example: "required" },
  GOLDSMITH_ENTRA_TENANT_ID: {
    takes: "the tenant's id, together with GOLDSMITH_ENTRA_AUDIENCES, or nothing",
    example: GUID,
  },
  GOLDSMITH_ENTRA_AUDIENCES: {
    takes:
      "application id URIs or client ids, separated by commas, together with GOLDSMITH_ENTRA_TENANT_ID, or nothing",
    example: "api://goldsmith",
  },
  GOLDSMITH_ENTRA_AUTHORITY: {
    takes: "the https origin of Entra ID, without a path; left out in Azure's public cloud",
    example: "https://login.microsoftonline.com",
  },
  GOLDSMITH_API_KEYS: {
    takes: "JSON: entries that `goldsmith key new` makes (docs/authentication.md)",
    example: "[]",
  },
  GOLDSMITH_ALLOWED_ORIGINS: {
    takes: "origins, separated by commas, or nothing",
    example: "https://portal.example.com",
  },
  GOLDSMITH_EVENT_SENDERS: { takes: "client ids, separated by commas, or nothing", example: GUID },
  APPLICATIONINSIGHTS_CONNECTION_STRING: {
    takes: "the connection string of an Application Insights component, or nothing",
    example: `InstrumentationKey=${GUID};IngestionEndpoint=https://westeurope-5.in.applicationinsights.azure.com/`,
  },
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: {
    takes: "with which identity it is signed in there, or nothing",
    example: `Authorization=AAD;ClientId=${GUID}`,
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    takes: "the address of a collector that takes OTLP over HTTP, or nothing",
    example: "https://collector.example.com:4318",
  },
};

/** Settings that hold keys, by what their names begin with: which there are, other settings say. */
export const KEY_HELP: Readonly<Record<string, SettingHelp>> = {
  GOLDSMITH_CALLBACK_SECRET_: { takes: SIGNING_KEY, example: "whsec_MfKQ…" },
  GOLDSMITH_HOOK_SECRET_: { takes: FREE_KEY, example: "whsec_MfKQ…" },
  GOLDSMITH_APPROVAL_SECRET_: { takes: FREE_KEY, example: "a long random text" },
};

const WHERE =
  "Where infra/ was deployed, set its parameter and provision again, which takes out what is set by hand (docs/deploy.md). Elsewhere set it among the function app's environment variables (`az functionapp config appsettings set --settings NAME=…`), or on a developer's machine in local.settings.json.";

/** What a setting's name begins with that holds a key; undefined where it holds none. */
export function keyStartOf(setting: string): string | undefined {
  return Object.keys(KEY_HELP).find((start) => setting.startsWith(start));
}

/** What to do about a setting that is missing or wrong. */
export function mendOf(setting: string): string {
  const key = keyStartOf(setting);
  const help = SETTING_HELP[setting] ?? KEY_HELP[key ?? ""];
  if (!help) throw new Error(`Nobody knows what ${setting} takes.`);
  return `Takes ${help.takes}, as in ${help.example}. ${WHERE}`;
}

/** A setting that Azure shows to be wrong. */
export function wrongBy(setting: string, why = ""): SettingFault {
  return { setting, state: "wrong", mend: why + mendOf(setting) };
}

/** A setting with an address of which the name leads nowhere. */
export function unreachedBy(setting: string): SettingFault {
  return wrongBy(
    setting,
    "There is nothing of that name: it is mistyped, or names are not looked up for the app as they should be. ",
  );
}

/** A setting that names what Azure shows the service nothing of. */
export function hiddenBy(setting: string): SettingFault {
  return wrongBy(
    setting,
    "Azure shows the service's identity nothing of what it names: that is another's, or the identity's rights there are missing, or only minutes old (docs/permissions.md). ",
  );
}
