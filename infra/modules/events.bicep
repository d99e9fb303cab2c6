// Tells the service of new image versions, or of what has been done to image templates: Event Grid's events of one resource
// group, to a webhook that asks for a token. Galleries have no events of their own, nor has image builder, so those of Azure
// Resource Manager are taken, filtered at the source.

param name string
param tags object

@description('Id of the resource group that events come of: this is deployed to it.')
param sourceId string

@description('Name of the system topic for that group where it has one already: Azure makes only one. Empty: it is made.')
param topicName string

@description('Operations that events are of, as Azure names them.')
param operations array

@description('What of an operation is told of: Write, Action, Delete, each with what may come of it.')
param outcomes array

@description('Where events go.')
param endpointUrl string

@description('Client id of the service\'s app registration: what Event Grid\'s tokens are for.')
param applicationId string

@description('Id of the Log Analytics workspace that takes diagnostics.')
param workspaceId string

var madeName = empty(topicName) ? name : topicName

resource made 'Microsoft.EventGrid/systemTopics@2025-02-15' = if (empty(topicName)) {
  name: madeName
  location: 'global'
  tags: tags
  properties: {
    source: sourceId
    topicType: 'Microsoft.Resources.ResourceGroups'
  }
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: madeName
}

resource subscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: name
  properties: {
    eventDeliverySchema: 'CloudEventSchemaV1_0'
    destination: {
      endpointType: 'WebHook'
      properties: {
        // An address without a key in it: who calls it shows a token.
        #disable-next-line use-secure-value-for-secure-inputs
        endpointUrl: endpointUrl
        azureActiveDirectoryTenantId: tenant().tenantId
        azureActiveDirectoryApplicationIdOrUri: applicationId
        minimumTlsVersionAllowed: '1.2'
      }
    }
    filter: {
      includedEventTypes: [for outcome in outcomes: 'Microsoft.Resources.Resource${outcome}']
      advancedFilters: [
        {
          operatorType: 'StringIn'
          key: 'data.operationName'
          values: operations
        }
      ]
    }
    retryPolicy: {
      maxDeliveryAttempts: 30
      eventTimeToLiveInMinutes: 1440
    }
  }
  dependsOn: [made]
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (empty(topicName)) {
  name: 'goldsmith'
  scope: made
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'DeliveryFailures'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}
