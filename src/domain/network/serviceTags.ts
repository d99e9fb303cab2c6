/**
 * Service tags whose addresses are all public: those of Azure's and Microsoft's services. Of a tag that does not stand
 * here nothing is known, and nothing is guessed. From Microsoft's overview of service tags.
 */
const PUBLIC = new Set(
  `ActionGroup ApiManagement AppConfiguration ApplicationInsightsAvailability AppService AppServiceManagement
  AzureActiveDirectory AzureActiveDirectoryDomainServices AzureAdvancedThreatProtection AzureArcInfrastructure
  AzureAttestation AzureBackup AzureBotService AzureCloud AzureCognitiveSearch AzureConnectors
  AzureContainerAppsService AzureContainerRegistry AzureCosmosDB AzureDatabricks AzureDataExplorerManagement
  AzureDeviceUpdate AzureDevOps AzureDigitalTwins AzureEventGrid AzureFrontDoor AzureHealthcareAPIs
  AzureInformationProtection AzureIoTHub AzureKeyVault AzureMachineLearning AzureManagedGrafana AzureMonitor
  AzureResourceManager AzureSentinel AzureSignalR AzureSiteRecovery AzureSphere AzureSpringCloud AzureStack
  AzureTrafficManager AzureUpdateDelivery AzureWebPubSub BatchNodeManagement ChaosStudio CognitiveServicesFrontend
  CognitiveServicesManagement DataFactory DataFactoryManagement EventHub GatewayManager GuestAndHybridManagement
  HDInsight LogicApps LogicAppsManagement MicrosoftCloudAppSecurity MicrosoftContainerRegistry
  MicrosoftDefenderForEndpoint OneDsCollector PowerBI PowerQueryOnline ServiceBus ServiceFabric Sql SqlManagement
  Storage StorageMover StorageSyncService VirtualDesktop WindowsAdminCenter WindowsVirtualDesktop`
    .split(/\s+/)
    .map((tag) => tag.toLowerCase()),
);

/** Services that run in Azure's own datacenters, all of whose addresses AzureCloud stands for. */
const IN_AZURE_CLOUD = new Set(
  `Storage Sql AzureKeyVault AzureContainerRegistry AzureResourceManager AzureMonitor AzureCosmosDB EventHub ServiceBus
  AppService`
    .split(/\s+/)
    .map((tag) => tag.toLowerCase()),
);

/** Tags of one address of Azure's host. */
export const HOST_TAGS: Readonly<Record<string, string>> = {
  azureloadbalancer: "168.63.129.16",
  azureplatformdns: "168.63.129.16",
  azureplatformimds: "169.254.169.254",
};

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

/** `storage.westeurope` is of the service storage. */
export function serviceOf(tag: string): { service: string; region: string | undefined } {
  const [service = "", region] = tag.split(".");
  return { service, region };
}

/** Whether all of a tag's addresses are public ones, the Internet's among them; undefined where nobody here knows. */
export function isPublicTag(tag: string): true | undefined {
  return tag === "internet" || PUBLIC.has(serviceOf(tag).service) || undefined;
}

export function isInAzureCloud(tag: string): boolean {
  return IN_AZURE_CLOUD.has(serviceOf(tag).service);
}
