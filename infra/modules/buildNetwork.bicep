// The network that builds attach to, as the shipped recipes name it: with a subnet of image builder's proxy for each
// operating system, with two isolated ones, or with both. The security groups are the least that works, as
// docs/aks-jumpbox.md and docs/shipped-recipes.md have them; local/landscapeNetwork.ts is the same for the local Azure.

param location string

@description('Tells this installation\'s names from any other\'s.')
param installationId string

param tags object

@description('Name of the virtual network.')
param name string

@description('oneSubnet: image builder\'s proxy and the build VM share one. twoSubnets: packer runs in a container of its own. both.')
param topology string

@description('How builds reach what they download: natGateway, firewall, appliance, none.')
param egress string

@description('Private address of the company\'s own firewall or appliance, for egress by one.')
param applianceAddress string

@description('Id of the company\'s own firewall policy, to which the rules for builds are added; empty: egress by a firewall has one of its own.')
param firewallPolicyId string

@description('Priority of those rules among the groups of that policy.')
param firewallRulePriority int

@description('Id of the Log Analytics workspace that takes the diagnostics of a firewall that is made.')
param workspaceId string

// A /22: the builds', and at its end what a firewall asks for.
var addressPrefix = '10.40.0.0/22'
var isolatedPrefix = '10.40.0.64/27'
var containerPrefix = '10.40.0.96/28'
var firewallPrefix = '10.40.3.192/26'
// Azure Firewall takes the fourth address of its subnet: the first three are Azure's own.
var firewallAddress = '10.40.3.196'

var hasProxy = topology != 'twoSubnets'
var isIsolated = topology != 'oneSubnet'
var hasFirewall = egress == 'firewall'
var hasPolicy = hasFirewall && empty(firewallPolicyId)

var downloads = [
  { name: 'allow-https-out', direction: 'Outbound', priority: 400, access: 'Allow', from: 'VirtualNetwork', to: 'Internet', port: '443' }
  { name: 'allow-http-out', direction: 'Outbound', priority: 410, access: 'Allow', from: 'VirtualNetwork', to: 'Internet', port: '80' }
]
// Any Deny of ours comes before Azure's own rules, and so hits what stays inside the subnet as well.
var denials = [
  { name: 'deny-other-inbound', direction: 'Inbound', priority: 4096, access: 'Deny', from: '*', to: '*', port: '*' }
  { name: 'deny-other-outbound', direction: 'Outbound', priority: 4096, access: 'Deny', from: '*', to: '*', port: '*' }
]

// Load balancer and private link to the proxy VM, and from there to the build VM: by SSH, or for Windows by WinRM.
var linuxRules = [
  { name: 'allow-probe-of-proxy', direction: 'Inbound', priority: 400, access: 'Allow', from: 'AzureLoadBalancer', to: 'VirtualNetwork', port: '60001' }
  { name: 'allow-link-to-proxy', direction: 'Inbound', priority: 410, access: 'Allow', from: 'VirtualNetwork', to: 'VirtualNetwork', port: '60001' }
  { name: 'allow-proxy-to-build-in', direction: 'Inbound', priority: 420, access: 'Allow', from: 'VirtualNetwork', to: 'VirtualNetwork', port: '22' }
  { name: 'allow-proxy-to-build-out', direction: 'Outbound', priority: 420, access: 'Allow', from: 'VirtualNetwork', to: 'VirtualNetwork', port: '22' }
]
var windowsRules = [
  { name: 'allow-probe-of-proxy', direction: 'Inbound', priority: 400, access: 'Allow', from: 'AzureLoadBalancer', to: 'VirtualNetwork', port: '60000' }
  { name: 'allow-link-to-proxy', direction: 'Inbound', priority: 410, access: 'Allow', from: 'VirtualNetwork', to: 'VirtualNetwork', port: '60000' }
  { name: 'allow-proxy-to-build-in', direction: 'Inbound', priority: 420, access: 'Allow', from: 'VirtualNetwork', to: 'VirtualNetwork', port: '5986' }
  { name: 'allow-proxy-to-build-out', direction: 'Outbound', priority: 420, access: 'Allow', from: 'VirtualNetwork', to: 'VirtualNetwork', port: '5986' }
]
// From the container to the build VM, by either way: both kinds of machines may be built there.
var isolatedRules = [
  { name: 'allow-container-to-build', direction: 'Inbound', priority: 400, access: 'Allow', from: containerPrefix, to: isolatedPrefix, port: '22' }
  { name: 'allow-container-to-windows', direction: 'Inbound', priority: 410, access: 'Allow', from: containerPrefix, to: isolatedPrefix, port: '5986' }
]
var containerRules = [
  { name: 'allow-https-out', direction: 'Outbound', priority: 400, access: 'Allow', from: 'VirtualNetwork', to: 'Internet', port: '443' }
  { name: 'allow-files-out', direction: 'Outbound', priority: 410, access: 'Allow', from: 'VirtualNetwork', to: 'Storage', port: '445' }
  { name: 'allow-container-to-build', direction: 'Outbound', priority: 420, access: 'Allow', from: containerPrefix, to: isolatedPrefix, port: '22' }
  { name: 'allow-container-to-windows', direction: 'Outbound', priority: 430, access: 'Allow', from: containerPrefix, to: isolatedPrefix, port: '5986' }
]

