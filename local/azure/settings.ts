/** Seconds of the clock, drawn from the seed. */
export interface Range {
  min: number;
  max: number;
}

const range = (min: number, max: number): Range => ({ min, max });
const minutes = (min: number, max: number): Range => range(min * 60, max * 60);

/**
 * What is not known for certain of the real Azure: here is decided which of the likely ways this one goes, so that a
 * client can be tried with the others.
 */
const undecided = {
  /** Another status or code than this Azure's own for an error, by that own code: `{ InvalidResourceType: { status: 404 } }`. */
  errors: {} as Record<string, { status?: number; code?: string }>,
  /** Code of the 400 for a field that an image template does not have. */
  unknownFieldCode: "ValidationFailed",
  /** PUT of a role assignment that is there already, under the same name. Old issues report a conflict. */
  identicalRoleAssignment: "success" as "success" | "conflict",
  /** Whether the text of `RoleAssignmentExists` names the one that exists. */
  existingRoleAssignmentNamed: false,
  /** DELETE of a role assignment that is not there, by a caller whose right to delete is bound to a condition. */
  conditionOnAbsentAssignment: "ignored" as "ignored" | "not-met",
  /** Whether who may not read a thing is told so (403) also where it is not there (404). */
  rightsBeforeExistence: true,
  /** What a deny assignment is answered with. */
  denyAssignmentCode: "DenyAssignmentAuthorizationFailed",
  /** Status of `OperationNotAllowed`; one report says 405. */
  operationNotAllowedStatus: 409 as 409 | 405,
  /** Of the identity endpoint, where the secret header is missing or wrong. */
  identityHeaderStatus: 401 as 401 | 403,
  /** How a subnet of one prefix shows it. */
  subnetPrefix: "as-written" as "as-written" | "addressPrefixes",
  /** How ids in a subnet's `ipConfigurations` are written. */
  ipConfigurationIds: "as-written" as "as-written" | "upper-case",
  /**
   * Networks made from that time on have private subnets, where a version of the API from that one on makes them and
   * does not say: ISO 8601, and a version. Null: none are.
   */
  privateSubnets: { networksFrom: "2026-03-31T00:00:00Z", versionsFrom: "2025-07-01" } as {
    networksFrom: string;
    versionsFrom: string;
  } | null,
};

/** Durations of a run's phases. The sample image with its seven customizers takes 25 to 30 minutes. */
const run = {
  queuedSeconds: range(30, 45),
  buildingSeconds: minutes(5.5, 6.5),
  /** Each inline command, or any other small customizer. */
  commandSeconds: range(12, 16),
  /** A script from a URI, or a restart. */
  scriptSeconds: range(50, 70),
  windowsUpdateSeconds: minutes(8, 12),
  /** All inline commands of a template together take no longer. */
  allCommandsSeconds: 600,
  optimizingSeconds: minutes(8, 12),
  validatingSeconds: minutes(3, 5),
  distributingSeconds: minutes(12, 12.75),
  /** More than that, for the replicas in each region but the first. */
  replicationSeconds: range(60, 300),
  /** After `run`, a GET shows the status of the run before for so long. */
  visibleAfterSeconds: 0,
  /** From a build's timeout until image builder ends it. */
  timeoutLagSeconds: 0,
  /** From `lastRunStatus.endTime` until the operation says so too. */
  operationLagSeconds: range(62, 68),
};

/** How this Azure behaves where the real one varies or is not known for certain. Times are seconds of the clock. */
export const defaultSettings = {
  ...undecided,
  /**
   * From a role assignment's PUT or DELETE until authorisation checks notice. Azure documents up to 10 minutes; here it
   * is as quick as it mostly is, and a scenario makes it as slow as it can be.
   */
  propagationSeconds: range(3, 10),
  /** From an identity's creation until a role assignment may name it without `principalType`. */
  directoryReplicationSeconds: range(10, 60),
  /** Lifetime of an access token. */
  tokenSeconds: 24 * 3600,
  /** PUT of an image template until it is Succeeded or Failed. */
  templateCreationSeconds: range(11, 35),
  /** PATCH of an image template until it shows what was changed. */
  templateUpdateSeconds: range(2, 6),
  /** DELETE of an image template until it and its staging group are gone. */
  templateDeletionSeconds: range(30, 90),
  run,
  /** Cancel until the run is Canceled. */
  cancelSeconds: range(60, 180),
  /** PUT or DELETE of a trigger until it is Succeeded or gone. */
  triggerSeconds: range(1, 2),
  /** How often triggers look for a new version of their source. */
  triggerCheckSeconds: 900,
  /** So many runs that fail in a row deactivate a template's trigger. */
  triggerFailures: 3,
  triggersPerRegion: 100,
  /** DELETE of a resource group until it is gone. */
  groupDeletionSeconds: range(20, 60),
  /** PUT of a resource that is long-running until it is Succeeded: recordings show 1 to 11. */
  writeSeconds: range(1, 11),
  /** DELETE of such a resource until it is gone. */
  deletionSeconds: range(5, 20),
  /** POST of a provider's registration until it is Registered. */
  registrationSeconds: range(30, 120),
  /** From a resource's first PUT until a GET finds it. */
  readAfterWriteSeconds: range(0, 0),
  /** The same of role assignments. */
  grantReadAfterWriteSeconds: range(0, 0),
  /** Items of a page of a list. */
  pageSize: 1000,
  /** vCPUs of a region, and of each family of sizes in it. */
  coreQuota: 100,
  /** Container groups, and their cores, of a region. */
  containerQuota: 100,
  /** Of a subscription. */
  roleAssignmentLimit: 4000,
  /** Custom roles of the tenant. */
  roleDefinitionLimit: 5000,
  /** A storage account that Azurite serves: what is read of it leads there. */
  azurite: null as { account: string; key: string; blobEndpoint: string } | null,
  /** Whether an empty token bucket refuses (429) or is only told of in the headers. */
  throttling: true,
  /** Requests that the request log keeps; its counts go on. */
  requestLogLength: 20_000,
};

export type Settings = typeof defaultSettings;

/** Some of the settings, and of those of runs. */
export type SettingsChange = Partial<Omit<Settings, "run">> & { run?: Partial<Settings["run"]> };

export function changedSettings(settings: Settings, { run, ...change }: SettingsChange): Settings {
  return { ...settings, ...change, run: { ...settings.run, ...run } };
}
