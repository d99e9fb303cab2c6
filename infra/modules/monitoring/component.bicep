// The Application Insights component, which is made unless it is there, and the right to send to it.

param name string
param location string
param tags object

@description('Whether it is there already, in the resource group that this is deployed to.')
param isThere bool

@description('Id of the Log Analytics workspace that keeps what it takes.')
param workspaceId string

@description('Principal id of the service identity, which sends telemetry.')
param principalId string

var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource made 'Microsoft.Insights/components@2020-02-02' = if (!isThere) {
  name: name
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspaceId
    IngestionMode: 'LogAnalytics'
    // Only who signs in can send: the key in the connection string opens nothing.
    DisableLocalAuth: true
    DisableIpMasking: false
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: name
}

resource publishes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, principalId, monitoringMetricsPublisher)
  scope: component
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
  dependsOn: [made]
}

output id string = component.id
