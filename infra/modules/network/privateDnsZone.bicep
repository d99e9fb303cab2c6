// A private DNS zone, for where the company has none, asked by one virtual network.

@description('As in privatelink.blob.core.windows.net.')
param name string
param tags object

@description('Id of the virtual network.')
param virtualNetworkId string

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: name
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: 'goldsmith'
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

output id string = zone.id
