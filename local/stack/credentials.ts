import { createHash, randomBytes } from "node:crypto";
import { landscape } from "../landscape.ts";

/** What lets somebody in at a service that asks who comes: keys that are made anew at each start. */
export interface LocalCredentials {
  /** Settings of the service. */
  env: Record<string, string>;
  /** By role, with no role but that. */
  keys: Record<string, string>;
}

const ROLES = ["Reader", "Builder", "Operator", "LogReader"];

export function localCredentials(): LocalCredentials {
  const made = ROLES.map((role) => ({ role, key: `gsk_${randomBytes(32).toString("base64url")}` }));
  const entries = made.map(({ role, key }) => ({
    name: `local-${role.toLowerCase()}`,
    sha256: createHash("sha256").update(key).digest("hex"),
    roles: [role],
  }));
  const sender = landscape.directory.applications.find(({ roles }) => roles.includes("EventSender"))?.clientId ?? "";
  return {
    env: {
      GOLDSMITH_AUTHENTICATION: "required",
      GOLDSMITH_API_KEYS: JSON.stringify(entries),
      GOLDSMITH_EVENT_SENDERS: sender,
    },
    keys: Object.fromEntries(made.map(({ role, key }) => [role, key])),
  };
}

/** How to come in with them, and how to get a token of the local Entra ID, for the person at the keyboard. */
export function credentialsText({ keys }: LocalCredentials, azure: { url: string; caFile: string }): string {
  const { tenantId, directory } = landscape;
  const client = directory.applications.at(-1);
  const people = directory.users.map(({ username }) => username.replace(/@.*/, ""));
  const form = {
    grant_type: "password",
    client_id: client?.clientId ?? "",
    client_secret: client?.secret ?? "",
    scope: `${directory.api.identifierUri}/.default`,
    password: directory.users[0]?.password ?? "",
    username: "builder@goldsmith.example",
  };
  return [
    "It asks who comes. A key of each role, for the header X-Goldsmith-Key:",
    Object.entries(keys)
      .map(([role, key]) => `  ${role.padEnd(10)} ${key}`)
      .join("\n"),
    `A token, for the header Authorization: Bearer, of a person (${people.join(", ")}):`,
    `  curl --silent --cacert ${azure.caFile} ${azure.url}/${tenantId}/oauth2/v2.0/token \\\n` +
      Object.entries(form)
        .map(([name, value]) => `    --data ${name}=${value}`)
        .join(" \\\n"),
  ].join("\n\n");
}
