import type { ApiKey } from "../domain/apiKey.ts";
import type { EntraSettings } from "./entraTokens.ts";

/** Who may come in. */
export type Authentication =
  | { kind: "open" }
  /** With neither of the two nobody may. */
  | { kind: "required"; entra?: EntraSettings; keys: readonly ApiKey[] };

interface Values {
  GOLDSMITH_AUTHENTICATION: "required" | "open";
  GOLDSMITH_ENTRA_TENANT_ID: string;
  GOLDSMITH_ENTRA_AUDIENCES: readonly string[];
  GOLDSMITH_ENTRA_AUTHORITY: string;
  GOLDSMITH_API_KEYS: readonly ApiKey[];
}

type Environment = Record<string, string | undefined>;

export function authenticationOf(values: Values): Authentication {
  if (values.GOLDSMITH_AUTHENTICATION === "open") return { kind: "open" };
  const { GOLDSMITH_ENTRA_TENANT_ID: tenantId, GOLDSMITH_ENTRA_AUDIENCES: audiences } = values;
  return {
    kind: "required",
    ...(tenantId ? { entra: { tenantId, audiences, authority: values.GOLDSMITH_ENTRA_AUTHORITY } } : {}),
    keys: values.GOLDSMITH_API_KEYS,
  };
}

/** What of the settings does not go together, by the setting's name. */
export function authenticationProblems(values: Values, env: Environment): string[] {
  const problems: string[] = [];
  if (values.GOLDSMITH_AUTHENTICATION === "open" && isOnAzure(env)) {
    problems.push("GOLDSMITH_AUTHENTICATION: open lets everybody in, and is for a developer's machine only");
  }
  if ((values.GOLDSMITH_ENTRA_TENANT_ID === "") !== (values.GOLDSMITH_ENTRA_AUDIENCES.length === 0)) {
    problems.push("GOLDSMITH_ENTRA_AUDIENCES: goes with GOLDSMITH_ENTRA_TENANT_ID, neither without the other");
  }
  if (!values.GOLDSMITH_ENTRA_AUTHORITY.startsWith("https:")) {
    problems.push("GOLDSMITH_ENTRA_AUTHORITY: takes an https origin, since keys are read there");
  }
  return problems;
}

/** What the platform sets of an app that it runs, whichever its plan; nothing on a developer's machine does. */
export function isOnAzure(env: Environment): boolean {
  return [env.WEBSITE_INSTANCE_ID, env.WEBSITE_SITE_NAME, env.WEBSITE_POD_NAME].some(Boolean);
}

/** Where pages of the service's own would be. @param host of `WEBSITE_HOSTNAME`. */
export function ownOrigins(host: string | undefined): string[] {
  if (!host) return [];
  const [, port] = /^(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(:\d+)?$/.exec(host) ?? [];
  if (port === undefined) return [`https://${host}`];
  return [`http://localhost${port}`, `http://127.0.0.1${port}`];
}
