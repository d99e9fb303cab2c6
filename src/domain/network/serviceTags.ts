import { type AddressRange, parseRange } from "./addresses.ts";

/**
 * What is known of service tags comes from Microsoft's table of them (azure-docs, virtual-network,
 * service-tags-overview) and from its list of their prefixes (ServiceTags_Public of 2025-01-27), which was looked through
 * for what is said here. Of a tag that does not stand here nothing is known, and nothing is guessed.
 */

/** Tags all of whose prefixes in that list are public ones. */
const PUBLIC = lowerCased(
  `ActionGroup ApiManagement AppConfiguration ApplicationInsightsAvailability AppService AppServiceManagement
  AzureActiveDirectory AzureActiveDirectoryDomainServices AzureAdvancedThreatProtection AzureArcInfrastructure
  AzureAttestation AzureBackup AzureBotService AzureCloud AzureCognitiveSearch AzureConnectors AzureContainerRegistry
  AzureCosmosDB AzureDatabricks AzureDataExplorerManagement AzureDataLake AzureDevOps AzureDevSpaces AzureDeviceUpdate
  AzureDigitalTwins AzureEventGrid AzureFrontDoor AzureHealthcareAPIs AzureInformationProtection AzureIoTHub
  AzureKeyVault AzureLoadTestingInstanceManagement AzureMachineLearning AzureMachineLearningInference
  AzureManagedGrafana AzureMonitor AzureOpenDatasets AzureResourceManager AzureSentinel AzureSignalR AzureSiteRecovery
  AzureSphere AzureSpringCloud AzureStack AzureTrafficManager AzureUpdateDelivery AzureWebPubSub BatchNodeManagement
  ChaosStudio CognitiveServicesFrontend CognitiveServicesManagement DataFactory DataFactoryManagement
  Dynamics365BusinessCentral Dynamics365ForMarketingEmail EOPExternalPublishedIPs EventHub GatewayManager
  GuestAndHybridManagement HDInsight KustoAnalytics LogicApps LogicAppsManagement M365ManagementActivityApi
  M365ManagementActivityApiWebhook Marketplace MicrosoftAzureFluidRelay MicrosoftCloudAppSecurity
  MicrosoftContainerRegistry MicrosoftDefenderForEndpoint MicrosoftPurviewPolicyDistribution OneDsCollector PowerBI
  PowerPlatformInfra PowerPlatformPlex PowerQueryOnline ServiceBus ServiceFabric Sql SqlManagement Storage StorageMover
  StorageSyncService WindowsAdminCenter WindowsVirtualDesktop`,
);

/**
 * Services whose tag of each region lies in AzureCloud's of that region. That of Storage as a whole has ranges beside,
 * which are no region's yet.
 */
const IN_AZURE_CLOUD = lowerCased(
  `Storage Sql AzureKeyVault AzureContainerRegistry AzureResourceManager AzureCosmosDB EventHub ServiceBus AppService`,
);

/** Its regional tags are the only ones with addresses in common. */
const OVERLAPPING = "azuremonitor";

/** Regions that AzureCloud's tags call by other names than those of services do. */
const REGIONS_OF_AZURE_CLOUD: Readonly<Record<string, string>> = {
  brazilse: "brazilsoutheast",
  centralfrance: "francecentral",
  germanyn: "germanynorth",
  germanywc: "germanywestcentral",
  norwaye: "norwayeast",
  norwayw: "norwaywest",
  southfrance: "francesouth",
  switzerlandn: "switzerlandnorth",
  switzerlandw: "switzerlandwest",
};

/** The virtual address of a machine's host, which asks for its health and answers its questions for names. */
export const HOST_ADDRESS = "168.63.129.16";

/** Tags of one address of Azure's host. */
export const HOST_TAGS: Readonly<Record<string, string>> = {
  azureloadbalancer: HOST_ADDRESS,
  azureplatformdns: HOST_ADDRESS,
  azureplatformimds: "169.254.169.254",
};

const HOSTS = new Map(Object.entries(HOST_TAGS).map(([tag, address]) => [tag, parseRange(address)]));

/** Names that the tags had before Resource Manager; Azure still answers with them. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  virtual_network: "virtualnetwork",
  azure_loadbalancer: "azureloadbalancer",
};

/** In lower case, by its name of today. */
export function tagNamed(text: string): string {
  const tag = text.trim().toLowerCase();
  return OLD_NAMES[tag] ?? tag;
}

/** A service tag, read once: it is held against many others. */
export interface ServiceTag {
  /** In lower case, by its name of today. */
  name: string;
  service: string;
  region: string | undefined;
  /** The one address of Azure's host that it stands for. */
  host: AddressRange | undefined;
  /** Of the virtual network or of Azure's host. */
  isLocal: boolean;
  /** Undefined where nobody here knows. */
  isPublic: true | undefined;
}

export function serviceTagOf(text: string): ServiceTag {
  const name = tagNamed(text);
  const host = HOSTS.get(name);
  const isLocal = name === "virtualnetwork" || host !== undefined;
  return { name, ...serviceOf(name), host, isLocal, isPublic: isPublicTag(name) };
}

/** `storage.westeurope` is of the service storage. */
export function serviceOf(tag: string): { service: string; region: string | undefined } {
  const [service = "", region] = tag.split(".");
  return { service, region: region && (REGIONS_OF_AZURE_CLOUD[region] ?? region) };
}

/** Whether a service's tags of two regions have no address in common; undefined where nobody here knows. */
export function areRegionsApart(service: string): true | undefined {
  return (PUBLIC.has(service) && service !== OVERLAPPING) || undefined;
}

/** Whether all of a tag's addresses are public ones, the Internet's among them; undefined where nobody here knows. */
export function isPublicTag(tag: string): true | undefined {
  return tag === "internet" || PUBLIC.has(serviceOf(tag).service) || undefined;
}

export function isInAzureCloud({ service }: ServiceTag): boolean {
  return IN_AZURE_CLOUD.has(service);
}

function lowerCased(tags: string): ReadonlySet<string> {
  return new Set(tags.split(/\s+/).map((tag) => tag.toLowerCase()));
}
