// Who may do what where: all that the service identity holds, and nothing for the builder identity, which is leased what
// it needs, a build at a time. docs/permissions.md has the same as a table, with the reasons.
targetScope = 'subscription'

@description('Tells this installation\'s deployments from any other\'s.')
param installationId string

@description('Principal id of the service identity.')
param servicePrincipalId string

@description('Principal id of the builder identity.')
param builderPrincipalId string

@description('Id of the builder identity.')
param builderId string

@description('Principal id of the identity that the platform puts the package there as.')
param packagePrincipalId string

@description('The bare GUIDs of the custom roles, by their keys in roles.bicep.')
param roles object

@description('Ids of resource groups: of the service, of image templates, of images.')
param serviceGroupId string
param templateGroupId string
param imageGroupIds array

@description('Ids of resource groups with images that builds only begin with.')
param sourceGroupIds array

@description('Ids of galleries in them whose new versions become the latest only once somebody has approved them.')
param approvedGalleryIds array

@description('Ids of the virtual networks that builds attach to.')
param virtualNetworkIds array

@description('Ids of containers that recipes write VHDs to.')
param diskContainerIds array

@description('Ids of containers of the company\'s own with scripts that recipes name by their URLs.')
param scriptContainerIds array

@description('Names of the service\'s storage accounts, in its resource group.')
param hostStorageName string
param packageStorageName string
param archiveStorageName string
param loadedStorageName string

@description('Names of containers in them.')
param packageContainerName string
param archiveContainerName string
param scriptContainerName string

@description('Container of the recipes; empty: they come with the package.')
param recipeContainerName string

// Roles that Azure itself brings.
var storageBlobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var storageBlobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var storageBlobDataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
var storageQueueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var storageTableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'

// ABAC conditions. A condition cannot name a scope, and Azure takes one assignment of a role to a principal on each: so
// there is one granter assignment a scope, whose condition names what may be leased there, and the one who may have it.
var oneGrantOnly = join(
  [
    '((!(ActionMatches{\'Microsoft.Authorization/roleAssignments/<action>\'})) OR ('
    '<source>[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {<roles>} AND '
    '<source>[Microsoft.Authorization/roleAssignments:PrincipalId] ForAnyOfAnyValues:GuidEquals {<builder>} AND '
    '<source>[Microsoft.Authorization/roleAssignments:PrincipalType] '
    'ForAnyOfAnyValues:StringEqualsIgnoreCase {\'ServicePrincipal\'}))'
  ],
  ''
)
var onWrite = replace(replace(oneGrantOnly, '<action>', 'write'), '<source>', '@Request')
var onDelete = replace(replace(oneGrantOnly, '<action>', 'delete'), '<source>', '@Resource')
var grantsOnly = '${onWrite} AND ${onDelete}'

var readsPackerLogsOnly = join(
  [
    '((!(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read\'})) OR '
    '(@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals \'packerlogs\'))'
  ],
  ''
)

// By ids, so that a wrong one fails instead of granting somewhere else.
var serviceGroup = split(serviceGroupId, '/')
var templateGroup = split(templateGroupId, '/')

// What may be leased where: a row for each right, though several of them may be on one scope.
var groupLeases = concat(
  [
    // VHDs are imported to there.
    { scope: templateGroupId, role: roles.sourceReading }
  ],
  map(imageGroupIds, id => { scope: id, role: roles.imageCreation }),
  // Of images, too, for builds that make no other one of them, but a VHD.
  map(concat(imageGroupIds, sourceGroupIds), id => { scope: id, role: roles.sourceReading })
)
var ownScripts = '${serviceGroupId}/providers/Microsoft.Storage/storageAccounts/${loadedStorageName}/blobServices/default/containers/${scriptContainerName}'
// Azure's own roles, since no custom ones are needed; containers, so that no other blob of the account is within reach.
var containerLeases = concat(
  map(diskContainerIds, id => { scope: id, role: storageBlobDataContributor }),
  map(concat(scriptContainerIds, [ownScripts]), id => { scope: id, role: storageBlobDataReader })
)
var groupGrants = map(union(map(groupLeases, lease => toLower(lease.scope)), []), scope => {
  scope: split(scope, '/')
  roles: join(union(map(filter(groupLeases, lease => toLower(lease.scope) == scope), lease => lease.role), []), ', ')
})
var containerGrants = map(union(map(containerLeases, lease => toLower(lease.scope)), []), scope => {
  scope: split(scope, '/')
  roles: join(union(map(filter(containerLeases, lease => toLower(lease.scope) == scope), lease => lease.role), []), ', ')
})
var readGroups = map(
  union(map(concat(imageGroupIds, sourceGroupIds), id => toLower(id)), []),
  id => split(id, '/')
)
var networks = map(union(map(virtualNetworkIds, id => toLower(id)), []), id => split(id, '/'))
var networkGroups = map(union(map(networks, network => join(take(network, 5), '/')), []), id => split(id, '/'))
var approvedGalleries = map(union(map(approvedGalleryIds, id => toLower(id)), []), id => split(id, '/'))

module observer 'access/onSubscription.bicep' = {
  name: 'goldsmith-${installationId}-observer'
  params: {
    principalId: servicePrincipalId
    roleDefinition: roles.observer
  }
}

// Standing, because the log lies in a storage account that image builder makes anew for every template.
module logReader 'access/onSubscription.bicep' = {
  name: 'goldsmith-${installationId}-log-reader'
  params: {
    principalId: servicePrincipalId
    roleDefinition: roles.logReader
    condition: readsPackerLogsOnly
  }
}

