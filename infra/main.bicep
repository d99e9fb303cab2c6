// Goldsmith on Azure: the first honest form.
//
// What is there: the function app on Flex Consumption with its storage, the archive, the service identity and the
// builder identity, the custom roles and every role assignment that the service needs, all application settings.
//
// What is not there yet: Application Insights and Log Analytics, alerts and a workbook, Event Grid, private endpoints
// and network integration, Easy Auth, immutable archive, a separate account for the package, Durable Task Scheduler,
// making the gallery, its image definitions and the network of the builds, `azd`. docs/deploy.md says more.
//
// This has not been run against Azure: it has been parsed, its names have been resolved, its properties and its roles
// compared with what is documented. Expect to mend something on the first run, and run `what-if` before it.
//
// Nothing here is a secret, and no output is one. Names follow from the parameters alone, so a second deployment
// changes nothing.
targetScope = 'subscription'

@description('Region of the function app, its storage and the identities. Flex Consumption must be offered there.')
param location string = deployment().location

@description('Tells this installation from any other in the tenant, in role names and tags: a to z, 0 to 9, hyphen.')
@minLength(1)
@maxLength(30)
param installationId string

@description('Name of an existing resource group that takes the function app, its storage and the identities.')
param serviceResourceGroupName string

@description('Name of an existing resource group in which image templates live while they are built.')
param templateResourceGroupName string

@description('Id of the existing resource group that holds the galleries to publish to.')
param imageResourceGroupId string

@description('Names of galleries in that group whose new versions become the latest only once somebody has approved them.')
param approvedGalleryNames array = []

@description('Ids of existing resource groups with images that builds may begin with, where those lie elsewhere.')
param sourceResourceGroupIds array = []

@description('Ids of existing containers of blobs whose VHDs builds may import.')
param sourceDiskContainerIds array = []

@description('Id of the existing virtual network that builds attach to.')
param virtualNetworkId string

@description('Ids of existing blob containers that recipes may write VHDs to; nothing else should be in them.')
param diskContainerIds array = []

@description('Ids of existing blob containers with scripts and files that recipes name by their URLs.')
param scriptContainerIds array = []

@description('Container of the archive storage for scripts and files beside recipes that are too long for a template; without one those are refused.')
param scriptContainerName string = 'scripts'

@description('Container of the archive storage that takes receipts, logs and templates as sent.')
param archiveContainerName string = 'archive'

@description('Container of the archive storage that recipes are read from; without one they are those of the package.')
param recipeContainerName string = ''

@description('Where events of builds may be sent to, as docs/callbacks.md has it: [{ origin, path, secretNames }].')
param callbackTargets array = []

@description('By the names in callbackTargets, the URIs of the Key Vault secrets with the keys that sign: none is a secret itself.')
param callbackSecretUris object = {}

@description('Systems that can only send bodies of their own, by name, as docs/tickets.md has them.')
param hooks object = {}

@description('By the names in hooks, the URIs of the Key Vault secrets with the keys that sign: none is a secret itself.')
param hookSecretUris object = {}

@description('Ticket systems that may tell which of their people decides on a build: [{ name, application, secretNames }].')
param approvalSystems array = []

@description('By the names in approvalSystems, the URIs of the Key Vault secrets with the keys that sign: none is a secret itself.')
param approvalSecretUris object = {}

@description('Environment whose overlays change the recipes; without one they are built as they are.')
param environmentName string = ''

@description('Minutes that a fresh role assignment may take to be effective; Azure documents up to 10.')
@minValue(0)
@maxValue(60)
param propagationMinutes int = 15

@description('What access tokens of this tenant are for that the service takes: application id URIs or client ids of its app registration. None: it takes no tokens.')
param entraAudiences array = []

@description('Entries that `goldsmith key new` makes, for systems that have no identity of Entra ID. They hold hashes, no keys.')
param apiKeys array = []

@description('Origins of pages that may write, beside the service itself.')
param allowedOrigins array = []

@description('Client ids of the applications that may send events: that of Event Grid. None: no event is taken.')
param eventSenders array = []

