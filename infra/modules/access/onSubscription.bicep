// One role for one managed identity, on the whole subscription. A module of its own, as each kind of scope is:
// Bicep ties a role assignment to the kind of its scope.
targetScope = 'subscription'

param principalId string

@description('The bare GUID of the role definition.')
param roleDefinition string

@description('An ABAC condition, version 2.0; empty for none.')
param condition string = ''

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, principalId, roleDefinition)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleDefinition)
    principalId: principalId
    principalType: 'ServicePrincipal'
    condition: empty(condition) ? null : condition
    conditionVersion: empty(condition) ? null : '2.0'
  }
}
