// Goldsmith on Azure. This page says what there is; each module says how. docs/deploy.md is for whoever deploys it.
//
// What exists already is named by its id, in parameters that end in Id or Ids; where one is empty, it is made. Nothing
// here is a secret, and no output is one. Names follow from the parameters alone, so a second deployment changes nothing.
//
// This has not been run against Azure: it compiles without a warning, and its roles and conditions are those of the local
// Azure. Run `what-if` before it.
targetScope = 'subscription'

// The installation.

@description('Region of everything that is made. Flex Consumption and image builder must be offered there.')
@metadata({ azd: { type: 'location' } })
param location string = deployment().location

@description('Tells this installation from any other in the tenant: a to z, 0 to 9, hyphen. Part of names; never change it.')
@minLength(1)
@maxLength(30)
param installationId string

@description('Existing group, in this subscription, for function app, storage, identities and monitoring.')
param serviceResourceGroupId string = ''

@description('Existing user-assigned identity that the service acts as; it must not have federated credentials.')
param serviceIdentityId string = ''

@description('Existing user-assigned identity, in this subscription, that image builder acts as: with no role, and used for nothing else.')
param builderIdentityId string = ''

@description('Existing user-assigned identity that the platform writes and reads the package as.')
param packageIdentityId string = ''

@description('Existing group, in this subscription, in which image templates live while they are built; nothing else should be in it.')
param templateResourceGroupId string = ''

@description('Tags of everything that is made.')
param tags object = {}

// What images are made of, and where they go.

@description('Existing groups, in this subscription, with what is published to. None: one is made, with a gallery and the definitions of the shipped recipes.')
param imageResourceGroupIds array = []

@description('Name of the group that is made for images; the shipped recipes name rg-images.')
param imageResourceGroupName string = 'rg-images'

@description('Galleries in those groups whose new versions become the latest only once somebody has approved them.')
param approvedGalleryIds array = []

@description('Existing groups, in this subscription, with images that builds may begin with, where those lie elsewhere.')
param sourceResourceGroupIds array = []

@description('Existing containers of blobs, in this subscription, whose VHDs builds may import.')
param sourceDiskContainerIds array = []

@description('Existing containers, in this subscription, that recipes may write VHDs to; nothing else should be in them.')
param diskContainerIds array = []

@description('Existing containers, in this subscription, with scripts and files that recipes name by their URLs.')
param scriptContainerIds array = []

@description('Existing identities, in this subscription, that recipes may put onto the build VM, to read secrets as. What the builder needs on them is given by hand: docs/recipes.md.')
param vmIdentityIds array = []

@description('Whether recipes are read from a container, so that they change without a deployment; otherwise from the package.')
param recipesInContainer bool = false

@description('Environment whose overlays change the recipes; without one they are built as they are.')
param overlayEnvironment string = ''

// The network that builds attach to.

@description('Existing virtual networks, in this subscription, that builds attach to. None: what buildNetwork says.')
param virtualNetworkIds array = []

@description('Network to make for builds: with image builder\'s proxy (oneSubnet), with a container of packer\'s (twoSubnets), for either (both), or none.')
@allowed(['none', 'oneSubnet', 'twoSubnets', 'both'])
param buildNetwork string = 'none'

@description('Whether builds are refused that go into a network of image builder\'s own making, with a public address.')
param networkRequired bool = false

@description('Name of the group that is made for it; the shipped recipes name rg-network.')
param networkResourceGroupName string = 'rg-network'

@description('How builds in it reach what they download: natGateway, any name; firewall, an Azure Firewall that is made; appliance, by the company\'s own.')
@allowed(['none', 'natGateway', 'firewall', 'appliance'])
param buildEgress string = 'none'

@description('Private address of the company\'s own firewall, for buildEgress appliance.')
param applianceAddress string = ''

@description('Existing Azure Firewall policy to add the names to that builds reach. Empty: only a firewall that is made has them.')
param firewallPolicyId string = ''

@description('Address ranges that builds come from, for that policy and a network that is not made here.')
param buildAddressPrefixes array = []