var withProxy = [
  {
    name: 'snet-builds'
    addressPrefix: '10.40.0.0/27'
    securityGroup: 'nsg-builds'
    rules: concat(linuxRules, downloads, denials)
    delegation: ''
    takesPrivateLink: true
  }
  {
    name: 'snet-windows'
    addressPrefix: '10.40.0.32/27'
    securityGroup: 'nsg-windows'
    rules: concat(windowsRules, downloads, denials)
    delegation: ''
    takesPrivateLink: true
  }
]
var withContainer = [
  {
    name: 'snet-isolated'
    addressPrefix: isolatedPrefix
    securityGroup: 'nsg-isolated'
    rules: concat(isolatedRules, downloads, denials)
    delegation: ''
    takesPrivateLink: false
  }
  {
    name: 'snet-isolated-containers'
    addressPrefix: containerPrefix
    securityGroup: 'nsg-isolated-containers'
    rules: concat(containerRules, denials)
    delegation: 'Microsoft.ContainerInstance/containerGroups'
    takesPrivateLink: false
  }
]
var buildSubnets = concat(hasProxy ? withProxy : [], isIsolated ? withContainer : [])
var buildPrefixes = map(buildSubnets, subnet => subnet.addressPrefix)

module groups 'network/securityGroup.bicep' = [
  for subnet in buildSubnets: {
    name: subnet.securityGroup
    params: {
      name: subnet.securityGroup
      location: location
      tags: tags
      rules: subnet.rules
    }
  }
]

module gateway 'network/natGateway.bicep' = if (egress == 'natGateway') {
  name: 'ng-builds'
  params: {
    name: 'ng-builds'
    location: location
    tags: tags
  }
}

module routes 'network/routeTable.bicep' = if (hasFirewall || egress == 'appliance') {
  name: 'rt-builds'
  params: {
    name: 'rt-builds'
    location: location
    tags: tags
    nextHop: hasFirewall ? firewallAddress : applianceAddress
  }
}

var firewallSubnet = {
  name: 'AzureFirewallSubnet'
  addressPrefix: firewallPrefix
  securityGroupId: ''
  delegation: ''
  takesPrivateLink: false
  hasEgress: false
}

module network 'network/virtualNetwork.bicep' = {
  name: name
  params: {
    name: name
    location: location
    tags: tags
    addressPrefix: addressPrefix
    subnets: concat(
      map(buildSubnets, subnet => {
        name: subnet.name
        addressPrefix: subnet.addressPrefix
        securityGroupId: resourceId('Microsoft.Network/networkSecurityGroups', subnet.securityGroup)
        delegation: subnet.delegation
        takesPrivateLink: subnet.takesPrivateLink
        hasEgress: true
      }),
      hasFirewall ? [firewallSubnet] : []
    )
    natGatewayId: egress == 'natGateway' ? gateway!.outputs.id : ''
    routeTableId: hasFirewall || egress == 'appliance' ? routes!.outputs.id : ''
  }
  dependsOn: [groups]
}

module policy 'network/firewallPolicy.bicep' = if (hasPolicy) {
  name: 'afwp-builds'
  params: {
    name: 'afwp-builds'
    location: location
    tags: tags
  }
}

// A policy of the company's lies in its own group, and so do the rules.
var policyId = empty(firewallPolicyId)
  ? resourceId('Microsoft.Network/firewallPolicies', 'afwp-builds')
  : firewallPolicyId
var policyParts = split(policyId, '/')

module rules 'network/egressRules.bicep' = if (hasFirewall || !empty(firewallPolicyId)) {
  name: 'goldsmith-egress-rules'
  scope: resourceGroup(policyParts[2], policyParts[4])
  params: {
    name: 'goldsmith-${installationId}'
    policyName: policyParts[8]
    priority: firewallRulePriority
    sources: buildPrefixes
  }
  dependsOn: [policy]
}

module firewall 'network/firewall.bicep' = if (hasFirewall) {
  name: 'afw-builds'
  params: {
    name: 'afw-builds'
    location: location
    tags: tags
    subnetId: '${network.outputs.id}/subnets/AzureFirewallSubnet'
    policyId: policyId
    workspaceId: workspaceId
  }
  dependsOn: [rules]
}

output id string = network.outputs.id