module templateOperator 'access/onResourceGroup.bicep' = {
  name: 'goldsmith-${installationId}-template-operator'
  scope: resourceGroup(templateGroup[2], templateGroup[4])
  params: {
    principalId: servicePrincipalId
    roleDefinition: roles.templateOperator
  }
}

module identityUser 'access/onIdentity.bicep' = {
  name: 'goldsmith-${installationId}-identity-user'
  scope: resourceGroup(split(builderId, '/')[2], split(builderId, '/')[4])
  params: {
    identityName: split(builderId, '/')[8]
    principalId: servicePrincipalId
    roleDefinition: roles.identityUser
  }
}

module networkReaders 'access/onResourceGroup.bicep' = [
  for (group, index) in networkGroups: {
    name: 'goldsmith-${installationId}-network-reader-${index}'
    scope: resourceGroup(group[2], group[4])
    params: {
      principalId: servicePrincipalId
      roleDefinition: roles.networkReader
    }
  }
]

module galleryReaders 'access/onResourceGroup.bicep' = [
  for (group, index) in readGroups: {
    name: 'goldsmith-${installationId}-gallery-reader-${index}'
    scope: resourceGroup(group[2], group[4])
    params: {
      principalId: servicePrincipalId
      roleDefinition: roles.galleryReader
    }
  }
]

// Standing, since who approves may do so days after the build; only where recipes ask for that.
module publishers 'access/onGallery.bicep' = [
  for (gallery, index) in approvedGalleries: {
    name: 'goldsmith-${installationId}-publisher-${index}'
    scope: resourceGroup(gallery[2], gallery[4])
    params: {
      galleryName: gallery[8]
      principalId: servicePrincipalId
      roleDefinition: roles.publisher
    }
  }
]

module groupGranters 'access/onResourceGroup.bicep' = [
  for (grant, index) in groupGrants: {
    name: 'goldsmith-${installationId}-group-granter-${index}'
    scope: resourceGroup(grant.scope[2], grant.scope[4])
    params: {
      principalId: servicePrincipalId
      roleDefinition: roles.granter
      condition: replace(replace(grantsOnly, '<roles>', grant.roles), '<builder>', builderPrincipalId)
    }
  }
]

module networkGranters 'access/onVirtualNetwork.bicep' = [
  for (network, index) in networks: {
    name: 'goldsmith-${installationId}-network-granter-${index}'
    scope: resourceGroup(network[2], network[4])
    params: {
      virtualNetworkName: network[8]
      principalId: servicePrincipalId
      roleDefinition: roles.granter
      condition: replace(replace(grantsOnly, '<roles>', roles.networkJoin), '<builder>', builderPrincipalId)
    }
  }
]

module containerGranters 'access/onBlobContainer.bicep' = [
  for (grant, index) in containerGrants: {
    name: 'goldsmith-${installationId}-container-granter-${index}'
    scope: resourceGroup(grant.scope[2], grant.scope[4])
    params: {
      storageAccountName: grant.scope[8]
      containerName: grant.scope[12]
      principalId: servicePrincipalId
      roleDefinition: roles.granter
      condition: replace(replace(grantsOnly, '<roles>', grant.roles), '<builder>', builderPrincipalId)
    }
  }
]

// The Functions host's own state: it asks for these three.
module hostStorage 'access/onStorageAccount.bicep' = {
  name: 'goldsmith-${installationId}-host-storage'
  scope: resourceGroup(serviceGroup[2], serviceGroup[4])
  params: {
    storageAccountName: hostStorageName
    principalId: servicePrincipalId
    roleDefinitions: [storageBlobDataOwner, storageQueueDataContributor, storageTableDataContributor]
  }
}

// The platform writes the package as an identity of its own, and reads it. The service identity has no right on it: whoever
// gets a token of its could put other code there.
module package 'access/onBlobContainer.bicep' = {
  name: 'goldsmith-${installationId}-package'
  scope: resourceGroup(serviceGroup[2], serviceGroup[4])
  params: {
    storageAccountName: packageStorageName
    containerName: packageContainerName
    principalId: packagePrincipalId
    roleDefinition: storageBlobDataContributor
  }
}

module archive 'access/onBlobContainer.bicep' = {
  name: 'goldsmith-${installationId}-archive'
  scope: resourceGroup(serviceGroup[2], serviceGroup[4])
  params: {
    storageAccountName: archiveStorageName
    containerName: archiveContainerName
    principalId: servicePrincipalId
    roleDefinition: storageBlobDataContributor
  }
}

module recipes 'access/onBlobContainer.bicep' = if (!empty(recipeContainerName)) {
  name: 'goldsmith-${installationId}-recipes'
  scope: resourceGroup(serviceGroup[2], serviceGroup[4])
  params: {
    storageAccountName: loadedStorageName
    containerName: empty(recipeContainerName) ? 'none' : recipeContainerName
    principalId: servicePrincipalId
    roleDefinition: storageBlobDataReader
  }
}

module scripts 'access/onBlobContainer.bicep' = {
  name: 'goldsmith-${installationId}-scripts'
  scope: resourceGroup(serviceGroup[2], serviceGroup[4])
  params: {
    storageAccountName: loadedStorageName
    containerName: scriptContainerName
    principalId: servicePrincipalId
    roleDefinition: storageBlobDataContributor
  }
}
