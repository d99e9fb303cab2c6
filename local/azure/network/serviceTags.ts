import { regionName, regions } from "../arm/regions.ts";

/** Names of Azure's own addresses that rules and routes may use, of Microsoft's page on service tags. */
const SERVICE_TAGS = new Set(
  (
    "ActionGroup ApiManagement AppConfiguration ApplicationInsightsAvailability AppService AppServiceManagement " +
    "AutonomousDevelopmentPlatform AzureActiveDirectory AzureActiveDirectoryDomainServices AzureAdvancedThreatProtection " +
    "AzureArcInfrastructure AzureAttestation AzureBackup AzureBotService AzureCloud AzureCognitiveSearch AzureConnectors " +
    "AzureContainerAppsService AzureContainerRegistry AzureCosmosDB AzureDatabricks AzureDataExplorerManagement " +
    "AzureDeviceUpdate AzureDevOps AzureDigitalTwins AzureEventGrid AzureFrontDoor.Backend AzureFrontDoor.FirstParty " +
    "AzureFrontDoor.Frontend AzureHealthcareAPIs AzureInformationProtection AzureIoTHub AzureKeyVault AzureLoadBalancer " +
    "AzureLoadTestingInstanceManagement AzureMachineLearning AzureMachineLearningInference AzureManagedGrafana AzureMonitor " +
    "AzureOpenDatasets AzurePlatformDNS AzurePlatformIMDS AzurePlatformLKM AzureResourceManager AzureSentinel AzureSignalR " +
    "AzureSiteRecovery AzureSphere AzureSpringCloud AzureStack AzureTrafficManager AzureUpdateDelivery AzureWebPubSub " +
    "BatchNodeManagement ChaosStudio CognitiveServicesFrontend CognitiveServicesManagement DataFactory DataFactoryManagement " +
    "Dynamics365BusinessCentral Dynamics365ForMarketingEmail EOPExternalPublishedIPs EventHub GatewayManager GenevaActions " +
    "GuestAndHybridManagement HDInsight Internet KustoAnalytics LogicApps LogicAppsManagement M365ManagementActivityApi " +
    "M365ManagementActivityApiWebhook Marketplace MicrosoftAzureFluidRelay MicrosoftCloudAppSecurity " +
    "MicrosoftContainerRegistry MicrosoftDefenderForEndpoint MicrosoftPurviewPolicyDistribution OneDsCollector PowerBI " +
    "PowerPlatformInfra PowerPlatformPlex PowerQueryOnline Scuba SerialConsole ServiceBus ServiceFabric Sql SqlManagement " +
    "Storage StorageMover StorageSyncService VideoIndexer VirtualDesktop VirtualNetwork WindowsAdminCenter " +
    "WindowsVirtualDesktop"
  )
    .toLowerCase()
    .split(" "),
);

/** What some tags call regions otherwise. */
const OTHER_REGIONS = ["centralfrance", "southfrance", "germanywc", "norwaye", "switzerlandn", "uaen", "brazilse"];

/** `Storage`, or in one region `Storage.WestEurope`; in any case. */
export function isServiceTag(name: string): boolean {
  const tag = name.toLowerCase();
  const dot = tag.lastIndexOf(".");
  if (SERVICE_TAGS.has(tag) || dot < 0) return SERVICE_TAGS.has(tag);
  const region = tag.slice(dot + 1);
  return (
    SERVICE_TAGS.has(tag.slice(0, dot)) && (regions.includes(regionName(region)) || OTHER_REGIONS.includes(region))
  );
}
