// What builds may reach, in an Azure Firewall policy: the names that the shipped recipes
// list, and image builder's own.

@description('Name of the group of rules, which no other installation has in that policy.')
param name string

@description('Name of the policy, in the resource group that this is deployed to.')
param policyName string

@description('Its priority among the groups of the policy: 100 to 65000, lower first.')
param priority int

@description('Address ranges that builds come from.')
param sources array

// test/unit/infra/shippedGround.test.ts holds them to images/. Recipes of yours may reach more: put it there.
var listed = loadJsonContent('egressNames.json')

// The staging storage has a new name with each template.
var needed = [
  { name: '*.blob.${environment().suffixes.storage}', ports: [443] }
  { name: replace(replace(environment().resourceManager, 'https://', ''), '/', ''), ports: [443] }
]

var names = concat(needed, listed)
var webNames = map(filter(names, egress => contains(egress.ports, 443)), egress => egress.name)
var plainNames = map(filter(names, egress => contains(egress.ports, 80)), egress => egress.name)

resource policy 'Microsoft.Network/firewallPolicies@2024-05-01' existing = {
  name: policyName

  resource rules 'ruleCollectionGroups' = {
    name: name
    properties: {
      priority: priority
      ruleCollections: [
        {
          ruleCollectionType: 'FirewallPolicyFilterRuleCollection'
          name: 'builds'
          priority: 100
          action: {
            type: 'Allow'
          }
          rules: [
            {
              ruleType: 'ApplicationRule'
              name: 'https'
              sourceAddresses: sources
              targetFqdns: webNames
              protocols: [
                {
                  protocolType: 'Https'
                  port: 443
                }
              ]
            }
            {
              ruleType: 'ApplicationRule'
              name: 'http'
              sourceAddresses: sources
              targetFqdns: plainNames
              protocols: [
                {
                  protocolType: 'Http'
                  port: 80
                }
              ]
            }
          ]
        }
        // Of packer's container in a subnet of its own: it keeps its files in the staging storage.
        {
          ruleCollectionType: 'FirewallPolicyFilterRuleCollection'
          name: 'files-of-builds'
          priority: 110
          action: {
            type: 'Allow'
          }
          rules: [
            {
              ruleType: 'NetworkRule'
              name: 'files'
              ipProtocols: ['TCP']
              sourceAddresses: sources
              destinationAddresses: ['Storage']
              destinationPorts: ['445']
            }
          ]
        }
      ]
    }
  }
}
