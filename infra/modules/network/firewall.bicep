// An Azure Firewall of the builds' own. It costs more than all the rest; a company's own is named by its address.

param name string
param location string
param tags object

@description('Id of the subnet AzureFirewallSubnet.')
param subnetId string

@description('Id of the policy with what may be reached.')
param policyId string

module address 'publicAddress.bicep' = {
  name: 'pip-${name}'
  params: {
    name: 'pip-${name}'
    location: location
    tags: tags
  }
}

resource firewall 'Microsoft.Network/azureFirewalls@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'AZFW_VNet'
      tier: 'Standard'
    }
    firewallPolicy: {
      id: policyId
    }
    ipConfigurations: [
      {
        name: 'builds'
        properties: {
          subnet: {
            id: subnetId
          }
          publicIPAddress: {
            id: address.outputs.id
          }
        }
      }
    ]
  }
}
