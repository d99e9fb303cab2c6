import type { Azure } from "../azure.ts";
import { findIdentity, principalIdOf } from "../managedIdentity/userAssignedIdentities.ts";
import { findResource } from "../store/resources.ts";
import type { StoredResource } from "../store/state.ts";
import type { TemplateProperties } from "./templateSchema.ts";

/** Object id of image builder itself in the tenant. */
export const IMAGE_BUILDER = "ef511139-6170-438e-a6e1-763dc31bdf74";
export const TEMPLATE_TYPE = "Microsoft.VirtualMachineImages/imageTemplates";

/** What image builder knows of a template and does not tell. */
interface TemplateHidden {
  apiVersion: string;
  /** GUID of the operation that creates it. */
  creation: string;
  /** GUID of the operation that deletes it. */
  deletion?: string;
  staging?: Staging;
  /** The staging group, where image builder made it and so removes it. */
  stagingGroup?: string;
  /** GUID of the operation that changes it. */
  update?: string;
  run?: Run;
  /** What a GET may still show just after a run began. */
  previousStatus?: LastRunStatus | undefined;
  failuresInARow?: number;
}

interface Staging {
  groupId: string;
  /** Name of the storage account. */
  account: string;
}

export interface Run {
  /** GUID of the operation. */
  operation: string;
  startedAt: number;
  /** Folder of the logs in `packerlogs`. */
  logFolder: string;
  /** Ids of the machines, disks and networks in the staging group. */
  machines: string[];
  /** Why it fails once the phase that is under way ends. */
  failure?: string;
  /** Whether a validation failed, so that the run fails though it distributes. */
  validationFailed?: boolean;
  /** What to say of the targets that failed where others did not. */
  partialFailure?: string;
  /** What it distributed, by the name of its run output. */
  outputs: { name: string; artifact: { artifactId: string } | { artifactUri: string } }[];
}

/** A run that is under way, and whose it is. */
export interface Build {
  azure: Azure;
  template: Template;
  run: Run;
}

export interface LastRunStatus {
  startTime: string;
  endTime: string;
  runState: "Running" | "Canceling" | "Succeeded" | "PartiallySucceeded" | "Failed" | "Canceled";
  runSubState?: "Queued" | "Building" | "Customizing" | "Optimizing" | "Validating" | "Distributing";
  message: string;
}

/** A template as it is kept. */
export interface Template extends StoredResource {
  hidden: TemplateHidden;
  body: {
    location: string;
    tags?: Record<string, string>;
    identity: { type: string; userAssignedIdentities: Record<string, object> };
    properties: TemplateProperties & {
      provisioningState: string;
      provisioningError?: { provisioningErrorCode: string; message: string };
      lastRunStatus?: LastRunStatus;
      stagingResourceGroup: string;
      exactStagingResourceGroup: string;
    };
    systemData: object;
  };
}

export function findTemplate(azure: Azure, id: string): Template | undefined {
  const resource = findResource(azure, id);
  return resource?.type === TEMPLATE_TYPE ? (resource as Template) : undefined;
}

/** Id of the identity that image builder acts as for a template. */
export function identityIdOf({ body }: Template): string {
  return Object.keys(body.identity.userAssignedIdentities)[0] ?? "";
}

/** Its principal; nothing once the identity was deleted. */
export function templatePrincipal(azure: Azure, template: Template): string | undefined {
  const identity = findIdentity(azure, identityIdOf(template));
  return identity && principalIdOf(identity);
}

/** With nanoseconds, as image builder writes times. */
export function nanoTime(azure: Azure, milliseconds = azure.now): string {
  const nanoseconds = Math.floor(azure.random.fraction("nanoseconds", milliseconds) * 1e6);
  return new Date(milliseconds).toISOString().replace("Z", `${String(nanoseconds).padStart(6, "0")}Z`);
}

/** What image builder says of a time that has not come. */
export const NO_TIME = "0001-01-01T00:00:00Z";

/** A template shows who its identity is only once it is created. */
export function showIdentity(azure: Azure, template: Template): void {
  const id = identityIdOf(template);
  const { principalId, clientId } = (findIdentity(azure, id)?.body.properties ?? {}) as Record<string, string>;
  template.body.identity.userAssignedIdentities[id] = { principalId, clientId };
}
