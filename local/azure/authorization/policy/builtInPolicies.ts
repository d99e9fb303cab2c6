import type { PolicyCondition } from "./policyRule.ts";

interface PolicyParameter {
  type: "String" | "Array";
  defaultValue?: string;
  allowedValues?: string[];
  metadata: { displayName: string; strongType?: string };
}

export interface PolicyDefinition {
  /** GUID. */
  name: string;
  displayName: string;
  /** `Indexed`: of types with tags and a location alone, and so not of resource groups. */
  mode: "All" | "Indexed";
  version: string;
  category: string;
  parameters: Record<string, PolicyParameter>;
  /** What the rule is about, and what it does then. */
  condition: PolicyCondition;
  effect: string;
}

export const NOT_ALLOWED_TYPES = "6c112d4e-5bc7-47ae-a041-ea2d9dccd749";
const effect = (defaultValue: "Audit" | "Deny"): PolicyParameter => ({
  type: "String",
  defaultValue,
  allowedValues: ["Audit", "Deny", "Disabled"],
  metadata: { displayName: "Effect" },
});
const GROUP: PolicyCondition = { field: "type", equals: "Microsoft.Resources/subscriptions/resourceGroups" };
const TAG = "[concat('tags[', parameters('tagName'), ']')]";
const OTHER_TAG: PolicyCondition = { field: TAG, notEquals: "[parameters('tagValue')]" };
const STORAGE: PolicyCondition = { field: "type", equals: "Microsoft.Storage/storageAccounts" };
const SHARED_KEYS = "Microsoft.Storage/storageAccounts/allowSharedKeyAccess";

const tagName: PolicyParameter = { type: "String", metadata: { displayName: "Tag Name" } };
const tagValue: PolicyParameter = { type: "String", metadata: { displayName: "Tag Value" } };
const NO_TAG: PolicyCondition = { field: TAG, exists: "false" };

const listOfAllowedLocations: PolicyParameter = {
  type: "Array",
  metadata: { displayName: "Allowed locations", strongType: "location" },
};
const ELSEWHERE: PolicyCondition = { field: "location", notIn: "[parameters('listOfAllowedLocations')]" };

