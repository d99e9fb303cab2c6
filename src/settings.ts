import * as z from "zod";
import {
  type Authentication,
  authenticationOf,
  authenticationProblems,
  isOnAzure,
  ownOrigins,
} from "./auth/authentication.ts";
import { ApprovalSystem, type ReadySystem } from "./auth/assertedPerson.ts";
import { ApiKeys } from "./domain/apiKey.ts";
import { CallbackTarget, notAllowed } from "./domain/callbacks/targets.ts";
import { Hooks } from "./domain/hooks/hook.ts";
import { ncrontabOf } from "./domain/ncrontab.ts";
import { environmentName } from "./domain/recipes/overlay.ts";
import { sameId } from "./domain/resourceId.ts";
import type { AcceptedGrant } from "./domain/standingGrant.ts";
import type { Limits } from "./domain/turns.ts";
import { type ReadyHook, readyHooks, readySystems } from "./http/systemKeys.ts";
import { SECRET } from "./http/webhookSignature.ts";
import { clientIdIn, type TelemetrySettings } from "./telemetry/settings.ts";
import { containerId, TrustZone, zoneName } from "./domain/trustZone.ts";
import { MOST_CONCURRENT_BUILDS } from "./settingHelp.ts";
import { problemsOf, SettingsUnusable } from "./settingsUnusable.ts";

/** Two builds of one image would make the same image twice. */
const BUILDS_OF_IMAGE = 1;

/** A setting whose text is JSON. */
const json = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: "custom", message: "is not JSON" });
        return z.NEVER;
      }
    })
    .pipe(schema);

/** By commas. */
const listOf = <Item extends z.ZodType<unknown, string>>(item: Item) =>
  z
    .string()
    .transform((text) =>
      text
        .split(",")
        .map((one) => one.trim())
        .filter(Boolean),
    )
    .pipe(z.array(item));

/** As a browser tells it: no path, no slash at the end. */
const origin = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text, {
    error: "takes origins, as in https://portal.example.com",
  });

/** The name of a container beside the archive's; or the URL of one anywhere, which is opened with our own identity. */
const containerPlace = z.string().refine((text) => CONTAINER.test(text) || isContainerUrl(text), {
  error: "takes the name of a container beside the archive's, or the https URL of one, without a token",
});
const CONTAINER = /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;

const schedule = z.string().refine(ncrontabOf, { error: "takes six fields, seconds first" });

/** As much of a connection string as the storage SDK needs; it would throw over another one. */
const CONNECTION =
  /^UseDevelopmentStorage=true;?$|^(?=[^]*\bAccountName=[^;]+)(?=[^]*\bAccountKey=[A-Za-z0-9+/]+=*(?:;|$))|^(?=[^]*\bBlobEndpoint=https?:)(?=[^]*\bSharedAccessSignature=[^;]+)/;

const containerName = z
  .string()
  .regex(CONTAINER, { error: "takes a container's name: 3 to 63 of a-z, 0-9 and hyphen" });

function isContainerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, pathname, search, hash } = new URL(text);
  return protocol === "https:" && CONTAINER.test(pathname.slice(1)) && !username && !password && !search && !hash;
}

/** What the settings' names begin with that hold the keys of callbacks; the rest is the key's own name. */
const CALLBACK_SECRET = "GOLDSMITH_CALLBACK_SECRET_";

