// Durable Task Scheduler with a task hub, and the right to use that hub: the engine when Azure Storage is not enough.
// Host and extension are told of it by application settings, which stand above host.json; the code is the same.

param name string
param location string
param tags object

@description('Name of the task hub: another one for each installation that shares a scheduler.')
param taskHubName string

@description('Principal id of the service identity.')
param principalId string

@description('Addresses that may reach the scheduler: IPv4, IPv6 or ranges. It wants an identity of each of them besides.')
param allowedAddresses array

@description('Whether the scheduler is there already, in the resource group that this is deployed to.')
param isThere bool

var dataContributor = '0ad04412-c4d5-4796-b79c-f76d14c8d402'

resource made 'Microsoft.DurableTask/schedulers@2025-11-01' = if (!isThere) {
  name: name
  location: location
  tags: tags
  properties: {
    ipAllowlist: allowedAddresses
    sku: {
      name: 'Consumption'
    }
  }
}

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' existing = {
  name: name
}

resource taskHub 'Microsoft.DurableTask/schedulers/taskHubs@2025-11-01' = {
  parent: scheduler
  name: taskHubName
  dependsOn: [made]
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(taskHub.id, principalId, dataContributor)
  scope: taskHub
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataContributor)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

@description('As the extension reads it. An address and who signs in, no secret.')
output connection object = {
  endpoint: isThere ? scheduler.properties.endpoint : made!.properties.endpoint
  taskHub: taskHub.name
}
