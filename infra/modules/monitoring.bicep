// What the service tells of itself, who is told when something is wrong, and a page to look at. Whoever reads needs
// Log Analytics Reader on the workspace; the service can only add to it.

@description('Tells this installation\'s names from any other\'s.')
param installationId string
param location string
param tags object

@description('Principal id of the service identity, which sends telemetry.')
param principalId string

@description('Id of the company\'s own Log Analytics workspace; empty: one is made.')
param workspaceId string

@description('Days for which a workspace that is made keeps what it takes.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('Addresses that get the alerts.')
param emails array

@description('Ids of the company\'s own action groups that get them too.')
param actionGroupIds array

var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource made 'Microsoft.OperationalInsights/workspaces@2023-09-01' = if (empty(workspaceId)) {
  name: 'log-goldsmith-${installationId}'
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

var workspace = empty(workspaceId) ? made.id : workspaceId

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-goldsmith-${installationId}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace
    IngestionMode: 'LogAnalytics'
    // Only who signs in can send: the key in the connection string opens nothing.
    DisableLocalAuth: true
    DisableIpMasking: false
  }
}

resource publishes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, principalId, monitoringMetricsPublisher)
  scope: component
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(emails)) {
  name: 'ag-goldsmith-${installationId}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'goldsmith'
    emailReceivers: [for (email, index) in emails: {
      name: 'email-${index}'
      emailAddress: email
      useCommonAlertSchema: true
    }]
  }
}

module alerts 'monitoring/alerts.bicep' = {
  name: 'goldsmith-alerts'
  params: {
    installationId: installationId
    location: location
    tags: tags
    workspaceId: workspace
    componentId: component.id
    actionGroupIds: concat(actionGroupIds, empty(emails) ? [] : [people.id])
  }
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(component.id, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Goldsmith (${installationId})'
    category: 'workbook'
    sourceId: component.id
    version: '1.0'
    serializedData: replace(
      replace(loadTextContent('monitoring/workbook.json'), '<workspace>', workspace),
      '<component>',
      toLower(component.id)
    )
  }
}

@description('Id of the workspace, for diagnostic settings.')
output workspaceId string = workspace

@description('Name of the component, which the function app reads where to send to.')
output componentName string = component.name
