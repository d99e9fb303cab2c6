// A storage account that only identities can open: no shared key, no anonymous read, no SFTP user.

param name string
param location string
param tags object

@description('How often, and in how many data centres, data is kept.')
param redundancy string

@description('Names of the containers to make.')
param containers array

@description('Whether it answers on the Internet at all; private endpoints do so in any case.')
param isPublic bool

@description('Days for which nobody can change or delete a version of a blob in the first container; 0: somebody can.')
@minValue(0)
param immutableDays int = 0

@description('Whether the policy of those days has been locked, and is to be left as it is: a locked one cannot be written again.')
param isLocked bool = false

@description('Which of its requests the workspace keeps: StorageRead, StorageWrite, StorageDelete.')
param logged array

@description('Id of the Log Analytics workspace that takes them, and the metrics.')
param workspaceId string

// A name is worked out for what is not made, too.
var immutableContainer = empty(containers) ? 'none' : containers[0]

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: redundancy
  }
  properties: {
    accessTier: 'Hot'
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    isLocalUserEnabled: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPublic ? 'Enabled' : 'Disabled'
    networkAcls: {
      defaultAction: isPublic ? 'Allow' : 'Deny'
      bypass: 'None'
    }
  }

  resource blobService 'blobServices' = {
    name: 'default'
    properties: {
      isVersioningEnabled: immutableDays > 0
      deleteRetentionPolicy: {
        enabled: true
        days: 7
      }
      containerDeleteRetentionPolicy: {
        enabled: true
        days: 7
      }
    }

    resource made 'containers' = [for (container, index) in containers: {
      name: container
      properties: {
        publicAccess: 'None'
        immutableStorageWithVersioning: index == 0 && immutableDays > 0 ? { enabled: true } : null
      }
    }]
  }

  // Versions that nobody needs any more, a day after they may go.
  resource lifecycle 'managementPolicies' = if (immutableDays > 0) {
    name: 'default'
    properties: {
      policy: {
        rules: [
          {
            name: 'delete-old-versions'
            type: 'Lifecycle'
            enabled: true
            definition: {
              filters: {
                blobTypes: ['blockBlob']
              }
              actions: {
                version: {
                  delete: {
                    daysAfterCreationGreaterThan: immutableDays + 1
                  }
                }
              }
            }
          }
        ]
      }
    }
    dependsOn: [blobService]
  }
}

// Of a container with versions it is what each new version of a blob begins with.
resource policy 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2023-05-01' = if (immutableDays > 0 && !isLocked) {
  name: '${name}/default/${immutableContainer}/default'
  properties: {
    immutabilityPeriodSinceCreationInDays: immutableDays
  }
  dependsOn: [account::blobService::made]
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'goldsmith'
  scope: account::blobService
  properties: {
    workspaceId: workspaceId
    logs: [for category in logged: {
      category: category
      enabled: true
    }]
    metrics: [
      {
        category: 'Transaction'
        enabled: true
      }
    ]
  }
}

output id string = account.id
output name string = account.name
output blobEndpoint string = account.properties.primaryEndpoints.blob
