// All application settings of the service and its host, but those of telemetry, which functionApp.bicep reads off the
// component. It makes nothing. docs/deploy.md says what each of them means.

param installationId string

@description('The service identity: { clientId, principalId }.')
param service object

@description('The builder identity: { identityId, principalId }.')
param builder object

@description('The bare GUIDs of the custom roles, by their keys in roles.bicep.')
param roles object

param templateGroupName string

@description('What builds may use: ids of groups, galleries, containers, networks, identities.')
param destinations array
param sources array
param scriptContainers array
param subnets array
param vmIdentities array

@description('Whether builds have to be in one of those.')
param networkRequired bool

param hostStorageName string
param archiveEndpoint string
param archiveContainerName string

@description('URL of the container of recipes; empty: they come with the package.')
param recipeContainerUrl string
param scriptContainerId string
param overlayEnvironment string

param audiences array
param apiKeys array
param allowedOrigins array
param eventSenders array
param callbackTargets array
param callbackSecretUris object
param hooks object
param hookSecretUris object
param approvalSystems array
param approvalSecretUris object

@description('Durable Task Scheduler as engine: { endpoint, taskHub }; empty: Azure Storage, as host.json says.')
param scheduler object

@description('What stands in place of any of the others.')
param others object

var callbackSettings = toObject(
  items(callbackSecretUris),
  secret => 'GOLDSMITH_CALLBACK_SECRET_${secret.key}',
  secret => '@Microsoft.KeyVault(SecretUri=${secret.value})'
)

var hookSettings = toObject(
  items(hookSecretUris),
  secret => 'GOLDSMITH_HOOK_SECRET_${secret.key}',
  secret => '@Microsoft.KeyVault(SecretUri=${secret.value})'
)

var approvalSettings = toObject(
  items(approvalSecretUris),
  secret => 'GOLDSMITH_APPROVAL_SECRET_${secret.key}',
  secret => '@Microsoft.KeyVault(SecretUri=${secret.value})'
)

// The host puts settings that begin so in place of those in host.json, whose package stays the same.
var schedulerSettings = empty(scheduler)
  ? {}
  : {
      AzureFunctionsJobHost__extensions__durableTask__hubName: scheduler.taskHub
      AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
      AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
      DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${scheduler.endpoint};Authentication=ManagedIdentity;ClientID=${service.clientId}'
    }

var ownSettings = {
  AzureWebJobsStorage__accountName: hostStorageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: service.clientId
  AZURE_CLIENT_ID: service.clientId
  AZURE_SUBSCRIPTION_ID: subscription().subscriptionId
  // The service asks for tokens of the public cloud, so no other endpoint would do.
  #disable-next-line no-hardcoded-env-urls
  GOLDSMITH_ARM_ENDPOINT: 'https://management.azure.com'
  GOLDSMITH_ARM_TIMEOUT_SECONDS: '100'
  GOLDSMITH_INSTALLATION_ID: installationId
  GOLDSMITH_TEMPLATE_RESOURCE_GROUP: templateGroupName
  GOLDSMITH_SERVICE_PRINCIPAL_ID: service.principalId
  GOLDSMITH_FORMER_PRINCIPAL_IDS: ''
  GOLDSMITH_TRUST_ZONES: string({
    default: {
      builder: builder
      destinations: destinations
      sources: sources
      scriptContainers: scriptContainers
      subnets: subnets
      vmIdentities: vmIdentities
      networkRequired: networkRequired
    }
  })
  GOLDSMITH_ACCEPTED_GRANTS: '[]'
  GOLDSMITH_IMAGE_CREATION_ROLE: roles.imageCreation
  GOLDSMITH_NETWORK_JOIN_ROLE: roles.networkJoin
  GOLDSMITH_SOURCE_READING_ROLE: roles.sourceReading
  GOLDSMITH_ARCHIVE__blobServiceUri: archiveEndpoint
  GOLDSMITH_ARCHIVE_CONTAINER: archiveContainerName
  GOLDSMITH_RAW_LOG_CONTAINER: ''
  GOLDSMITH_RECIPE_CONTAINER: recipeContainerUrl
  GOLDSMITH_SCRIPT_CONTAINER: scriptContainerId
  GOLDSMITH_ENVIRONMENT: overlayEnvironment
  GOLDSMITH_PROPAGATION_MINUTES: '15'
  GOLDSMITH_CONCURRENT_BUILDS: '20'
  GOLDSMITH_CONCURRENT_BUILDS_OF_IDENTITY: '40'
  GOLDSMITH_CONCURRENT_BUILDS_OF_SUBSCRIPTION: '60'
  GOLDSMITH_QUEUE_HOURS: '24'
  GOLDSMITH_SWEEP_SCHEDULE: '0 */10 * * * *'
  GOLDSMITH_SWEEP_GRACE_MINUTES: '30'
  GOLDSMITH_AUTHENTICATION: 'required'
  GOLDSMITH_ENTRA_TENANT_ID: empty(audiences) ? '' : tenant().tenantId
  GOLDSMITH_ENTRA_AUDIENCES: join(audiences, ',')
  #disable-next-line no-hardcoded-env-urls
  GOLDSMITH_ENTRA_AUTHORITY: 'https://login.microsoftonline.com'
  GOLDSMITH_API_KEYS: string(apiKeys)
  GOLDSMITH_ALLOWED_ORIGINS: join(allowedOrigins, ',')
  GOLDSMITH_EVENT_SENDERS: join(eventSenders, ',')
  GOLDSMITH_CALLBACK_TARGETS: string(callbackTargets)
  GOLDSMITH_HOOKS: string(hooks)
  GOLDSMITH_APPROVAL_SYSTEMS: string(approvalSystems)
  OTEL_EXPORTER_OTLP_ENDPOINT: ''
  APPLICATION_INSIGHTS_NO_STATSBEAT: 'true'
}

@description('By their names. Keys are references to Key Vault, so that none of them is a secret.')
output settings object = union(callbackSettings, hookSettings, approvalSettings, schedulerSettings, ownSettings, others)
