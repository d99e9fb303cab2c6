// A network security group, from rows: name, direction, priority, access, from, to, port.

param name string
param location string
param tags object

@description('[{ name, direction, priority, access, from, to, port }]; what is allowed is TCP, what is denied is everything.')
param rules array

resource group 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    securityRules: [for rule in rules: {
      name: rule.name
      properties: {
        direction: rule.direction
        priority: rule.priority
        access: rule.access
        protocol: rule.access == 'Allow' ? 'Tcp' : '*'
        sourceAddressPrefix: rule.from
        sourcePortRange: '*'
        destinationAddressPrefix: rule.to
        destinationPortRange: rule.port
      }
    }]
  }
}

output id string = group.id