@description('Tags of everything that is made here.')
param tags object = {}

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

var token = uniqueString(subscription().id, serviceResourceGroupName, installationId)
var packageContainerName = 'app-package'
var allTags = union(tags, { 'goldsmith-installation': installationId })

// Roles that Azure itself brings, for the service's own storage.
var storageBlobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var storageBlobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var storageBlobDataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
var storageQueueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var storageTableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'

// ABAC conditions. A condition cannot name a scope, so there is one granter assignment a scope, and each condition
// names one role and one principal: lists of both would multiply.
var oneGrantOnly = join([
  '((!(ActionMatches{\'Microsoft.Authorization/roleAssignments/<action>\'})) OR ('
  '<source>[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {<role>} AND '
  '<source>[Microsoft.Authorization/roleAssignments:PrincipalId] ForAnyOfAnyValues:GuidEquals {<builder>} AND '
  '<source>[Microsoft.Authorization/roleAssignments:PrincipalType] '
  'ForAnyOfAnyValues:StringEqualsIgnoreCase {\'ServicePrincipal\'}))'
], '')
var onWrite = replace(replace(oneGrantOnly, '<action>', 'write'), '<source>', '@Request')
var onDelete = replace(replace(oneGrantOnly, '<action>', 'delete'), '<source>', '@Resource')
var grantsOnly = '${onWrite} AND ${onDelete}'

var readsPackerLogsOnly = join([
  '((!(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read\'})) OR '
  '(@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals \'packerlogs\'))'
], '')

// Existing, and given by their ids: the modules below are deployed into the very subscription and group that an id
// names, so that a wrong id fails instead of granting somewhere else.
var imageGroup = {
  subscriptionId: split(imageResourceGroupId, '/')[2]
  name: split(imageResourceGroupId, '/')[4]
}
var network = {
  subscriptionId: split(virtualNetworkId, '/')[2]
  resourceGroup: split(virtualNetworkId, '/')[4]
  name: split(virtualNetworkId, '/')[8]
}
var networkGroupId = '/subscriptions/${network.subscriptionId}/resourceGroups/${network.resourceGroup}'

module service 'modules/identity.bicep' = {
  name: 'goldsmith-${installationId}-service-identity'
  scope: resourceGroup(serviceResourceGroupName)
  params: {
    name: 'id-goldsmith-${installationId}'
    location: location
    tags: allTags
  }
}

// Image builder acts as this one. It is given nothing here: what it needs is leased to it, a build at a time.
module builder 'modules/identity.bicep' = {
  name: 'goldsmith-${installationId}-builder-identity'
  scope: resourceGroup(serviceResourceGroupName)
  params: {
    name: 'id-goldsmith-builder-${installationId}'
    location: location
    tags: allTags
  }
}

module roles 'modules/roles.bicep' = {
  name: 'goldsmith-${installationId}-roles'
  params: {
    installationId: installationId
    serviceGroupId: '${subscription().id}/resourceGroups/${serviceResourceGroupName}'
    templateGroupId: '${subscription().id}/resourceGroups/${templateResourceGroupName}'
    imageGroupId: imageResourceGroupId
    sourceGroupIds: sourceResourceGroupIds
    networkGroupId: networkGroupId
    containerGroupIds: [for id in concat(diskContainerIds, scriptContainerIds): join(take(split(id, '/'), 5), '/')]
  }
}

// What the service may do, in the order of docs/deploy.md.

module observer 'modules/access/onSubscription.bicep' = {
  name: 'goldsmith-${installationId}-observer'
  params: {
    principalId: service.outputs.principalId
    roleDefinition: roles.outputs.names.observer
  }
}

// Standing, because the log lies in a storage account that image builder makes anew for every template.
module logReader 'modules/access/onSubscription.bicep' = {
  name: 'goldsmith-${installationId}-log-reader'
  params: {
    principalId: service.outputs.principalId
    roleDefinition: roles.outputs.names.logReader
    condition: readsPackerLogsOnly
  }
}