@description('Priority of that group of rules in the policy: 100 to 65000.')
param firewallRulePriority int = 1000

// Who may come in, and who is told.

@description('Client id of the service\'s app registration: tokens for it are taken. Empty, and no keys: nobody may come in.')
param entraClientId string = ''

@description('What access tokens may be for, where that is not the client id or api:// and the client id.')
param entraAudiences array = []

@description('Whether App Service asks for such a token before the service does. Keys of the service\'s own then open nothing. It takes entraClientId.')
param easyAuth bool = false

@description('Entries that `goldsmith key new` makes, for systems that have no identity of Entra ID. They hold hashes, no keys.')
param apiKeys array = []

@description('Origins of pages that may write, beside the service itself.')
param allowedOrigins array = []

@description('Client ids of the applications that may send events: that of Event Grid. None: no event is taken.')
param eventSenders array = []

@description('Whether Event Grid tells of new image versions and of image templates. The app has to be there already: it answers Event Grid\'s handshake.')
param events bool = false

@description('Existing Event Grid system topics of imageResourceGroupIds and then sourceResourceGroupIds, in that order and of each group once; where a text is empty, one is made.')
param eventTopicIds array = []

@description('Existing Event Grid system topic of the template group. Empty: one is made.')
param templateEventTopicId string = ''

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

// How it runs.

@description('Major version of Node.')
@allowed(['22', '24'])
param nodeVersion string = '22'

@description('What keeps the state of builds: Azure Storage, or Durable Task Scheduler when that is not enough.')
@allowed(['storage', 'scheduler'])
param durableEngine string = 'storage'

@description('Existing Durable Task Scheduler, for durableEngine scheduler.')
param schedulerId string = ''

@description('Addresses and ranges that may reach a scheduler that is made; it asks each for a token besides.')
param schedulerAddresses array = ['0.0.0.0/0']

@description('What is reached by private endpoints only: nothing, storage, or storage and the function app. Event Grid does not reach a private app.')
@allowed(['none', 'storage', 'all'])
param privateAccess string = 'none'

@description('Existing subnet for the function app, delegated to Microsoft.App/environments, with a way out. Give the next one as well; without both a network is made.')
param integrationSubnetId string = ''

@description('Existing subnet for private endpoints.')
param endpointSubnetId string = ''

@description('Existing private DNS zones for them, by blob, queue, table, sites; those that are missing are made. A network that is made is linked to them; of your own see to that yourself.')
param privateDnsZoneIds object = {}

