// The gallery that the shipped recipes publish to, with an image definition for each of them.

param location string
param tags object

@description('Name of the gallery.')
param name string

// By the names of the recipes in images/.
var definitions = [
  { name: 'aks-jumpbox', osType: 'Linux', offer: 'aks', sku: 'jumpbox' }
  { name: 'imported-vhd', osType: 'Linux', offer: 'imported', sku: 'vhd' }
  { name: 'isolated-linux', osType: 'Linux', offer: 'ubuntu', sku: 'isolated' }
  { name: 'public-quickstart', osType: 'Linux', offer: 'ubuntu', sku: 'quickstart' }
  { name: 'ubuntu-app', osType: 'Linux', offer: 'ubuntu', sku: 'app' }
  { name: 'ubuntu-base', osType: 'Linux', offer: 'ubuntu', sku: 'base' }
  { name: 'windows-server', osType: 'Windows', offer: 'windows', sku: 'server' }
]

resource gallery 'Microsoft.Compute/galleries@2024-03-03' = {
  name: name
  location: location
  tags: tags
  properties: {
    description: 'Golden images, built by Goldsmith'
  }

  resource made 'images' = [for definition in definitions: {
    name: definition.name
    location: location
    tags: tags
    properties: {
      osType: definition.osType
      osState: 'Generalized'
      hyperVGeneration: 'V2'
      architecture: 'x64'
      // Image builder takes a source that supports Trusted Launch only to a definition that does so too.
      features: [
        {
          name: 'SecurityType'
          value: 'TrustedLaunchSupported'
        }
      ]
      identifier: {
        publisher: 'goldsmith'
        offer: definition.offer
        sku: definition.sku
      }
    }
  }]
}
