// A private DNS zone, for where the company has none.

@description('As in privatelink.blob.core.windows.net.')
param name string
param tags object

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: name
  location: 'global'
  tags: tags
}
