/**
 * What is not known for certain of the real Azure: here is decided which of the likely ways this one goes, so that a
 * client can be tried with the others.
 */
export interface Undecided {
  /** Another status or code than this Azure's own for an error, by that own code: `{ InvalidResourceType: { status: 404 } }`. */
  errors: Record<string, { status?: number; code?: string }>;
  /** Code of the 400 for a field that an image template does not have. */
  unknownFieldCode: string;
  /** PUT of a role assignment that is there already, under the same name. Old issues report a conflict. */
  identicalRoleAssignment: "success" | "conflict";
  /** Whether the text of `RoleAssignmentExists` names the one that exists. */
  existingRoleAssignmentNamed: boolean;
  /** DELETE of a role assignment that is not there, by a caller whose right to delete is bound to a condition. */
  conditionOnAbsentAssignment: "ignored" | "not-met";
  /** Whether who may not read a thing is told so (403) also where it is not there (404). */
  rightsBeforeExistence: boolean;
  /** What a deny assignment is answered with. */
  denyAssignmentCode: string;
  /** Status of `OperationNotAllowed`; one report says 405. */
  operationNotAllowedStatus: 409 | 405;
  /** Of the identity endpoint, where the secret header is missing or wrong. */
  identityHeaderStatus: 401 | 403;
  /** How a subnet of one prefix shows it. */
  subnetPrefix: "as-written" | "addressPrefixes";
  /** How ids in a subnet's `ipConfigurations` are written. */
  ipConfigurationIds: "as-written" | "upper-case";
  /**
   * Networks made from that time on have private subnets, where a version of the API from that one on makes them and
   * does not say: ISO 8601, and a version. Null: none are.
   */
  privateSubnets: { networksFrom: string; versionsFrom: string } | null;
}

/** How this Azure behaves where the real one varies or is not known for certain. Times are seconds of the clock. */
export interface Settings extends Undecided {
  /** From a role assignment's PUT or DELETE until authorisation checks notice. Azure documents up to 10 minutes. */
  propagationSeconds: Range;
  /** From an identity's creation until a role assignment may name it without `principalType`. */
  directoryReplicationSeconds: Range;
  /** Lifetime of an access token. */
  tokenSeconds: number;
  /** PUT of an image template until it is Succeeded or Failed. */
  templateCreationSeconds: Range;
  /** DELETE of an image template until it and its staging group are gone. */
  templateDeletionSeconds: Range;
  /** Cancel until the run is Canceled. */
  cancelSeconds: Range;
  /** DELETE of a resource group until it is gone. */
  groupDeletionSeconds: Range;
  /** PUT of a resource that is long-running until it is Succeeded: recordings show 1 to 11. */
  writeSeconds: Range;
  /** DELETE of such a resource until it is gone. */
  deletionSeconds: Range;
  /** POST of a provider's registration until it is Registered. */
  registrationSeconds: Range;
  /** Items of a page of a list. */
  pageSize: number;
  /** vCPUs of a region, and of each family of sizes in it. */
  coreQuota: number;
  /** Container groups, and their cores, of a region. */
  containerQuota: number;
  /** A storage account that Azurite serves: what is read of it leads there. */
  azurite: { account: string; key: string; blobEndpoint: string } | null;
  /** PATCH of an image template until it shows what was changed. */
  templateUpdateSeconds: Range;
  /** PUT or DELETE of a trigger until it is Succeeded or gone. */
  triggerSeconds: Range;
  /** How often triggers look for a new version of their source. */
  triggerCheckSeconds: number;
  /** So many runs that fail in a row deactivate a template's trigger. */
  triggerFailures: number;
  triggersPerRegion: number;
  run: RunSettings;
  /** From a resource's first PUT until a GET finds it. */
  readAfterWriteSeconds: Range;
  /** The same of role assignments. */
  grantReadAfterWriteSeconds: Range;
  /** Of a subscription. */
  roleAssignmentLimit: number;
  /** Custom roles of the tenant. */
  roleDefinitionLimit: number;
  /** Whether an empty token bucket refuses (429) or is only told of in the headers. */
  throttling: boolean;
  /** Requests that the request log keeps; its counts go on. */
  requestLogLength: number;
}

