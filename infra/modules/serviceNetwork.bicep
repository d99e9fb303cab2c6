// The network of the service itself, for private access: the subnet that the function app calls out from, the one with
// the private endpoints, and the DNS zones by which names lead there. Nothing of it has to do with where builds run.

param location string
param tags object

@description('Tells this installation\'s names from any other\'s.')
param installationId string

@description('Ids of the company\'s own private DNS zones, by blob, queue, table, sites; those that are missing are made.')
param zoneIds object

@description('Whether a network is made, rather than the next two be used.')
param isMade bool

@description('Id of the company\'s own subnet for the function app, delegated to Microsoft.App/environments.')
param integrationSubnetId string

@description('Id of the company\'s own subnet for private endpoints.')
param endpointSubnetId string

@description('What will have private endpoints: of blob, queue, table, sites.')
param parts array

var networkName = 'vnet-goldsmith-${installationId}'
var madeNetworkId = resourceId('Microsoft.Network/virtualNetworks', networkName)
var integrationSubnet = isMade ? '${madeNetworkId}/subnets/snet-app' : integrationSubnetId
var endpointSubnet = isMade ? '${madeNetworkId}/subnets/snet-endpoints' : endpointSubnetId
// That of the function app: it is the one that asks for the names.
var networkId = join(take(split(integrationSubnet, '/'), 9), '/')

var zoneNames = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  sites: 'privatelink.azurewebsites.net'
}
var missingParts = filter(parts, part => !contains(zoneIds, part))
var madeZoneIds = toObject(
  missingParts,
  part => part,
  part => resourceId('Microsoft.Network/privateDnsZones', zoneNames[part])
)
var allZoneIds = union(madeZoneIds, zoneIds)

// All that the function app calls goes through its subnet, which has no way out of its own: Azure Resource Manager, Entra
// ID, Azure Monitor, image builder's staging storage.
module gateway 'network/natGateway.bicep' = if (isMade) {
  name: 'ng-goldsmith-${installationId}'
  params: {
    name: 'ng-goldsmith-${installationId}'
    location: location
    tags: tags
  }
}

module network 'network/virtualNetwork.bicep' = if (isMade) {
  name: networkName
  params: {
    name: networkName
    location: location
    tags: tags
    addressPrefix: '10.41.0.0/24'
    subnets: [
      {
        name: 'snet-app'
        addressPrefix: '10.41.0.0/26'
        securityGroupId: ''
        delegation: 'Microsoft.App/environments'
        takesPrivateLink: false
        hasEgress: true
      }
      {
        name: 'snet-endpoints'
        addressPrefix: '10.41.0.64/27'
        securityGroupId: ''
        delegation: ''
        takesPrivateLink: false
        hasEgress: false
      }
    ]
    natGatewayId: isMade ? gateway!.outputs.id : ''
    routeTableId: ''
  }
}

module zones 'network/privateDnsZone.bicep' = [
  for part in missingParts: {
    name: 'zone-${part}'
    params: {
      name: zoneNames[part]
      tags: tags
    }
  }
]

// Who looks after zones and network has them find each other; of what is made here nobody else knows.
var linkedParts = isMade ? parts : missingParts
module links 'network/zoneLink.bicep' = [
  for part in linkedParts: {
    name: 'goldsmith-${installationId}-link-${part}'
    scope: resourceGroup(split(allZoneIds[part], '/')[2], split(allZoneIds[part], '/')[4])
    params: {
      zoneName: split(allZoneIds[part], '/')[8]
      name: 'goldsmith-${installationId}'
      tags: tags
      virtualNetworkId: networkId
    }
    dependsOn: [zones, network]
  }
]

@description('Id of the subnet that the function app calls out from.')
output integrationSubnetId string = integrationSubnet

@description('Id of the subnet that takes private endpoints.')
output endpointSubnetId string = endpointSubnet

@description('Ids of the DNS zones, by part.')
output zoneIds object = allZoneIds
