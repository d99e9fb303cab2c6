// Roles for one managed identity, on a whole storage account.

param storageAccountName string
param principalId string

@description('The bare GUIDs of the role definitions.')
param roleDefinitions array

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: storageAccountName
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for roleDefinition in roleDefinitions: {
    name: guid(account.id, principalId, roleDefinition)
    scope: account
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleDefinition)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]
