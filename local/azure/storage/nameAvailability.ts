import { invalidRequestContent } from "../arm/errors.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import { badAccountName, isAccountName, takenAccountName } from "./accountNames.ts";
import { apiVersions } from "./apiVersions.ts";
import { findAccount } from "./storageAccounts.ts";

/** Names are unique in all of Azure, as far as this one knows. */
export const nameAvailability: ResourceType = {
  type: "Microsoft.Storage/checkNameAvailability",
  apiVersions,
  readOnly: true,
  post(azure, request) {
    const { name } = request.body();
    if (typeof name !== "string") throw invalidRequestContent("Required property 'name' not found in JSON.");
    const refusal = !isAccountName(name) ? badAccountName(name) : findAccount(azure, name) && takenAccountName(name);
    if (!refusal) return { status: 200, body: { nameAvailable: true } };
    const reason = isAccountName(name) ? "AlreadyExists" : "AccountNameInvalid";
    return { status: 200, body: { nameAvailable: false, reason, message: refusal.message } };
  },
};