/** Built-in policies, as far as they concern what image builder makes: names, rules and parameters of Azure/azure-policy. */
export const builtInPolicies: readonly PolicyDefinition[] = [
  {
    name: "e56962a6-4747-49cd-b67b-bf8b01975c4c",
    displayName: "Allowed locations",
    mode: "Indexed",
    version: "1.0.0",
    category: "General",
    parameters: { listOfAllowedLocations },
    condition: {
      allOf: [
        ELSEWHERE,
        { field: "location", notEquals: "global" },
        { field: "type", notEquals: "Microsoft.AzureActiveDirectory/b2cDirectories" },
      ],
    },
    effect: "deny",
  },
  {
    name: "e765b5de-1225-4ba3-bd56-1ac6695af988",
    displayName: "Allowed locations for resource groups",
    mode: "All",
    version: "1.0.0",
    category: "General",
    parameters: { listOfAllowedLocations },
    condition: { allOf: [GROUP, ELSEWHERE] },
    effect: "deny",
  },
  {
    name: NOT_ALLOWED_TYPES,
    displayName: "Not allowed resource types",
    mode: "All",
    version: "2.0.0",
    category: "General",
    parameters: {
      listOfResourceTypesNotAllowed: {
        type: "Array",
        metadata: { displayName: "Not allowed resource types", strongType: "resourceTypes" },
      },
      effect: effect("Deny"),
    },
    condition: { allOf: [{ field: "type", in: "[parameters('listOfResourceTypesNotAllowed')]" }] },
    effect: "[parameters('effect')]",
  },
  {
    name: "871b6d14-10aa-478d-b590-94f262ecfa99",
    displayName: "Require a tag on resources",
    mode: "Indexed",
    version: "1.0.1",
    category: "Tags",
    parameters: { tagName },
    condition: NO_TAG,
    effect: "deny",
  },
  {
    name: "96670d01-0a4d-4649-9c89-2d3abc0a5025",
    displayName: "Require a tag on resource groups",
    mode: "All",
    version: "1.0.0",
    category: "Tags",
    parameters: { tagName },
    condition: { allOf: [GROUP, NO_TAG] },
    effect: "deny",
  },
  {
    name: "8c6a50c6-9ffd-4ae7-986f-5fa6111f9a54",
    displayName: "Storage accounts should prevent shared key access",
    mode: "Indexed",
    version: "2.0.0",
    category: "Storage",
    parameters: { effect: effect("Audit") },
    condition: {
      allOf: [
        STORAGE,
        {
          anyOf: [
            {
              anyOf: [
                { field: SHARED_KEYS, exists: "false" },
                { field: SHARED_KEYS, equals: "" },
              ],
            },
            { field: SHARED_KEYS, equals: "true" },
          ],
        },
      ],
    },
    effect: "[parameters('effect')]",
  },
  {
    name: "83a86a26-fd1f-447c-b59d-e51f44264114",
    displayName: "Network interfaces should not have public IPs",
    mode: "Indexed",
    version: "1.0.0",
    category: "Network",
    parameters: {},
    condition: {
      allOf: [
        { field: "type", equals: "Microsoft.Network/networkInterfaces" },
        { not: { field: "Microsoft.Network/networkInterfaces/ipconfigurations[*].publicIpAddress.id", notLike: "*" } },
      ],
    },
    effect: "deny",
  },
  {
    name: "1e30110a-5ceb-460c-a204-c1c3969c6d62",
    displayName: "Require a tag and its value on resources",
    mode: "Indexed",
    version: "1.0.1",
    category: "Tags",
    parameters: { tagName, tagValue },
    condition: { not: { field: TAG, equals: "[parameters('tagValue')]" } },
    effect: "deny",
  },
  {
    name: "8ce3da23-7156-49e4-b145-24f95f9dcb46",
    displayName: "Require a tag and its value on resource groups",
    mode: "All",
    version: "1.0.0",
    category: "Tags",
    parameters: { tagName, tagValue },
    condition: { allOf: [GROUP, OTHER_TAG] },
    effect: "deny",
  },
  {
    name: "a08ec900-254a-4555-9bf5-e42af04b5c5c",
    displayName: "Allowed resource types",
    mode: "Indexed",
    version: "1.0.0",
    category: "General",
    parameters: {
      listOfResourceTypesAllowed: {
        type: "Array",
        metadata: { displayName: "Allowed resource types", strongType: "resourceTypes" },
      },
    },
    condition: { not: { field: "type", in: "[parameters('listOfResourceTypesAllowed')]" } },
    effect: "deny",
  },
  {
    name: "cccc23c7-8427-4f53-ad12-b6a63eb452b3",
    displayName: "Allowed virtual machine size SKUs",
    mode: "Indexed",
    version: "1.0.1",
    category: "Compute",
    parameters: {
      listOfAllowedSKUs: { type: "Array", metadata: { displayName: "Allowed Size SKUs", strongType: "VMSKUs" } },
    },
    condition: {
      allOf: [
        { field: "type", equals: "Microsoft.Compute/virtualMachines" },
        { not: { field: "Microsoft.Compute/virtualMachines/sku.name", in: "[parameters('listOfAllowedSKUs')]" } },
      ],
    },
    effect: "Deny",
  },
  {
    name: "34c877ad-507e-4c82-993e-3452a6e0ad3c",
    displayName: "Storage accounts should restrict network access",
    mode: "Indexed",
    version: "1.1.1",
    category: "Storage",
    parameters: { effect: effect("Audit") },
    condition: {
      allOf: [STORAGE, { field: "Microsoft.Storage/storageAccounts/networkAcls.defaultAction", notEquals: "Deny" }],
    },
    effect: "[parameters('effect')]",
  },
];
