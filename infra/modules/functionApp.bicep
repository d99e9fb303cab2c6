// The function app on Flex Consumption, signed in everywhere as the service identity.

param name string
param planName string
param location string
param tags object

@description('The service identity, which the service acts as.')
param identityId string

@description('The identity that the platform puts the package there as, and reads it.')
param packageIdentityId string

@description('Major version of Node.')
param nodeVersion string

@description('The blob container that takes the package.')
param packageContainerUrl string

@description('Id of the subnet that it calls out from, delegated to Microsoft.App/environments; empty: none.')
param integrationSubnetId string

@description('Whether it answers on the Internet; a private endpoint does so in any case.')
param isPublic bool

@description('Client id of the app registration that App Service asks for a token of before the service does; empty: only the service asks.')
param easyAuthClientId string

@description('Names of the systems that send bodies of their own, signed, without such a token.')
param hookNames array

@description('What those tokens may be for.')
param audiences array

@description('Id of the Application Insights component.')
param componentId string

@description('Client id of the service identity, which telemetry is sent as.')
param identityClientId string

@description('Id of the Log Analytics workspace that takes diagnostics.')
param workspaceId string

@description('Application settings, by name. None of them is a secret.')
param settings object

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: split(componentId, '/')[8]
  scope: resourceGroup(split(componentId, '/')[2], split(componentId, '/')[4])
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    tier: 'FlexConsumption'
    name: 'FC1'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  // By this tag azd finds where to deploy the service of azure.yaml.
  tags: union(tags, { 'azd-service-name': 'goldsmith' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
      '${packageIdentityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: isPublic ? 'Enabled' : 'Disabled'
    virtualNetworkSubnetId: empty(integrationSubnetId) ? null : integrationSubnetId
    // Of settings that are Key Vault references; without it the app's system-assigned identity would be asked for.
    keyVaultReferenceIdentity: identityId
    functionAppConfig: {
      runtime: {
        name: 'node'
        version: nodeVersion
      }
      // 40 is the lowest maximum that the plan was released with. Builds are few and long: one instance does.
      scaleAndConcurrency: {
        maximumInstanceCount: 40
        instanceMemoryMB: 2048
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: packageIdentityId
          }
        }
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      appSettings: concat(
        [
          {
            name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
            value: component.properties.ConnectionString
          }
          {
            name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'
            value: 'Authorization=AAD;ClientId=${identityClientId}'
          }
        ],
        map(items(settings), setting => {
          name: setting.key
          value: setting.value
        })
      )
    }
  }

  // Publishing with a password would be a way around Entra ID.
  resource ftpPassword 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource scmPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }

  // A lock in front of the service's own, which stays: who has no token of the tenant's does not even reach it. Left out is
  // what comes without one: probes, Event Grid's handshake, signed bodies, and who asks what the API is. Hooks by their
  // names, since how App Service reads a wildcard is not documented.
  resource easyAuth 'config' = if (!empty(easyAuthClientId)) {
    name: 'authsettingsV2'
    properties: {
      platform: {
        enabled: true
      }
      globalValidation: {
        requireAuthentication: true
        unauthenticatedClientAction: 'Return401'
        excludedPaths: concat(
          ['/api/health', '/api/health/live', '/api/health/ready', '/api/openapi.json', '/api/events'],
          map(hookNames, name => '/api/hooks/${name}')
        )
      }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: easyAuthClientId
            openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          }
          validation: {
            allowedAudiences: audiences
          }
        }
      }
      login: {
        tokenStore: {
          enabled: false
        }
      }
    }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'goldsmith'
  scope: app
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'FunctionAppLogs'
        enabled: true
      }
      {
        category: 'AppServiceAuthenticationLogs'
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

output id string = app.id
output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
