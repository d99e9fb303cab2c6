import { AzureError } from "./errors.ts";

/** Why ARM or a provider does not write what could well be written at another place or time. */

export const invalidResourceLocation = (name: string, location: string, group: string, asked: string) =>
  new AzureError(
    409,
    "InvalidResourceLocation",
    `The resource '${name}' already exists in location '${location}' in resource group '${group}'. ` +
      `A resource with the same name cannot be created in location '${asked}'. Please select a new resource name.`,
  );

export const invalidGroupLocation = (asked: string, location: string) =>
  new AzureError(
    409,
    "InvalidResourceGroupLocation",
    `Invalid resource group location '${asked}'. The Resource group already exists in location '${location}'.`,
  );

/** The code and the first text have been seen; that the others have that code too is likely and no more. */
export function invalidGroupName(name: string): AzureError {
  const invalid = [...new Set(name.match(/[^-\w.()\p{L}\p{N}]/gu))].join("");
  const problem = invalid
    ? `has these invalid characters: '${invalid}'. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.`
    : name.length > 90
      ? "exceeds the maximum length of '90' characters."
      : "cannot end with a period.";
  return new AzureError(400, "InvalidResourceGroup", `The provided resource group name '${name}' ${problem}`);
}

export const groupLocationNotAvailable = (location: string, available: readonly string[]) =>
  new AzureError(
    400,
    "LocationNotAvailableForResourceGroup",
    `The provided location '${location}' is not available for resource group. ` +
      `List of available regions is '${available.join(",")}'.`,
  );

export const groupBeingDeleted = (name: string) =>
  new AzureError(
    409,
    "ResourceGroupBeingDeleted",
    `The resource group '${name}' is in deprovisioning state and cannot perform this operation.`,
  );

/** @param nested as `Microsoft.Compute/galleries/g/images/d`. */
export const nestedResourcesExist = (nested: string[]) =>
  new AzureError(
    409,
    "CannotDeleteResource",
    "Cannot delete resource while nested resources exist. Some existing nested resource IDs include: " +
      `'${nested.join(",")}'. Please delete all nested resources before deleting this resource.`,
  );

export const anotherOperationInProgress = (id: string) =>
  new AzureError(
    409,
    "AnotherOperationInProgress",
    `Another operation on this or dependent resource is in progress: ${id} is being deleted.`,
  );

export const preconditionFailed = (sent: string, actual: string, id: string) =>
  new AzureError(
    412,
    "PreconditionFailed",
    `Etag provided in if-match header ${sent} does not match etag ${actual} of resource ${id} in NRP data store.`,
    {},
    { details: [] },
  );

export const notRegistered = (namespace: string) => {
  const code = "MissingSubscriptionRegistration";
  const message =
    `The subscription is not registered to use namespace '${namespace}'. ` +
    "See https://aka.ms/rps-not-found for how to register subscriptions.";
  return new AzureError(409, code, message, {}, { details: [{ code, target: namespace, message }] });
};
