// A user-assigned identity, which is made unless it is there. Never given federated credentials: whoever holds one could
// sign in as it from outside.

param name string
param location string
param tags object

@description('Whether it is there already, in the resource group that this is deployed to.')
param isThere bool

resource made 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = if (!isThere) {
  name: name
  location: location
  tags: tags
}

resource found 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = if (isThere) {
  name: name
}

output id string = isThere ? found.id : made.id
output clientId string = isThere ? found!.properties.clientId : made!.properties.clientId
output principalId string = isThere ? found!.properties.principalId : made!.properties.principalId
