// Brings resources into the service's network.

param location string
param tags object

@description('Id of the subnet that takes the addresses.')
param subnetId string

@description('Ids of private DNS zones, by part.')
param zoneIds object

@description('[{ name, targetId, part }]')
param endpoints array

// One by one: a storage account takes no second change while one is under way.
@batchSize(1)
module made 'network/privateEndpoint.bicep' = [
  for endpoint in endpoints: {
    name: 'pe-${endpoint.name}-${endpoint.part}'
    params: {
      name: 'pe-${endpoint.name}-${endpoint.part}'
      location: location
      tags: tags
      subnetId: subnetId
      targetId: endpoint.targetId
      part: endpoint.part
      zoneId: zoneIds[endpoint.part]
    }
  }
]
