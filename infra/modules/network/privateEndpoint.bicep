// Brings one part of a resource into a subnet, under the name that it has anyway.

param name string
param location string
param tags object

@description('Id of the subnet that takes the address.')
param subnetId string

@description('Id of the resource.')
param targetId string

@description('Which part of it: blob, queue, table, sites.')
param part string

@description('Id of the private DNS zone for that part.')
param zoneId string

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: {
      id: subnetId
    }
    privateLinkServiceConnections: [
      {
        name: name
        properties: {
          privateLinkServiceId: targetId
          groupIds: [part]
        }
      }
    ]
  }

  resource names 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: part
          properties: {
            privateDnsZoneId: zoneId
          }
        }
      ]
    }
  }
}