module templateOperator 'modules/access/onResourceGroup.bicep' = {
  name: 'goldsmith-${installationId}-template-operator'
  scope: resourceGroup(templateResourceGroupName)
  params: {
    principalId: service.outputs.principalId
    roleDefinition: roles.outputs.names.templateOperator
  }
}

module identityUser 'modules/access/onIdentity.bicep' = {
  name: 'goldsmith-${installationId}-identity-user'
  scope: resourceGroup(serviceResourceGroupName)
  params: {
    identityName: builder.outputs.name
    principalId: service.outputs.principalId
    roleDefinition: roles.outputs.names.identityUser
  }
}

module networkReader 'modules/access/onResourceGroup.bicep' = {
  name: 'goldsmith-${installationId}-network-reader'
  scope: resourceGroup(network.subscriptionId, network.resourceGroup)
  params: {
    principalId: service.outputs.principalId
    roleDefinition: roles.outputs.names.networkReader
  }
}

module galleryReader 'modules/access/onResourceGroup.bicep' = {
  name: 'goldsmith-${installationId}-gallery-reader'
  scope: resourceGroup(imageGroup.subscriptionId, imageGroup.name)
  params: {
    principalId: service.outputs.principalId
    roleDefinition: roles.outputs.names.galleryReader
  }
}

module sourceReader 'modules/access/onResourceGroup.bicep' = [for (id, index) in sourceResourceGroupIds: {
  name: 'goldsmith-${installationId}-source-reader-${index}'
  scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
  params: {
    principalId: service.outputs.principalId
    roleDefinition: roles.outputs.names.galleryReader
  }
}]

// Standing, since who approves may do so days after the build; only where recipes ask for that.
module publisher 'modules/access/onGallery.bicep' = [for (name, index) in approvedGalleryNames: {
  name: 'goldsmith-${installationId}-publisher-${index}'
  scope: resourceGroup(imageGroup.subscriptionId, imageGroup.name)
  params: {
    galleryName: name
    principalId: service.outputs.principalId
    roleDefinition: roles.outputs.names.publisher
  }
}]

module imageGranter 'modules/access/onResourceGroup.bicep' = {
  name: 'goldsmith-${installationId}-image-granter'
  scope: resourceGroup(imageGroup.subscriptionId, imageGroup.name)
  params: {
    principalId: service.outputs.principalId
    roleDefinition: roles.outputs.names.granter
    condition: replace(
      replace(grantsOnly, '<role>', roles.outputs.names.imageCreation),
      '<builder>',
      builder.outputs.principalId
    )
  }
}

module importGranter 'modules/access/onResourceGroup.bicep' = {
  name: 'goldsmith-${installationId}-import-granter'
  scope: resourceGroup(templateResourceGroupName)
  params: {
    principalId: service.outputs.principalId
    roleDefinition: roles.outputs.names.granter
    condition: replace(
      replace(grantsOnly, '<role>', roles.outputs.names.sourceReading),
      '<builder>',
      builder.outputs.principalId
    )
  }
}

module sourceGranter 'modules/access/onResourceGroup.bicep' = [for (id, index) in sourceResourceGroupIds: {
  name: 'goldsmith-${installationId}-source-granter-${index}'
  scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
  params: {
    principalId: service.outputs.principalId
    roleDefinition: roles.outputs.names.granter
    condition: replace(
      replace(grantsOnly, '<role>', roles.outputs.names.sourceReading),
      '<builder>',
      builder.outputs.principalId
    )
  }
}]

module networkGranter 'modules/access/onVirtualNetwork.bicep' = {
  name: 'goldsmith-${installationId}-network-granter'
  scope: resourceGroup(network.subscriptionId, network.resourceGroup)
  params: {
    virtualNetworkName: network.name
    principalId: service.outputs.principalId
    roleDefinition: roles.outputs.names.granter
    condition: replace(
      replace(grantsOnly, '<role>', roles.outputs.names.networkJoin),
      '<builder>',
      builder.outputs.principalId
    )
  }
}

