/** What is read of the subscription that builds run in. */
import type { Plan } from "../plan.ts";

/** Its id. */
export function subscriptionIdOf({ place }: Pick<Plan, "place">): string {
  return place.split("/")[0] ?? "";
}

export interface Provider {
  namespace: string;
  /** Registered, Registering, NotRegistered, Unregistering. */
  state: string;
  /** By resource type in lower case, the names of the regions that have it: westeurope. */
  locations: Readonly<Record<string, readonly string[]>>;
  /** Names of the regions in which something of it can be put into an availability zone; empty where it does not tell. */
  zonedRegions: readonly string[];
}

export interface Usage {
  /** `cores`, `standardDSv5Family`. */
  name: string;
  used: number;
  limit: number;
}

export interface PolicyAssignment {
  id: string;
  displayName: string;
  scope: string;
  /** The bare name of the policy definition: a GUID for Azure's own. */
  definition: string;
  isEnforced: boolean;
  /** Scopes within its own that it leaves out. */
  notScopes: readonly string[];
  parameters: Readonly<Record<string, unknown>>;
}
