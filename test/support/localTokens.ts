import { readFileSync } from "node:fs";
import { request } from "node:https";
import { landscape } from "../../local/landscape.ts";

interface LocalAzure {
  url: string;
  caFile: string;
}

const { tenantId, directory } = landscape;
const SCOPE = `${directory.api.identifierUri}/.default`;

export const TOKEN_PATH = `/${tenantId}/oauth2/v2.0/token`;

/** What a person signs in with, by a client that may ask for it: `builder`, `nobody`, `builder-aks`. */
export function passwordForm(name: string): Record<string, string> {
  const user = directory.users.find(({ username }) => username === `${name}@goldsmith.example`);
  const client = directory.applications.at(-1);
  if (!user || !client) throw new Error(`There is nobody called ${name}.`);
  return {
    grant_type: "password",
    client_id: client.clientId,
    client_secret: client.secret,
    username: user.username,
    password: user.password,
    scope: SCOPE,
  };
}

/** What an application signs in with: `reader-application`. */
export function secretForm(name: string): Record<string, string> {
  const application = directory.applications.find((one) => one.name === name);
  if (!application) throw new Error(`There is no application called ${name}.`);
  const { clientId, secret } = application;
  return { grant_type: "client_credentials", client_id: clientId, client_secret: secret, scope: SCOPE };
}

/** A token of the local Entra ID for the service. */
export async function entraToken({ url, caFile }: LocalAzure, form: Record<string, string>): Promise<string> {
  const text = await new Promise<string>((resolve, reject) => {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const options = { method: "POST", ca: readFileSync(caFile, "utf8"), headers };
    const sent = request(`${url}${TOKEN_PATH}`, options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    });
    sent.on("error", reject);
    sent.end(new URLSearchParams(form).toString());
  });
  const { access_token: token, error_description: error } = JSON.parse(text) as Record<string, string>;
  if (!token) throw new Error(error);
  return token;
}
