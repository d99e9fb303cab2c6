import { AzureError } from "../arm/errors.ts";

export const isAccountName = (name: string) => /^[a-z\d]{3,24}$/.test(name);

export const badAccountName = (name: string) =>
  new AzureError(
    400,
    "AccountNameInvalid",
    `${name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length ` +
      "and use numbers and lower-case letters only.",
  );

export const takenAccountName = (name: string) =>
  new AzureError(409, "StorageAccountAlreadyTaken", `The storage account named ${name} is already taken.`);