// Azure's own role, since no custom one is needed; a container, so that no other blob of the account is within reach.
module diskGranters 'modules/access/onBlobContainer.bicep' = [
  for (id, index) in diskContainerIds: {
    name: 'goldsmith-${installationId}-disk-granter-${index}'
    scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
    params: {
      storageAccountName: split(id, '/')[8]
      containerName: split(id, '/')[12]
      principalId: service.outputs.principalId
      roleDefinition: roles.outputs.names.granter
      condition: replace(
        replace(grantsOnly, '<role>', storageBlobDataContributor),
        '<builder>',
        builder.outputs.principalId
      )
    }
  }
]

module listedScriptGranters 'modules/access/onBlobContainer.bicep' = [
  for (id, index) in scriptContainerIds: {
    name: 'goldsmith-${installationId}-listed-script-granter-${index}'
    scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
    params: {
      storageAccountName: split(id, '/')[8]
      containerName: split(id, '/')[12]
      principalId: service.outputs.principalId
      roleDefinition: roles.outputs.names.granter
      condition: replace(
        replace(grantsOnly, '<role>', storageBlobDataReader),
        '<builder>',
        builder.outputs.principalId
      )
    }
  }
]

// The host's own state: leases, timers, the durable task hub, function keys, and the package that it runs from.
module hostStorage 'modules/storageAccount.bicep' = {
  name: 'goldsmith-${installationId}-host-storage'
  scope: resourceGroup(serviceResourceGroupName)
  params: {
    name: 'stgshost${token}'
    location: location
    tags: allTags
    containers: [packageContainerName]
  }
}

module hostStorageAccess 'modules/access/onStorageAccount.bicep' = {
  name: 'goldsmith-${installationId}-host-storage-access'
  scope: resourceGroup(serviceResourceGroupName)
  params: {
    storageAccountName: hostStorage.outputs.name
    principalId: service.outputs.principalId
    roleDefinitions: [storageBlobDataOwner, storageQueueDataContributor, storageTableDataContributor]
  }
}

module archiveStorage 'modules/storageAccount.bicep' = {
  name: 'goldsmith-${installationId}-archive'
  scope: resourceGroup(serviceResourceGroupName)
  params: {
    name: 'stgsarch${token}'
    location: location
    tags: allTags
    containers: concat(
      [archiveContainerName],
      empty(recipeContainerName) ? [] : [recipeContainerName],
      empty(scriptContainerName) ? [] : [scriptContainerName]
    )
  }
}

module archiveAccess 'modules/access/onBlobContainer.bicep' = {
  name: 'goldsmith-${installationId}-archive-access'
  scope: resourceGroup(serviceResourceGroupName)
  params: {
    storageAccountName: archiveStorage.outputs.name
    containerName: archiveContainerName
    principalId: service.outputs.principalId
    roleDefinition: storageBlobDataContributor
  }
}

module recipeAccess 'modules/access/onBlobContainer.bicep' = if (!empty(recipeContainerName)) {
  name: 'goldsmith-${installationId}-recipe-access'
  scope: resourceGroup(serviceResourceGroupName)
  params: {
    storageAccountName: archiveStorage.outputs.name
    containerName: recipeContainerName
    principalId: service.outputs.principalId
    roleDefinition: storageBlobDataReader
  }
}

module scriptAccess 'modules/access/onBlobContainer.bicep' = if (!empty(scriptContainerName)) {
  name: 'goldsmith-${installationId}-script-access'
  scope: resourceGroup(serviceResourceGroupName)
  params: {
    storageAccountName: archiveStorage.outputs.name
    containerName: scriptContainerName
    principalId: service.outputs.principalId
    roleDefinition: storageBlobDataContributor
  }
}

module scriptGranter 'modules/access/onBlobContainer.bicep' = if (!empty(scriptContainerName)) {
  name: 'goldsmith-${installationId}-script-granter'
  scope: resourceGroup(serviceResourceGroupName)
  params: {
    storageAccountName: archiveStorage.outputs.name
    containerName: scriptContainerName
    principalId: service.outputs.principalId
    roleDefinition: roles.outputs.names.granter
    condition: replace(
      replace(grantsOnly, '<role>', storageBlobDataReader),
      '<builder>',
      builder.outputs.principalId
    )
  }
}

