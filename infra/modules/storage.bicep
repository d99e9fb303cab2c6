// The service's storage, an account for each kind of trouble: who can write one of them cannot write another.

param token string
param location string
param tags object
param redundancy string

@description('Whether host, package and archive are reached by private endpoints only.')
param isPrivate bool

@description('Days for which no version of a document in the archive can be changed or deleted.')
param archiveDays int

@description('Whether the archive\'s policy has been locked.')
param isArchiveLocked bool

@description('Names of the containers.')
param packageContainerName string
param archiveContainerName string
param scriptContainerName string

@description('Container of the recipes; empty: they come with the package.')
param recipeContainerName string

@description('Id of the Log Analytics workspace that takes diagnostics.')
param workspaceId string

// The Functions host polls its queues every second, so that its requests are counted, not kept.
var accounts = [
  {
    name: 'stgshost${token}'
    containers: []
    isPublic: !isPrivate
    immutableDays: 0
    logged: []
  }
  {
    name: 'stgspack${token}'
    containers: [packageContainerName]
    isPublic: !isPrivate
    immutableDays: 0
    logged: ['StorageRead', 'StorageWrite', 'StorageDelete']
  }
  // The service changes documents of state, by their ETags: leases, images, marks. A policy on the whole container would
  // refuse that. One on versions does not: a change makes a new version and a deletion leaves the last one, and neither
  // can be changed or deleted before its days are over. So state can move on, and receipts, logs and audit can be proven.
  {
    name: 'stgsarch${token}'
    containers: [archiveContainerName]
    isPublic: !isPrivate
    immutableDays: archiveDays
    logged: ['StorageRead', 'StorageWrite', 'StorageDelete']
  }
  // Image builder fetches scripts from where it is itself, on none of your networks: so this one stays reachable.
  {
    name: 'stgsload${token}'
    containers: empty(recipeContainerName) ? [scriptContainerName] : [scriptContainerName, recipeContainerName]
    isPublic: true
    immutableDays: 0
    logged: ['StorageRead', 'StorageWrite', 'StorageDelete']
  }
]

module made 'storageAccount.bicep' = [for account in accounts: {
  name: account.name
  params: {
    name: account.name
    location: location
    tags: tags
    redundancy: redundancy
    containers: account.containers
    isPublic: account.isPublic
    immutableDays: account.immutableDays
    isLocked: isArchiveLocked
    logged: account.logged
    workspaceId: workspaceId
  }
}]

@description('State of the host: leases, timers, function keys, and with Azure Storage as engine the task hub.')
output host object = { id: made[0].outputs.id, name: made[0].outputs.name }

@description('What the function app runs from.')
output package object = {
  id: made[1].outputs.id
  name: made[1].outputs.name
  containerUrl: '${made[1].outputs.blobEndpoint}${packageContainerName}'
}

@description('Receipts, logs, templates as sent, what is known of images, the ledger of grants.')
output archive object = {
  id: made[2].outputs.id
  name: made[2].outputs.name
  blobEndpoint: made[2].outputs.blobEndpoint
}

@description('What builds and the service load: scripts, and recipes where they lie in a container.')
output loaded object = {
  id: made[3].outputs.id
  name: made[3].outputs.name
  blobEndpoint: made[3].outputs.blobEndpoint
}
