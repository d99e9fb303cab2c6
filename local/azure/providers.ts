import { operationTypes, writeTransitions } from "./arm/longRunning.ts";
import { type ResourceTypes, tableOf } from "./arm/resourceType.ts";
import { permissions } from "./authorization/permissions.ts";
import { denyAssignments } from "./authorization/denyAssignments.ts";
import { policyAssignments } from "./authorization/policy/policyAssignments.ts";
import { policyDefinitions } from "./authorization/policy/policyDefinitions.ts";
import { roleAssignments } from "./authorization/roleAssignments.ts";
import { roleDefinitions } from "./authorization/roleDefinitions.ts";
import { computeTypes } from "./compute/computeTypes.ts";
import { containerGroups, containerUsages } from "./containerInstance/containerGroups.ts";
import { replicationTransitions } from "./compute/replication.ts";
import { imageTemplates } from "./imageBuilder/imageTemplates.ts";
import { operations } from "./imageBuilder/operations.ts";
import { providerOperations } from "./imageBuilder/providerOperations.ts";
import { runOutputs } from "./imageBuilder/run.ts";
import { runTransitions } from "./imageBuilder/runPhases.ts";
import { changeTransitions } from "./imageBuilder/templateChanges.ts";
import { triggers, triggerTransitions } from "./imageBuilder/triggers.ts";
import { vaults } from "./keyVault/vaults.ts";
import { federatedIdentityCredentials, userAssignedIdentities } from "./managedIdentity/userAssignedIdentities.ts";
import { agreements } from "./marketplaceOrdering/agreements.ts";
import { networkTypes } from "./network/networkTypes.ts";
import { groupTransitions, operationResults, resourceGroups } from "./resources/resourceGroups.ts";
import { providerResourceTypes, providers, tenantProviders } from "./resources/providers.ts";
import { registrationTransitions } from "./resources/registrations.ts";
import { resourceLists } from "./resources/resources.ts";
import { locations, subscriptions, tenants } from "./resources/subscriptions.ts";
import { tags } from "./resources/tags.ts";
import { blobContainers, blobServices } from "./storage/blobContainers.ts";
import {
  accountWrites,
  apiVersions as storageVersions,
  nameAvailability,
  storageAccounts,
} from "./storage/storageAccounts.ts";
import type { TransitionTable } from "./store/transitions.ts";

/** Every resource type that this Azure serves. */
export const resourceTypes: ResourceTypes = tableOf([
  subscriptions,
  locations,
  tenants,
  providers,
  providerResourceTypes,
  tenantProviders,
  tags,
  resourceGroups,
  ...resourceLists,
  operationResults,

  roleAssignments,
  roleDefinitions,
  permissions,
  denyAssignments,
  policyAssignments,
  ...policyDefinitions,

  agreements,

  imageTemplates,
  runOutputs,
  triggers,
  providerOperations,
  operations,

  ...networkTypes,

  ...computeTypes,

  containerGroups,
  containerUsages,
  storageAccounts,
  blobServices,
  blobContainers,
  nameAvailability,
  ...operationTypes(accountWrites, storageVersions),
  userAssignedIdentities,
  federatedIdentityCredentials,

  vaults,
]);

/** Everything that happens by itself when its time comes. */
export const transitions: TransitionTable = {
  ...changeTransitions,
  ...runTransitions,
  ...triggerTransitions,
  ...replicationTransitions,
  ...groupTransitions,
  ...registrationTransitions,
  ...writeTransitions,
};
