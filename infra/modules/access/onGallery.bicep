// One role for one managed identity, on an existing gallery.

param galleryName string
param principalId string

@description('The bare GUID of the role definition.')
param roleDefinition string

resource gallery 'Microsoft.Compute/galleries@2024-03-03' existing = {
  name: galleryName
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(gallery.id, principalId, roleDefinition)
  scope: gallery
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleDefinition)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
