// One role for one managed identity, on another user-assigned identity.

param identityName string
param principalId string

@description('The bare GUID of the role definition.')
param roleDefinition string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: identityName
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(identity.id, principalId, roleDefinition)
  scope: identity
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleDefinition)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
