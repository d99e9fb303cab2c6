// A virtual network whose subnets have no way out but the one that they are given.

param name string
param location string
param tags object
param addressPrefix string

@description('[{ name, addressPrefix, securityGroupId, delegation, takesPrivateLink, hasEgress }]; empty texts: none.')
param subnets array

@description('Id of the NAT gateway of subnets with egress; empty: none.')
param natGatewayId string

@description('Id of the route table of subnets with egress; empty: none.')
param routeTableId string

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [addressPrefix]
    }
    subnets: [for subnet in subnets: {
      name: subnet.name
      properties: {
        addressPrefix: subnet.addressPrefix
        networkSecurityGroup: empty(subnet.securityGroupId) ? null : { id: subnet.securityGroupId }
        natGateway: empty(natGatewayId) || !subnet.hasEgress ? null : { id: natGatewayId }
        routeTable: empty(routeTableId) || !subnet.hasEgress ? null : { id: routeTableId }
        delegations: empty(subnet.delegation)
          ? []
          : [
              {
                name: 'delegation'
                properties: {
                  serviceName: subnet.delegation
                }
              }
            ]
        // A subnet takes image builder's private link service only where these are off.
        privateLinkServiceNetworkPolicies: subnet.takesPrivateLink ? 'Disabled' : 'Enabled'
        privateEndpointNetworkPolicies: 'Disabled'
        defaultOutboundAccess: false
      }
    }]
  }
}

output id string = network.id