@description('How often, and in how many data centres, storage keeps data.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageRedundancy string = 'Standard_LRS'

@description('Days for which nobody can change or delete a version of a document in the archive.')
@minValue(1)
@maxValue(146000)
param archiveDays int = 30

@description('Whether the archive\'s policy of those days has been locked since, and is to be left as it is.')
param isArchiveLocked bool = false

@description('Application settings in place of their defaults, by name; docs/deploy.md lists them.')
param settings object = {}

// Who looks at it.

@description('Existing Log Analytics workspace.')
param workspaceId string = ''

@description('Existing Application Insights component; give the workspace that it is based on as well.')
param componentId string = ''

@description('Days for which a workspace that is made keeps what it takes.')
@minValue(30)
@maxValue(730)
param logDays int = 30

@description('Addresses that get the alerts.')
param alertEmails array = []

@description('Existing action groups that get them too.')
param actionGroupIds array = []

// Ends a deployment before it begins, and tells why: Azure fails by the name of what is not in here. Bicep has a word for
// it, `fail`, only since version 0.33.
var refused = any(json('{}'))
// Elsewhere the custom roles cannot be assigned and no image is made of a VHD; and what goes into a group would go into one
// of the same name here. Azure would tell when half of the rest is there, or not at all.
var idsOfHere = {
  serviceResourceGroupId: empty(serviceResourceGroupId) ? [] : [serviceResourceGroupId]
  builderIdentityId: empty(builderIdentityId) ? [] : [builderIdentityId]
  templateResourceGroupId: empty(templateResourceGroupId) ? [] : [templateResourceGroupId]
  imageResourceGroupIds: imageResourceGroupIds
  approvedGalleryIds: approvedGalleryIds
  sourceResourceGroupIds: sourceResourceGroupIds
  sourceDiskContainerIds: sourceDiskContainerIds
  diskContainerIds: diskContainerIds
  scriptContainerIds: scriptContainerIds
  virtualNetworkIds: virtualNetworkIds
  vmIdentityIds: vmIdentityIds
}
// Without regard to case, as Azure compares them. An empty text in a list, of a command that has found nothing, is none.
var ofElsewhere = filter(
  items(idsOfHere),
  given => !empty(filter(given.value, id => !startsWith(id, '${subscription().id}/')))
)
var here = empty(ofElsewhere)
  ? subscription().id
  : refused['Has to be of the subscription that is deployed to: ${join(map(ofElsewhere, given => given.key), ', ')}.']

// Who approves a version there lets the service write it for good, so it has to be where builds go.
var ofNoImageGroup = filter(
  approvedGalleryIds,
  id => empty(filter(imageGroupIds, group => startsWith(id, '${group}/')))
)
var publishedGalleryIds = empty(ofNoImageGroup)
  ? approvedGalleryIds
  : refused['approvedGalleryIds are to lie in groups of images: those of imageResourceGroupIds, or the one that is made.']

// Names. Everything whose scope depends on one is worked out from parameters, not from what was deployed before it.

var serviceGroupName = empty(serviceResourceGroupId)
  ? 'rg-goldsmith-${installationId}'
  : split(serviceResourceGroupId, '/')[4]
var templateGroupName = empty(templateResourceGroupId)
  ? 'rg-goldsmith-templates-${installationId}'
  : split(templateResourceGroupId, '/')[4]
var imageGroupIds = empty(imageResourceGroupIds)
  ? ['${here}/resourceGroups/${imageResourceGroupName}']
  : imageResourceGroupIds
var makesNetwork = empty(virtualNetworkIds) && buildNetwork != 'none'
var networkGroupId = '${here}/resourceGroups/${networkResourceGroupName}'
var networkName = 'vnet-builds'
var networkIds = makesNetwork
  ? ['${networkGroupId}/providers/Microsoft.Network/virtualNetworks/${networkName}']
  : virtualNetworkIds
var serviceGroupId = '${here}/resourceGroups/${serviceGroupName}'
var templateGroupId = '${here}/resourceGroups/${templateGroupName}'

var token = uniqueString(subscription().id, serviceGroupName, installationId)
var appName = 'func-goldsmith-${token}'
var packageContainerName = 'app-package'
var archiveContainerName = 'archive'
var scriptContainerName = 'scripts'
var recipeContainerName = recipesInContainer ? 'recipes' : ''
var allTags = union(tags, { 'goldsmith-installation': installation })

var identities = '${serviceGroupId}/providers/Microsoft.ManagedIdentity/userAssignedIdentities'
var serviceId = empty(serviceIdentityId) ? '${identities}/id-goldsmith-${installationId}' : serviceIdentityId
var builderId = empty(builderIdentityId) ? '${identities}/id-goldsmith-builder-${installationId}' : builderIdentityId
var packageId = empty(packageIdentityId) ? '${identities}/id-goldsmith-package-${installationId}' : packageIdentityId
var identityIds = concat([serviceId, builderId, packageId], vmIdentityIds)
// One in two places would have the rights of both: the service on its own code, the builder something at rest, or any script
// on a build VM what the service may do.
var identityPlaces = length(union(map(identityIds, id => toLower(id)), [])) == length(identityIds)
  ? map(identityIds, id => split(id, '/'))
  : refused['serviceIdentityId, builderIdentityId, packageIdentityId and vmIdentityIds take an identity each, of its own.']
var serviceIdentity = identityPlaces[0]
var builderIdentity = identityPlaces[1]
var packageIdentity = identityPlaces[2]

var isStoragePrivate = privateAccess != 'none'
var isAppPrivate = privateAccess == 'all'
// Azure would refuse it only in some names, and when half of the rest is there.
var oddCharacters = filter(
  range(0, length(installationId)),
  at => !contains('abcdefghijklmnopqrstuvwxyz0123456789-', substring(installationId, at, 1))
)
var installation = empty(oddCharacters)
  ? installationId
  : refused['installationId takes a to z, 0 to 9 and hyphen. With azd it is the name of the environment.']
// One of the two alone would get a network all the same, and a public address with it.
var makesServiceNetwork = empty(integrationSubnetId) == empty(endpointSubnetId)
  ? empty(integrationSubnetId)
  : refused['Private access takes integrationSubnetId and endpointSubnetId, or neither of them.']
var isScheduled = durableEngine == 'scheduler'
// Asked for a lock, and given none, would be open without a word.
var easyAuthClientId = easyAuth && empty(entraClientId)
  ? refused['easyAuth takes the registration that tokens are asked for: entraClientId.']
  : easyAuth ? entraClientId : ''
// A route to nowhere in particular would be refused only once half of the rest is there.
var nextHop = makesNetwork && buildEgress == 'appliance' && empty(applianceAddress)
  ? refused['buildEgress appliance takes the address of that appliance: applianceAddress.']
  : applianceAddress
// Rules for nobody, or ranges without a policy, would be left out without a word.
var egressSources = !makesNetwork && empty(firewallPolicyId) != empty(buildAddressPrefixes)
  ? refused['For a network that is there already, firewallPolicyId takes buildAddressPrefixes, and they take it.']
  : buildAddressPrefixes
// Alerts look into the workspace.
var knownWorkspaceId = !empty(componentId) && empty(workspaceId)
  ? refused['componentId takes the workspace that the component is based on: workspaceId.']
  : workspaceId
var audiences = empty(entraAudiences) && !empty(entraClientId)
  ? [entraClientId, 'api://${entraClientId}']
  : entraAudiences

module groups 'modules/groups.bicep' = {
  name: 'goldsmith-${installationId}-groups'
  params: {
    location: location
    tags: allTags
    names: concat(
      empty(serviceResourceGroupId) ? [serviceGroupName] : [],
      empty(templateResourceGroupId) ? [templateGroupName] : [],
      empty(imageResourceGroupIds) ? [imageResourceGroupName] : [],
      makesNetwork ? [networkResourceGroupName] : []
    )
    serviceGroupName: serviceGroupName
    installationId: installationId
  }
}

// What the function app acts as.
module service 'modules/identity.bicep' = {
  name: 'goldsmith-${installationId}-service-identity'
  scope: resourceGroup(serviceIdentity[2], serviceIdentity[4])
  params: {
    name: serviceIdentity[8]
    location: location
    tags: allTags
    isThere: !empty(serviceIdentityId)
  }
  dependsOn: [groups]
}

// What image builder acts as. It is given nothing here: what it needs is leased to it, a build at a time.
module builder 'modules/identity.bicep' = {
  name: 'goldsmith-${installationId}-builder-identity'
  scope: resourceGroup(builderIdentity[2], builderIdentity[4])
  params: {
    name: builderIdentity[8]
    location: location
    tags: allTags
    isThere: !empty(builderIdentityId)
  }
  dependsOn: [groups]
}

// What the platform puts the package there as, and reads it: the service itself has no right on its own code.
module package 'modules/identity.bicep' = {
  name: 'goldsmith-${installationId}-package-identity'
  scope: resourceGroup(packageIdentity[2], packageIdentity[4])
  params: {
    name: packageIdentity[8]
    location: location
    tags: allTags
    isThere: !empty(packageIdentityId)
  }
  dependsOn: [groups]
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'goldsmith-${installationId}-monitoring'
  scope: resourceGroup(serviceGroupName)
  params: {
    installationId: installationId
    location: location
    tags: allTags
    principalId: service.outputs.principalId
    workspaceId: knownWorkspaceId
    componentId: componentId
    retentionDays: logDays
    emails: alertEmails
    actionGroupIds: actionGroupIds
  }
}

module storage 'modules/storage.bicep' = {
  name: 'goldsmith-${installationId}-storage'
  scope: resourceGroup(serviceGroupName)
  params: {
    token: token
    location: location
    tags: allTags
    redundancy: storageRedundancy
    isPrivate: isStoragePrivate
    archiveDays: archiveDays
    isArchiveLocked: isArchiveLocked
    packageContainerName: packageContainerName
    archiveContainerName: archiveContainerName
    scriptContainerName: scriptContainerName
    recipeContainerName: recipeContainerName
    workspaceId: monitoring.outputs.workspaceId
  }
}

module gallery 'modules/gallery.bicep' = if (empty(imageResourceGroupIds)) {
  name: 'goldsmith-${installationId}-gallery'
  scope: resourceGroup(imageResourceGroupName)
  params: {
    name: 'goldsmith'
    location: location
    tags: allTags
  }
  dependsOn: [groups]
}

module network 'modules/buildNetwork.bicep' = if (makesNetwork) {
  name: 'goldsmith-${installationId}-build-network'
  scope: resourceGroup(networkResourceGroupName)
  params: {
    location: location
    tags: allTags
    name: networkName
    topology: buildNetwork
    egress: buildEgress
    applianceAddress: nextHop
    installationId: installationId
    firewallPolicyId: firewallPolicyId
    firewallRulePriority: firewallRulePriority
    workspaceId: monitoring.outputs.workspaceId
  }
  dependsOn: [groups]
}

// The names that builds reach, for a network that is there already; one that is made has them with it.
var policyParts = split(
  empty(firewallPolicyId) ? '${serviceGroupId}/providers/Microsoft.Network/firewallPolicies/none' : firewallPolicyId,
  '/'
)
module egressRules 'modules/network/egressRules.bicep' = if (!makesNetwork && !empty(egressSources)) {
  name: 'goldsmith-${installationId}-egress-rules'
  scope: resourceGroup(policyParts[2], policyParts[4])
  params: {
    name: 'goldsmith-${installationId}'
    policyName: policyParts[8]
    priority: firewallRulePriority
    sources: egressSources
  }
}

module roles 'modules/roles.bicep' = {
  name: 'goldsmith-${installationId}-roles'
  params: {
    installationId: installationId
  }
}

module access 'modules/access.bicep' = {
  name: 'goldsmith-${installationId}-access'
  params: {
    installationId: installationId
    servicePrincipalId: service.outputs.principalId
    builderPrincipalId: builder.outputs.principalId
    builderId: builder.outputs.id
    packagePrincipalId: package.outputs.principalId
    roles: roles.outputs.names
    serviceGroupId: serviceGroupId
    templateGroupId: templateGroupId
    imageGroupIds: imageGroupIds
    sourceGroupIds: sourceResourceGroupIds
    approvedGalleryIds: publishedGalleryIds
    virtualNetworkIds: networkIds
    diskContainerIds: diskContainerIds
    scriptContainerIds: scriptContainerIds
    hostStorageName: storage.outputs.host.name
    packageStorageName: storage.outputs.package.name
    archiveStorageName: storage.outputs.archive.name
    loadedStorageName: storage.outputs.loaded.name
    packageContainerName: packageContainerName
    archiveContainerName: archiveContainerName
    scriptContainerName: scriptContainerName
    recipeContainerName: recipeContainerName
  }
  dependsOn: [gallery, network]
}

module serviceNetwork 'modules/serviceNetwork.bicep' = if (isStoragePrivate) {
  name: 'goldsmith-${installationId}-service-network'
  scope: resourceGroup(serviceGroupName)
  params: {
    location: location
    tags: allTags
    installationId: installationId
    parts: concat(['blob', 'queue', 'table'], isAppPrivate ? ['sites'] : [])
    zoneIds: privateDnsZoneIds
    isMade: makesServiceNetwork
    integrationSubnetId: integrationSubnetId
    endpointSubnetId: endpointSubnetId
  }
  dependsOn: [groups]
}

module storageEndpoints 'modules/privateEndpoints.bicep' = if (isStoragePrivate) {
  name: 'goldsmith-${installationId}-storage-endpoints'
  scope: resourceGroup(serviceGroupName)
  params: {
    location: location
    tags: allTags
    subnetId: isStoragePrivate ? serviceNetwork!.outputs.endpointSubnetId : ''
    zoneIds: isStoragePrivate ? serviceNetwork!.outputs.zoneIds : {}
    endpoints: [
      { name: 'host-${installationId}', targetId: storage.outputs.host.id, part: 'blob' }
      { name: 'host-${installationId}', targetId: storage.outputs.host.id, part: 'queue' }
      { name: 'host-${installationId}', targetId: storage.outputs.host.id, part: 'table' }
      { name: 'package-${installationId}', targetId: storage.outputs.package.id, part: 'blob' }
      { name: 'archive-${installationId}', targetId: storage.outputs.archive.id, part: 'blob' }
    ]
  }
}

var schedulerGroup = split(empty(schedulerId) ? serviceGroupId : schedulerId, '/')
module scheduler 'modules/scheduler.bicep' = if (isScheduled) {
  name: 'goldsmith-${installationId}-scheduler'
  scope: resourceGroup(schedulerGroup[2], schedulerGroup[4])
  params: {
    name: empty(schedulerId) ? 'dts-goldsmith-${installationId}' : split(schedulerId, '/')[8]
    location: location
    tags: allTags
    taskHubName: 'goldsmith-${installationId}'
    allowedAddresses: schedulerAddresses
    principalId: service.outputs.principalId
    isThere: !empty(schedulerId)
  }
}

module appSettings 'modules/appSettings.bicep' = {
  name: 'goldsmith-${installationId}-app-settings'
  scope: resourceGroup(serviceGroupName)
  params: {
    installationId: installationId
    service: { clientId: service.outputs.clientId, principalId: service.outputs.principalId }
    builder: { identityId: builder.outputs.id, principalId: builder.outputs.principalId }
    roles: roles.outputs.names
    templateGroupName: templateGroupName
    destinations: concat(imageGroupIds, diskContainerIds)
    sources: concat(sourceResourceGroupIds, sourceDiskContainerIds)
    scriptContainers: scriptContainerIds
    // A zone has to name something; in the templates' group there is no network that a build could attach to.
    subnets: empty(networkIds) ? [templateGroupId] : networkIds
    vmIdentities: vmIdentityIds
    networkRequired: networkRequired
    hostStorageName: storage.outputs.host.name
    archiveEndpoint: storage.outputs.archive.blobEndpoint
    archiveContainerName: archiveContainerName
    recipeContainerUrl: recipesInContainer ? '${storage.outputs.loaded.blobEndpoint}${recipeContainerName}' : ''
    scriptContainerId: '${storage.outputs.loaded.id}/blobServices/default/containers/${scriptContainerName}'
    overlayEnvironment: overlayEnvironment
    audiences: audiences
    apiKeys: apiKeys
    allowedOrigins: allowedOrigins
    eventSenders: eventSenders
    callbackTargets: callbackTargets
    callbackSecretUris: callbackSecretUris
    hooks: hooks
    hookSecretUris: hookSecretUris
    approvalSystems: approvalSystems
    approvalSecretUris: approvalSecretUris
    scheduler: isScheduled ? scheduler!.outputs.connection : {}
    others: settings
  }
}

module functionApp 'modules/functionApp.bicep' = {
  name: 'goldsmith-${installationId}-function-app'
  scope: resourceGroup(serviceGroupName)
  params: {
    name: appName
    planName: 'plan-goldsmith-${token}'
    location: location
    tags: allTags
    identityId: service.outputs.id
    packageIdentityId: package.outputs.id
    identityClientId: service.outputs.clientId
    nodeVersion: nodeVersion
    packageContainerUrl: storage.outputs.package.containerUrl
    integrationSubnetId: isStoragePrivate ? serviceNetwork!.outputs.integrationSubnetId : ''
    isPublic: !isAppPrivate
    easyAuthClientId: easyAuthClientId
    hookNames: map(items(hooks), hook => hook.key)
    audiences: audiences
    componentId: monitoring.outputs.componentId
    workspaceId: monitoring.outputs.workspaceId
    settings: appSettings.outputs.settings
  }
  // The host reads its storage as soon as it starts.
  dependsOn: [access, storageEndpoints]
}

module appEndpoint 'modules/privateEndpoints.bicep' = if (isAppPrivate) {
  name: 'goldsmith-${installationId}-app-endpoint'
  scope: resourceGroup(serviceGroupName)
  params: {
    location: location
    tags: allTags
    subnetId: isAppPrivate ? serviceNetwork!.outputs.endpointSubnetId : ''
    zoneIds: isAppPrivate ? serviceNetwork!.outputs.zoneIds : {}
    endpoints: [{ name: 'app-${installationId}', targetId: functionApp.outputs.id, part: 'sites' }]
  }
}

// One a group, since Azure makes only one: of those with images, and of the template group. Without a registration to ask
// tokens for, or to a private app, no event could be sent.
var sendsEvents = events && !empty(entraClientId) && !isAppPrivate
var groupIdsOfVersions = union(map(concat(imageGroupIds, sourceResourceGroupIds), id => toLower(id)), [])
var lowerTemplateGroupId = toLower(templateGroupId)
var templates = 'Microsoft.VirtualMachineImages/imageTemplates'
var ofVersions = { operations: ['Microsoft.Compute/galleries/images/versions/write'], outcomes: ['WriteSuccess'] }
var ofTemplates = {
  operations: ['${templates}/write', '${templates}/run/action', '${templates}/delete']
  outcomes: [
    'WriteSuccess'
    'WriteFailure'
    'WriteCancel'
    'ActionSuccess'
    'ActionFailure'
    'ActionCancel'
    'DeleteSuccess'
    'DeleteFailure'
    'DeleteCancel'
  ]
}
var topics = [
  for (id, index) in sendsEvents ? union(groupIdsOfVersions, [lowerTemplateGroupId]) : []: {
    sourceId: id
    existingId: id == lowerTemplateGroupId && !empty(templateEventTopicId)
      ? templateEventTopicId
      : contains(groupIdsOfVersions, id) && index < length(eventTopicIds) ? eventTopicIds[index] : ''
    operations: concat(
      contains(groupIdsOfVersions, id) ? ofVersions.operations : [],
      id == lowerTemplateGroupId ? ofTemplates.operations : []
    )
    outcomes: union(
      contains(groupIdsOfVersions, id) ? ofVersions.outcomes : [],
      id == lowerTemplateGroupId ? ofTemplates.outcomes : []
    )
  }
]
module groupEvents 'modules/events.bicep' = [
  for (topic, index) in topics: {
    name: 'goldsmith-${installationId}-events-${index}'
    scope: resourceGroup(
      split(empty(topic.existingId) ? topic.sourceId : topic.existingId, '/')[2],
      split(empty(topic.existingId) ? topic.sourceId : topic.existingId, '/')[4]
    )
    params: {
      name: 'goldsmith-${installationId}'
      tags: allTags
      sourceId: topic.sourceId
      topicName: empty(topic.existingId) ? '' : split(topic.existingId, '/')[8]
      operations: topic.operations
      outcomes: topic.outcomes
      endpointUrl: '${functionApp.outputs.url}/api/events'
      applicationId: entraClientId
      workspaceId: monitoring.outputs.workspaceId
    }
    dependsOn: [gallery, groups]
  }
]

@description('Where azd looks for the function app.')
output AZURE_RESOURCE_GROUP string = serviceGroupName

@description('Name of the function app, for publishing the package.')
output functionAppName string = functionApp.outputs.name

@description('Where the service answers.')
output functionAppUrl string = functionApp.outputs.url

@description('Storage account with the receipts and logs.')
output archiveStorageAccountName string = storage.outputs.archive.name

@description('Storage account with scripts, and recipes where they lie in a container.')
output loadedStorageAccountName string = storage.outputs.loaded.name

@description('The identity that image builder acts as; it must hold no role of its own.')
output builderIdentityId string = builder.outputs.id

@description('Principal id of the same, for settings of further trust zones, and for audits.')
output builderPrincipalId string = builder.outputs.principalId

@description('Principal id of the service, for audits of what it holds.')
output servicePrincipalId string = service.outputs.principalId
