import type { ErrorMore } from "../arm/errors.ts";
import type { PlatformImage } from "../compute/platformImages.ts";
import type { Announcement } from "../events/armEvent.ts";
import type { RoleDefinition } from "../../landscape.ts";

/** A JSON object, as requests bring it and answers carry it. */
export type Json = Record<string, unknown>;

/** All that this Azure remembers: plain data, written to the state folder as it is. */
export interface State {
  /** By lower-case id; resource groups too. */
  resources: Record<string, StoredResource>;
  /** By lower-case id. */
  roleAssignments: Record<string, StoredRoleAssignment>;
  /** Removed or replaced, and still effective until their removal has propagated. */
  fadingRoleAssignments: StoredRoleAssignment[];
  /** By bare lower-case GUID. */
  roleDefinitions: Record<string, StoredRoleDefinition>;
  /** Versions of platform images that were published since, in that order. */
  publishedImages: PlatformImage[];
  /** By lower-case GUID. */
  operations: Record<string, StoredOperation>;
  /** What will happen by itself, at its time; in no order. */
  transitions: Transition[];
  /** How many GUIDs were made for each purpose. */
  guids: Record<string, number>;
}

export interface StoredResource {
  /** As Azure writes it. */
  id: string;
  name: string;
  /** `Microsoft.Network/virtualNetworks/subnets` */
  type: string;
  /** What a GET answers, but for id, name and type. */
  body: Json;
  /** Milliseconds since 1970; set by the store. */
  createdAt?: number;
  changedAt?: number;
  /** What Azure knows and does not tell; each resource type has its own. */
  hidden?: object;
}

export interface StoredRoleDefinition extends RoleDefinition {
  builtIn: boolean;
  notActions: string[];
  notDataActions?: string[];
  /** Of those that were made here: milliseconds since 1970. */
  createdOn?: number;
  updatedOn?: number;
  /** Object id. */
  createdBy?: string;
}

export interface StoredRoleAssignment {
  id: string;
  /** The bare GUID. */
  name: string;
  scope: string;
  /** The bare GUID of the role definition. */
  roleDefinition: string;
  principalId: string;
  principalType: string;
  condition: string | null;
  conditionVersion: string | null;
  description: string | null;
  delegatedManagedIdentityResourceId: string | null;
  createdOn: number;
  updatedOn: number;
  createdBy: string;
  /** Of the landscape: there from the start. */
  standing: boolean;
  /** When authorisation checks begin to see it; null is never. */
  effectiveFrom: number | null;
  /** When they cease to, of one that was removed or replaced; null is never. */
  effectiveUntil?: number | null;
}

/** A long-running operation, as its status URL tells of it. */
export interface StoredOperation {
  guid: string;
  location: string;
  /** Id of the resource that a write's `Location` answers in the end. */
  resource?: string;
  status: "InProgress" | "Succeeded" | "Failed" | "Canceled";
  startTime: number;
  endTime?: number;
  error?: { code: string; message: string } & Pick<ErrorMore, "details">;
  /** What is to be told when it has ended. */
  announcement?: Announcement;
}

export interface Transition {
  /** Milliseconds since 1970. */
  due: number;
  kind: string;
  /** The resource that it is about. */
  id: string;
  /** Tells a transition of this run or operation from a stale one. */
  operation: string;
}