module functionApp 'modules/functionApp.bicep' = {
  name: 'goldsmith-${installationId}-function-app'
  scope: resourceGroup(serviceResourceGroupName)
  params: {
    name: 'func-goldsmith-${token}'
    planName: 'plan-goldsmith-${token}'
    location: location
    tags: allTags
    identityId: service.outputs.id
    packageContainerUrl: '${hostStorage.outputs.blobEndpoint}${packageContainerName}'
    settings: union(callbackSettings, hookSettings, approvalSettings, {
      AzureWebJobsStorage__accountName: hostStorage.outputs.name
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: service.outputs.clientId
      AZURE_CLIENT_ID: service.outputs.clientId
      AZURE_SUBSCRIPTION_ID: subscription().subscriptionId
      // The service asks for tokens of the public cloud, so no other endpoint would do.
      #disable-next-line no-hardcoded-env-urls
      GOLDSMITH_ARM_ENDPOINT: 'https://management.azure.com'
      GOLDSMITH_INSTALLATION_ID: installationId
      GOLDSMITH_TEMPLATE_RESOURCE_GROUP: templateResourceGroupName
      GOLDSMITH_SERVICE_PRINCIPAL_ID: service.outputs.principalId
      GOLDSMITH_TRUST_ZONES: string({
        default: {
          builder: {
            identityId: builder.outputs.id
            principalId: builder.outputs.principalId
          }
          destinations: concat([imageResourceGroupId], diskContainerIds)
          sources: concat(sourceResourceGroupIds, sourceDiskContainerIds)
          scriptContainers: scriptContainerIds
          subnets: [virtualNetworkId]
        }
      })
      GOLDSMITH_IMAGE_CREATION_ROLE: roles.outputs.names.imageCreation
      GOLDSMITH_NETWORK_JOIN_ROLE: roles.outputs.names.networkJoin
      GOLDSMITH_SOURCE_READING_ROLE: roles.outputs.names.sourceReading
      GOLDSMITH_ARCHIVE__blobServiceUri: archiveStorage.outputs.blobEndpoint
      GOLDSMITH_ARCHIVE_CONTAINER: archiveContainerName
      GOLDSMITH_RECIPE_CONTAINER: recipeContainerName
      GOLDSMITH_SCRIPT_CONTAINER: empty(scriptContainerName)
        ? ''
        : '${archiveStorage.outputs.id}/blobServices/default/containers/${scriptContainerName}'
      GOLDSMITH_ENVIRONMENT: environmentName
      GOLDSMITH_PROPAGATION_MINUTES: string(propagationMinutes)
      GOLDSMITH_AUTHENTICATION: 'required'
      GOLDSMITH_ENTRA_TENANT_ID: empty(entraAudiences) ? '' : tenant().tenantId
      GOLDSMITH_ENTRA_AUDIENCES: join(entraAudiences, ',')
      GOLDSMITH_API_KEYS: string(apiKeys)
      GOLDSMITH_ALLOWED_ORIGINS: join(allowedOrigins, ',')
      GOLDSMITH_CALLBACK_TARGETS: string(callbackTargets)
      GOLDSMITH_EVENT_SENDERS: join(eventSenders, ',')
      GOLDSMITH_HOOKS: string(hooks)
      GOLDSMITH_APPROVAL_SYSTEMS: string(approvalSystems)
    })
  }
  // The host reads its storage as soon as it starts.
  dependsOn: [hostStorageAccess, archiveAccess, recipeAccess]
}

@description('Name of the function app, for publishing the package.')
output functionAppName string = functionApp.outputs.name

@description('Where the service answers.')
output functionAppUrl string = functionApp.outputs.url

@description('Storage account with the receipts and logs.')
output archiveStorageAccountName string = archiveStorage.outputs.name

@description('The identity that image builder acts as; it must hold no role of its own.')
output builderIdentityId string = builder.outputs.id

@description('Principal id of the service, for audits of what it holds.')
output servicePrincipalId string = service.outputs.principalId
