// Sends whatever leaves a subnet to one address.

param name string
param location string
param tags object

@description('Private address of the firewall, or of another appliance.')
param nextHop string

resource table 'Microsoft.Network/routeTables@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    disableBgpRoutePropagation: true
    routes: [
      {
        name: 'everything'
        properties: {
          addressPrefix: '0.0.0.0/0'
          nextHopType: 'VirtualAppliance'
          nextHopIpAddress: nextHop
        }
      }
    ]
  }
}

output id string = table.id
