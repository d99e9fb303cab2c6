// Has one virtual network ask a private DNS zone.

@description('Name of the zone, in the resource group that this is deployed to.')
param zoneName string

@description('Name of the link; a zone has one of a name.')
param name string
param tags object

@description('Id of the virtual network.')
param virtualNetworkId string

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' existing = {
  name: zoneName

  resource link 'virtualNetworkLinks' = {
    name: name
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: virtualNetworkId
      }
    }
  }
}
