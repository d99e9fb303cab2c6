import { lookUp } from "../store/lookUp.ts";

/** Azure's regions, with the names that people and gallery image versions use. */
const DISPLAY_NAMES: Record<string, string> = {
  eastus: "East US",
  eastus2: "East US 2",
  westcentralus: "West Central US",
  westus: "West US",
  westus2: "West US 2",
  westus3: "West US 3",
  southcentralus: "South Central US",
  northcentralus: "North Central US",
  centralus: "Central US",
  northeurope: "North Europe",
  westeurope: "West Europe",
  southeastasia: "Southeast Asia",
  eastasia: "East Asia",
  australiasoutheast: "Australia Southeast",
  australiaeast: "Australia East",
  uksouth: "UK South",
  ukwest: "UK West",
  brazilsouth: "Brazil South",
  canadacentral: "Canada Central",
  centralindia: "Central India",
  jioindiawest: "Jio India West",
  francecentral: "France Central",
  germanywestcentral: "Germany West Central",
  japaneast: "Japan East",
  koreacentral: "Korea Central",
  norwayeast: "Norway East",
  switzerlandnorth: "Switzerland North",
  uaenorth: "UAE North",
  southafricanorth: "South Africa North",
  qatarcentral: "Qatar Central",
  swedencentral: "Sweden Central",
  polandcentral: "Poland Central",
  italynorth: "Italy North",
  israelcentral: "Israel Central",
  newzealandnorth: "New Zealand North",
  taiwannorthwest: "Taiwan Northwest",
};

export const regions: readonly string[] = Object.keys(DISPLAY_NAMES);

/** Regions without availability zones. */
const UNZONED = [
  "westcentralus",
  "westus",
  "northcentralus",
  "australiasoutheast",
  "ukwest",
  "jioindiawest",
  "taiwannorthwest",
];

export const zonedRegions: readonly string[] = regions.filter((name) => !UNZONED.includes(name));

/** "West Europe" of `westeurope`. */
export function displayName(region: string): string {
  return lookUp(DISPLAY_NAMES, regionName(region)) ?? region;
}

/** `westeurope` of "West Europe". */
export function regionName(region: string): string {
  return region.toLowerCase().replaceAll(" ", "");
}
