// An Azure Firewall policy, for where the company has none.

param name string
param location string
param tags object

resource policy 'Microsoft.Network/firewallPolicies@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: {
      tier: 'Standard'
    }
    threatIntelMode: 'Deny'
  }
}

output id string = policy.id
