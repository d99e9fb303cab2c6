// Resource groups.
targetScope = 'subscription'

param location string
param tags object

@description('Names of the groups to make.')
param names array

@description('Name of the one that azd deploys to.')
param serviceGroupName string

@description('What azd knows its environment by.')
param installationId string

resource made 'Microsoft.Resources/resourceGroups@2024-03-01' = [for name in names: {
  name: name
  location: location
  tags: name == serviceGroupName ? union(tags, { 'azd-env-name': installationId }) : tags
}]
