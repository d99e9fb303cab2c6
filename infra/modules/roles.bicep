// The custom roles, each with the actions it needs and no more. The first three are leased to the builder identity, a
// build at a time; the others are the service's own. local/landscape.ts holds the same lists for the local Azure.
targetScope = 'subscription'

@description('Role names are unique in a tenant, so each installation has its own.')
param installationId string

var wholeSubscription = subscription().id

var roles = [
  {
    key: 'imageCreation'
    name: 'image creation'
    description: 'Lets image builder read the gallery and write image versions. Leased for the length of a build.'
    actions: [
      'Microsoft.Compute/galleries/read'
      'Microsoft.Compute/galleries/images/read'
      'Microsoft.Compute/galleries/images/versions/read'
      'Microsoft.Compute/galleries/images/versions/write'
      'Microsoft.Compute/images/read'
      'Microsoft.Compute/images/write'
      'Microsoft.Compute/images/delete'
    ]
    dataActions: []
  }
  {
    key: 'networkJoin'
    name: 'network join'
    description: 'Lets image builder attach its machines to the subnet. Leased for the length of a build.'
    actions: ['Microsoft.Network/virtualNetworks/read', 'Microsoft.Network/virtualNetworks/subnets/join/action']
    dataActions: []
  }
  {
    key: 'sourceReading'
    name: 'source reading'
    description: 'Lets image builder read the image that a build begins with, where it cannot already. Leased for the length of a build.'
    actions: [
      'Microsoft.Compute/galleries/read'
      'Microsoft.Compute/galleries/images/read'
      'Microsoft.Compute/galleries/images/versions/read'
      'Microsoft.Compute/images/read'
    ]
    dataActions: []
  }
  {
    key: 'observer'
    name: 'observer'
    description: 'Sees the subscription, its resource providers, groups, storage accounts, role assignments and definitions, policies, quotas, platform images and the terms of their plans.'
    actions: [
      'Microsoft.Resources/subscriptions/read'
      'Microsoft.Resources/subscriptions/providers/read'
      'Microsoft.Resources/subscriptions/resourceGroups/read'
      'Microsoft.Authorization/roleAssignments/read'
      'Microsoft.Authorization/roleDefinitions/read'
      'Microsoft.Storage/storageAccounts/read'
      'Microsoft.Authorization/permissions/read'
      'Microsoft.Authorization/policyAssignments/read'
      'Microsoft.Compute/locations/usages/read'
      'Microsoft.Compute/locations/publishers/artifacttypes/offers/skus/versions/read'
      'Microsoft.MarketplaceOrdering/offerTypes/publishers/offers/plans/agreements/read'
      'Microsoft.ContainerInstance/locations/usages/read'
    ]
    dataActions: []
  }
  {
    key: 'templateOperator'
    name: 'template operator'
    description: 'Makes, runs, reads and deletes image templates, and the managed images that VHDs are imported to.'
    actions: [
      'Microsoft.VirtualMachineImages/imageTemplates/read'
      'Microsoft.VirtualMachineImages/imageTemplates/write'
      'Microsoft.VirtualMachineImages/imageTemplates/delete'
      'Microsoft.VirtualMachineImages/imageTemplates/run/action'
      'Microsoft.VirtualMachineImages/imageTemplates/cancel/action'
      'Microsoft.VirtualMachineImages/imageTemplates/runOutputs/read'
      'Microsoft.Compute/images/read'
      'Microsoft.Compute/images/write'
      'Microsoft.Compute/images/delete'
    ]
    dataActions: []
  }
  {
    key: 'identityUser'
    name: 'identity user'
    description: 'Hands the builder identity to an image template.'
    actions: [
      'Microsoft.ManagedIdentity/userAssignedIdentities/read'
      'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action'
      'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read'
    ]
    dataActions: []
  }
  {
    key: 'networkReader'
    name: 'network reader'
    description: 'Reads what the preflight checks of the network.'
    actions: [
      'Microsoft.Network/virtualNetworks/read'
      'Microsoft.Network/virtualNetworks/subnets/read'
      'Microsoft.Network/virtualNetworks/usages/read'
      'Microsoft.Network/networkSecurityGroups/read'
      'Microsoft.Network/routeTables/read'
      'Microsoft.Network/natGateways/read'
      'Microsoft.Network/azureFirewalls/read'
      'Microsoft.Network/firewallPolicies/read'
      'Microsoft.Network/firewallPolicies/ruleCollectionGroups/read'
    ]
    dataActions: []
  }
  {
    key: 'galleryReader'
    name: 'gallery reader'
    description: 'Reads galleries, image definitions, image versions and managed images.'
    actions: [
      'Microsoft.Compute/galleries/read'
      'Microsoft.Compute/galleries/images/read'
      'Microsoft.Compute/galleries/images/versions/read'
      'Microsoft.Compute/images/read'
    ]
    dataActions: []
  }
  {
    key: 'publisher'
    name: 'publisher'
    description: 'Lets an image version become the latest once somebody has approved it. Standing, on the galleries where that is asked for.'
    actions: ['Microsoft.Compute/galleries/images/versions/read', 'Microsoft.Compute/galleries/images/versions/write']
    dataActions: []
  }
  {
    key: 'granter'
    name: 'granter'
    description: 'Writes and deletes role assignments; always under a condition.'
    actions: ['Microsoft.Authorization/roleAssignments/write', 'Microsoft.Authorization/roleAssignments/delete']
    dataActions: []
  }
  {
    key: 'logReader'
    name: 'log reader'
    description: 'Reads the customization logs that image builder leaves in its staging storage.'
    actions: []
    dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read']
  }
]

resource definitions 'Microsoft.Authorization/roleDefinitions@2022-04-01' = [
  for role in roles: {
    name: guid(wholeSubscription, installationId, role.key)
    properties: {
      roleName: 'Goldsmith ${role.name} (${installationId})'
      description: role.description
      type: 'CustomRole'
      // Not the groups alone: Azure takes no scope out of a role while it is assigned there, so that no deployment could name
      // other groups than the one before. What limits a role is where it is assigned.
      assignableScopes: [wholeSubscription]
      permissions: [
        {
          actions: role.actions
          notActions: []
          dataActions: role.dataActions
          notDataActions: []
        }
      ]
    }
  }
]

@description('The bare GUID of each role definition, by its key above.')
output names object = toObject(roles, role => role.key, role => guid(wholeSubscription, installationId, role.key))
