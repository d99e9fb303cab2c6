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

@description('Id of the company\'s own Application Insights component in it; empty: one is made.')
param componentId string

@description('Days for which a workspace that is made keeps what it takes.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('Addresses that get the alerts.')
param emails array

@description('Ids of the company\'s own action groups that get them too.')
param actionGroupIds array

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

// One of the company's lies in its own group.
var componentPlace = split(
  empty(componentId) ? resourceId('Microsoft.Insights/components', 'appi-goldsmith-${installationId}') : componentId,
  '/'
)

module component 'monitoring/component.bicep' = {
  name: 'goldsmith-${installationId}-component'
  scope: resourceGroup(componentPlace[2], componentPlace[4])
  params: {
    name: componentPlace[8]
    location: location
    tags: tags
    isThere: !empty(componentId)
    workspaceId: workspace
    principalId: principalId
  }
}

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(emails)) {
  name: 'ag-goldsmith-${installationId}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'goldsmith'
    emailReceivers: [
      for (email, index) in emails: {
        name: 'email-${index}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

module alerts 'monitoring/alerts.bicep' = {
  name: 'goldsmith-${installationId}-alerts'
  params: {
    installationId: installationId
    location: location
    tags: tags
    workspaceId: workspace
    componentId: component.outputs.id
    actionGroupIds: concat(actionGroupIds, empty(emails) ? [] : [people.id])
  }
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(join(componentPlace, '/'), installationId, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Goldsmith (${installationId})'
    category: 'workbook'
    sourceId: component.outputs.id
    version: '1.0'
    serializedData: replace(
      replace(loadTextContent('monitoring/workbook.json'), '<workspace>', workspace),
      '<component>',
      toLower(component.outputs.id)
    )
  }
}

@description('Id of the workspace, for diagnostic settings.')
output workspaceId string = workspace

@description('Id of the component, which the function app reads where to send to.')
output componentId string = component.outputs.id
