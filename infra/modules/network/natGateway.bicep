// A way out to the Internet, for any name.

param name string
param location string
param tags object

module address 'publicAddress.bicep' = {
  name: 'pip-${name}'
  params: {
    name: 'pip-${name}'
    location: location
    tags: tags
  }
}

resource gateway 'Microsoft.Network/natGateways@2024-05-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    publicIpAddresses: [
      {
        id: address.outputs.id
      }
    ]
  }
}

output id string = gateway.id