const environment = z.object({
  AZURE_SUBSCRIPTION_ID: z.guid(),
  /** Client id of the service's own user-assigned identity: who Azure says has made our templates. */
  AZURE_CLIENT_ID: z.guid(),
  GOLDSMITH_ARM_ENDPOINT: z.url({ protocol: /^https$/ }).default("https://management.azure.com"),
  /** Seconds after which a request to ARM is given up that is not answered; ARM itself takes no more than a minute. */
  GOLDSMITH_ARM_TIMEOUT_SECONDS: z.coerce.number().min(10).max(86_400).default(100),
  GOLDSMITH_INSTALLATION_ID: z.string().regex(/^[a-z0-9-]{1,30}$/, { error: "takes 1 to 30 of a-z, 0-9 and hyphen" }),
  GOLDSMITH_TEMPLATE_RESOURCE_GROUP: z.string().regex(/^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u, {
    error: "takes the name of a resource group, 1 to 90 characters",
  }),
  /** Object id of the same identity: who Azure says has made our role assignments. */
  GOLDSMITH_SERVICE_PRINCIPAL_ID: z.guid(),
  /** Object and client ids of identities that the service had before, by commas: what they made is still ours. */
  GOLDSMITH_FORMER_PRINCIPAL_IDS: listOf(z.guid()).default([]),
  /** JSON: by its name, what the builds of each zone may use. */
  GOLDSMITH_TRUST_ZONES: json(z.record(zoneName, TrustZone)),
  /** JSON: role assignments of somebody else's that are put up with until a date, `[{"id": …, "until": …}]`. */
  GOLDSMITH_ACCEPTED_GRANTS: json(z.array(z.strictObject({ id: z.string(), until: z.iso.datetime() }))).default([]),
  GOLDSMITH_IMAGE_CREATION_ROLE: z.guid(),
  GOLDSMITH_NETWORK_JOIN_ROLE: z.guid(),
  /** Where no recipe begins with an image of the company's that lies outside of its destinations, there need be none. */
  GOLDSMITH_SOURCE_READING_ROLE: z.guid().optional(),
  /** A connection string; or, in Azure, `GOLDSMITH_ARCHIVE__blobServiceUri` and the service's own identity. */
  GOLDSMITH_ARCHIVE: z.string().regex(CONNECTION, { error: "is no connection string with a key" }).optional(),
  GOLDSMITH_ARCHIVE__blobServiceUri: z
    .url({ protocol: /^https?$/ })
    .refine((text) => !/[?#@]/.test(text), { error: "takes no token and no password" })
    .optional(),
  GOLDSMITH_ARCHIVE_CONTAINER: containerName.default("archive"),
  /** Minutes that a fresh role assignment may take to be effective; Azure documents up to 10. */
  GOLDSMITH_PROPAGATION_MINUTES: z.coerce.number().min(0).max(60).default(15),
  /** Builds that may run at the same time in one subscription and region; further ones wait for their turn. */
  GOLDSMITH_CONCURRENT_BUILDS: z.coerce.number().int().min(1).max(MOST_CONCURRENT_BUILDS).default(20),
  /** Builds that may run at the same time with one builder identity, in whatever region. */
  GOLDSMITH_CONCURRENT_BUILDS_OF_IDENTITY: z.coerce.number().int().min(1).max(MOST_CONCURRENT_BUILDS).default(40),
  /** Builds that may run at the same time in one subscription, in whatever region. */
  GOLDSMITH_CONCURRENT_BUILDS_OF_SUBSCRIPTION: z.coerce.number().int().min(1).max(MOST_CONCURRENT_BUILDS).default(60),
  /** Hours after which a build fails that has not got its turn. */
  GOLDSMITH_QUEUE_HOURS: z.coerce.number().min(1).max(720).default(24),
  /** NCRONTAB with seconds: when the sweeper looks for what nobody holds any more. */
  GOLDSMITH_SWEEP_SCHEDULE: schedule.default("0 */10 * * * *"),
  /** Minutes for which something of ours that nobody holds any more is marked before the sweeper removes it. */
  GOLDSMITH_SWEEP_GRACE_MINUTES: z.coerce.number().min(0).max(1440).default(30),
  /** A container for logs as image builder wrote them, with whatever secrets are in them; empty: none is kept. */
  GOLDSMITH_RAW_LOG_CONTAINER: containerName.or(z.literal("")).default(""),
  /** Where the recipes are; empty: in the deployed package. */
  GOLDSMITH_RECIPE_CONTAINER: containerPlace.or(z.literal("")).default(""),
  /** Id of the container of what lies beside recipes and is too long for a template; empty: that is refused. */
  GOLDSMITH_SCRIPT_CONTAINER: containerId.or(z.literal("")).default(""),
  /** JSON: where callbacks may go, and with which keys: `[{"origin": …, "path": …, "secretNames": […]}]`. */
  GOLDSMITH_CALLBACK_TARGETS: json(z.array(CallbackTarget)).default([]),
  /** JSON: by name, systems that can only send bodies of their own, and how those are signed and read. */
  GOLDSMITH_HOOKS: json(Hooks).default({}),
  /** JSON: ticket systems that may tell which of their people decides on a build. */
  GOLDSMITH_APPROVAL_SYSTEMS: json(z.array(ApprovalSystem)).default([]),
  /** Name and port of the service, which the platform sets. */
  WEBSITE_HOSTNAME: z.string().default(""),
  /** Whose overlays change the recipes; empty: they are built as they are. */
  GOLDSMITH_ENVIRONMENT: environmentName.or(z.literal("")).default(""),
  /** `open`: whoever reaches the service may do anything; on a developer's machine only. */
  GOLDSMITH_AUTHENTICATION: z.enum(["required", "open"], { error: "takes required or open" }).default("required"),
  /** Whose people and applications may sign in; empty: none. */
  GOLDSMITH_ENTRA_TENANT_ID: z.guid().toLowerCase().or(z.literal("")).default(""),
  /** What their tokens are for, by commas: application id URIs or client ids of the service's app registration. */
  GOLDSMITH_ENTRA_AUDIENCES: listOf(z.string()).default([]),
  /** Who signs the tokens; another one in a national cloud. */
  GOLDSMITH_ENTRA_AUTHORITY: origin.default("https://login.microsoftonline.com"),
  /** JSON: hashes of the keys that systems may come with which have no identity of Entra's. */
  GOLDSMITH_API_KEYS: json(ApiKeys).default([]),
  /** Origins of pages that may write, by commas, beside the service's own. */
  GOLDSMITH_ALLOWED_ORIGINS: listOf(origin).default([]),
  /** Client ids of the applications that may send events, by commas: in Azure that of Event Grid's own; empty: none may. */
  GOLDSMITH_EVENT_SENDERS: listOf(z.guid()).default([]),
  /** Of the Application Insights component that traces and figures go to; empty: none. */
  APPLICATIONINSIGHTS_CONNECTION_STRING: z
    .string()
    .regex(/InstrumentationKey=/, { error: "takes a connection string of Application Insights" })
    .or(z.literal(""))
    .default(""),
  /** `Authorization=AAD;ClientId=…`: with which identity they are sent there. */
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: z
    .string()
    .refine((text) => z.guid().safeParse(clientIdIn(text)).success, { error: "takes Authorization=AAD;ClientId=" })
    .or(z.literal(""))
    .default(""),
  /** Of a collector that takes OTLP over HTTP; empty: none. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .or(z.literal(""))
    .default(""),
});

/** What an installation of the service is told by its application settings. */
export interface Settings {
  subscriptionId: string;
  clientId: string;
  armEndpoint: string;
  armTimeoutSeconds: number;
  /** Tells this installation's role assignments from those of another one on the same subscription. */
  installationId: string;
  templateResourceGroup: string;
  zones: ReadonlyMap<string, TrustZone>;
  /** Object and client id of the service's own identity, and those that it had before. */
  servicePrincipals: string[];
  acceptedGrants: AcceptedGrant[];
  /** Bare GUIDs of the custom role definitions that are leased to the builder. */
  roles: { imageCreation: string; networkJoin: string; sourceReading?: string };
  archive: { connectionString: string } | { blobServiceUri: string };
  archiveContainer: string;
  propagationMinutes: number;
  /** How many builds may run at the same time. */
  limits: Limits;
  /** How long a build waits for its turn at most. */
  queueHours: number;
  sweepSchedule: string;
  sweepGraceMinutes: number;
  /** Undefined: logs are kept redacted only. */
  rawLogContainer: string | undefined;
  /** Its name or its URL. Undefined: the recipes come with the service. */
  recipeContainer: string | undefined;
  /** Id of the container that scripts beside recipes are put into. Undefined: those too long for a template are refused. */
  scriptContainer: string | undefined;
  /** Where builds may send their events. */
  callbackTargets: CallbackTarget[];
  /** By the names that targets have, the keys that sign for them. */
  callbackSecrets: ReadonlyMap<string, string>;
  /** By name, systems that ask for builds by bodies of their own. */
  hooks: ReadonlyMap<string, ReadyHook>;
  /** Ticket systems that may tell which of their people decides on a build. */
  approvalSystems: readonly ReadySystem[];
  /** The service's own origin, for links; empty where nobody says. */
  serviceUrl: string;
  /** Undefined: no overlay counts. */
  environment: string | undefined;
  authentication: Authentication;
  /** What the platform that the service runs on does for it. */
  platform: {
    /** Whether it adds to `X-Forwarded-For` who really calls. */
    forwardsAddress: boolean;
    /** Whether it answers for the headers `X-MS-CLIENT-PRINCIPAL…`. */
    setsPrincipal: boolean;
  };
  /** Of pages that may write: the service's own, and those that are told. */
  allowedOrigins: readonly string[];
  /** Client ids of the applications that may send events. */
  eventSenders: readonly string[];
  /** Where it tells how it is doing. */
  telemetry: TelemetrySettings;
}

/** Every setting that the service reads, but for those of the platform's that tell where it runs, and keys by names of their own. */
export const SETTING_NAMES: readonly string[] = Object.keys(environment.shape);

/** @throws SettingsUnusable with every setting that is missing or wrong; never with a value, which may be a secret. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const parsed = environment.safeParse(env);
  const problems = parsed.error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
  if (!env.GOLDSMITH_ARCHIVE && !env.GOLDSMITH_ARCHIVE__blobServiceUri) {
    problems.push("GOLDSMITH_ARCHIVE: is missing (or set GOLDSMITH_ARCHIVE__blobServiceUri)");
  }
  // Blob names do not tell a raw log from a redacted one, and what is raw goes after a week.
  if (parsed.data?.GOLDSMITH_RAW_LOG_CONTAINER === parsed.data?.GOLDSMITH_ARCHIVE_CONTAINER && parsed.data) {
    problems.push("GOLDSMITH_RAW_LOG_CONTAINER: is the archive's own container, whose documents stay");
  }
  const { GOLDSMITH_RECIPE_CONTAINER: recipes } = parsed.data ?? {};
  if (
    recipes &&
    [parsed.data?.GOLDSMITH_ARCHIVE_CONTAINER, parsed.data?.GOLDSMITH_RAW_LOG_CONTAINER].includes(recipes)
  ) {
    problems.push("GOLDSMITH_RECIPE_CONTAINER: is one that the service writes into");
  }
  const { GOLDSMITH_SCRIPT_CONTAINER: scripts = "", GOLDSMITH_TRUST_ZONES: zones = {} } = parsed.data ?? {};
  if (Object.values(zones).some(({ destinations }) => destinations.some((id) => sameId(id, scripts)))) {
    problems.push(
      "GOLDSMITH_SCRIPT_CONTAINER: is one that builds write VHDs to, and could change the scripts of others",
    );
  }
  const builders = Object.values(zones).map(({ builder }) => builder);
  if (isRepeated(builders.map(({ principalId }) => principalId)) || isRepeated(builders.map((one) => one.identityId))) {
    problems.push("GOLDSMITH_TRUST_ZONES: two zones have the same builder, and would use each other's access");
  }
  problems.push(...(parsed.data ? authenticationProblems(parsed.data, env) : []));
  const targets = parsed.data?.GOLDSMITH_CALLBACK_TARGETS ?? [];
  if (isOnAzure(env) && targets.some(({ development }) => development)) {
    problems.push("GOLDSMITH_CALLBACK_TARGETS: has a target for development, which is never called in Azure");
  }
  const callbackSecrets = new Map<string, string>();
  for (const name of targets.flatMap(({ secretNames }) => secretNames)) {
    const secret = env[`${CALLBACK_SECRET}${name}`] ?? "";
    callbackSecrets.set(name, secret);
    if (SECRET.test(secret)) continue;
    problems.push(`${CALLBACK_SECRET}${name}: takes whsec_ and 24 to 64 bytes in base64`);
  }
  const ready = readyHooks(parsed.data?.GOLDSMITH_HOOKS ?? {}, env);
  if ([...ready.hooks.values()].some(({ notify = [] }) => notAllowed(notify, targets).length > 0)) {
    problems.push("GOLDSMITH_HOOKS: has a notify that is of no target of GOLDSMITH_CALLBACK_TARGETS");
  }
  const deciding = readySystems(parsed.data?.GOLDSMITH_APPROVAL_SYSTEMS ?? [], env);
  problems.push(...ready.problems, ...deciding.problems);
  if (!parsed.success || problems.length > 0) {
    throw new SettingsUnusable(problemsOf(problems, env));
  }
  const values = parsed.data;
  return {
    subscriptionId: values.AZURE_SUBSCRIPTION_ID,
    clientId: values.AZURE_CLIENT_ID,
    armEndpoint: values.GOLDSMITH_ARM_ENDPOINT,
    armTimeoutSeconds: values.GOLDSMITH_ARM_TIMEOUT_SECONDS,
    installationId: values.GOLDSMITH_INSTALLATION_ID,
    templateResourceGroup: values.GOLDSMITH_TEMPLATE_RESOURCE_GROUP,
    zones: new Map(Object.entries(values.GOLDSMITH_TRUST_ZONES)),
    servicePrincipals: [
      values.GOLDSMITH_SERVICE_PRINCIPAL_ID,
      values.AZURE_CLIENT_ID,
      ...values.GOLDSMITH_FORMER_PRINCIPAL_IDS,
    ],
    acceptedGrants: values.GOLDSMITH_ACCEPTED_GRANTS,
    roles: {
      imageCreation: values.GOLDSMITH_IMAGE_CREATION_ROLE,
      networkJoin: values.GOLDSMITH_NETWORK_JOIN_ROLE,
      ...(values.GOLDSMITH_SOURCE_READING_ROLE ? { sourceReading: values.GOLDSMITH_SOURCE_READING_ROLE } : {}),
    },
    archive: values.GOLDSMITH_ARCHIVE__blobServiceUri
      ? { blobServiceUri: values.GOLDSMITH_ARCHIVE__blobServiceUri }
      : { connectionString: values.GOLDSMITH_ARCHIVE ?? "" },
    archiveContainer: values.GOLDSMITH_ARCHIVE_CONTAINER,
    propagationMinutes: values.GOLDSMITH_PROPAGATION_MINUTES,
    limits: {
      image: BUILDS_OF_IMAGE,
      identity: values.GOLDSMITH_CONCURRENT_BUILDS_OF_IDENTITY,
      region: values.GOLDSMITH_CONCURRENT_BUILDS,
      subscription: values.GOLDSMITH_CONCURRENT_BUILDS_OF_SUBSCRIPTION,
    },
    queueHours: values.GOLDSMITH_QUEUE_HOURS,
    sweepSchedule: values.GOLDSMITH_SWEEP_SCHEDULE,
    sweepGraceMinutes: values.GOLDSMITH_SWEEP_GRACE_MINUTES,
    rawLogContainer: values.GOLDSMITH_RAW_LOG_CONTAINER || undefined,
    recipeContainer: values.GOLDSMITH_RECIPE_CONTAINER || undefined,
    scriptContainer: values.GOLDSMITH_SCRIPT_CONTAINER || undefined,
    callbackTargets: targets,
    callbackSecrets,
    hooks: ready.hooks,
    approvalSystems: deciding.systems,
    serviceUrl: originOf(values.WEBSITE_HOSTNAME),
    environment: values.GOLDSMITH_ENVIRONMENT || undefined,
    authentication: authenticationOf(values),
    platform: { forwardsAddress: isOnAzure(env), setsPrincipal: env.WEBSITE_AUTH_ENABLED?.toLowerCase() === "true" },
    allowedOrigins: [...ownOrigins(env.WEBSITE_HOSTNAME), ...values.GOLDSMITH_ALLOWED_ORIGINS],
    eventSenders: values.GOLDSMITH_EVENT_SENDERS,
    telemetry: {
      connectionString: values.APPLICATIONINSIGHTS_CONNECTION_STRING || undefined,
      clientId: clientIdIn(values.APPLICATIONINSIGHTS_AUTHENTICATION_STRING),
      otlpEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT || undefined,
    },
  };
}

/** A developer's machine has no certificate. */
function originOf(host: string): string {
  return host && `${/^(?:localhost|127\.0\.0\.1)(?::|$)/.test(host) ? "http" : "https"}://${host}`;
}

function isRepeated(ids: readonly string[]): boolean {
  return new Set(ids.map((id) => id.toLowerCase())).size < ids.length;
}