export interface Range {
  min: number;
  max: number;
}

/** Durations of a run's phases. The sample image with its seven customizers takes 25 to 30 minutes. */
export interface RunSettings {
  queuedSeconds: Range;
  buildingSeconds: Range;
  /** Each inline command, or any other small customizer. */
  commandSeconds: Range;
  /** A script from a URI, or a restart. */
  scriptSeconds: Range;
  windowsUpdateSeconds: Range;
  /** All inline commands of a template together take no longer. */
  allCommandsSeconds: number;
  optimizingSeconds: Range;
  validatingSeconds: Range;
  distributingSeconds: Range;
  /** More than that, for the replicas in each region but the first. */
  replicationSeconds: Range;
  /** After `run`, a GET shows the status of the run before for so long. */
  visibleAfterSeconds: number;
  /** From a build's timeout until image builder ends it. */
  timeoutLagSeconds: number;
  /** From `lastRunStatus.endTime` until the operation says so too. */
  operationLagSeconds: Range;
}

const minutes = (min: number, max: number): Range => ({ min: min * 60, max: max * 60 });

const undecided: Undecided = {
  errors: {},
  unknownFieldCode: "ValidationFailed",
  identicalRoleAssignment: "success",
  existingRoleAssignmentNamed: false,
  conditionOnAbsentAssignment: "ignored",
  rightsBeforeExistence: true,
  denyAssignmentCode: "DenyAssignmentAuthorizationFailed",
  operationNotAllowedStatus: 409,
  identityHeaderStatus: 401,
  subnetPrefix: "as-written",
  ipConfigurationIds: "as-written",
  privateSubnets: { networksFrom: "2026-03-31T00:00:00Z", versionsFrom: "2025-07-01" },
};

export const defaultSettings: Settings = {
  ...undecided,
  // As quick as it mostly is; a scenario makes it as slow as it can be.
  propagationSeconds: { min: 3, max: 10 },
  directoryReplicationSeconds: { min: 10, max: 60 },
  tokenSeconds: 24 * 3600,
  templateCreationSeconds: { min: 11, max: 35 },
  templateDeletionSeconds: { min: 30, max: 90 },
  cancelSeconds: { min: 60, max: 180 },
  groupDeletionSeconds: { min: 20, max: 60 },
  writeSeconds: { min: 1, max: 11 },
  deletionSeconds: { min: 5, max: 20 },
  registrationSeconds: { min: 30, max: 120 },
  pageSize: 1000,
  coreQuota: 100,
  containerQuota: 100,
  azurite: null,
  templateUpdateSeconds: { min: 2, max: 6 },
  triggerSeconds: { min: 1, max: 2 },
  triggerCheckSeconds: 900,
  triggerFailures: 3,
  triggersPerRegion: 100,
  readAfterWriteSeconds: { min: 0, max: 0 },
  grantReadAfterWriteSeconds: { min: 0, max: 0 },
  run: {
    queuedSeconds: { min: 30, max: 45 },
    buildingSeconds: minutes(5.5, 6.5),
    commandSeconds: { min: 12, max: 16 },
    scriptSeconds: { min: 50, max: 70 },
    windowsUpdateSeconds: minutes(8, 12),
    allCommandsSeconds: 600,
    optimizingSeconds: minutes(8, 12),
    validatingSeconds: minutes(3, 5),
    distributingSeconds: minutes(12, 12.75),
    replicationSeconds: { min: 60, max: 300 },
    visibleAfterSeconds: 0,
    timeoutLagSeconds: 0,
    operationLagSeconds: { min: 62, max: 68 },
  },
  roleAssignmentLimit: 4000,
  roleDefinitionLimit: 5000,
  throttling: true,
  requestLogLength: 20_000,
};

/** Some of the settings, and of those of runs. */
export type SettingsChange = Partial<Omit<Settings, "run">> & { run?: Partial<RunSettings> };

export function changedSettings(settings: Settings, { run, ...change }: SettingsChange): Settings {
  return { ...settings, ...change, run: { ...settings.run, ...run } };
}
