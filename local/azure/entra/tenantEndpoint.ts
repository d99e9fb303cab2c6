import type { Directory } from "../../landscapeDirectory.ts";
import { type Azure, newGuid } from "../azure.ts";
import { type HttpAnswer, type HttpRequest, json } from "../server/http.ts";
import { KEY_ID, type SigningKey } from "./signingKey.ts";
import { issueAccessToken, type TokenSubject } from "./token.ts";

/** The paths of a tenant's own: no account nor ARM path begins with a GUID. */
const TENANT_PATH =
  /^\/(?<tenant>[0-9a-f-]{36})\/(?<what>v2\.0\/\.well-known\/openid-configuration|discovery\/v2\.0\/keys|oauth2\/v2\.0\/token)$/i;

export const isForEntra = ({ path }: HttpRequest): boolean => TENANT_PATH.test(path);

/** A tenant of Entra ID: its metadata, its keys, and tokens for what has a secret or a password. */
export async function answerEntra(azure: Azure, key: SigningKey, request: HttpRequest): Promise<HttpAnswer> {
  const { tenant = "", what = "" } = TENANT_PATH.exec(request.path)?.groups ?? {};
  const { tenantId, directory } = azure.landscape;
  if (tenant.toLowerCase() !== tenantId) {
    return refusal(azure, 400, "invalid_tenant", 90002, `Tenant '${tenant}' not found.`);
  }
  const origin = `${azure.origin}/${tenantId}`;
  if (what.startsWith("v2.0")) {
    return json(200, {
      issuer: `${origin}/v2.0`,
      jwks_uri: `${origin}/discovery/v2.0/keys`,
      authorization_endpoint: `${origin}/oauth2/v2.0/authorize`,
      token_endpoint: `${origin}/oauth2/v2.0/token`,
      token_endpoint_auth_methods_supported: ["client_secret_post"],
      response_types_supported: ["token"],
      subject_types_supported: ["pairwise"],
      id_token_signing_alg_values_supported: ["RS256"],
    });
  }
  if (what.startsWith("discovery")) {
    return json(200, { keys: [{ ...key.publicKey.export({ format: "jwk" }), use: "sig", kid: KEY_ID }] });
  }
  if (request.method !== "POST") {
    return refusal(azure, 400, "invalid_request", 900561, "The endpoint only accepts POST requests.");
  }
  return answerToken(azure, key, `${origin}/v2.0`, directory, new URLSearchParams(request.body.toString("utf8")));
}

async function answerToken(
  azure: Azure,
  key: SigningKey,
  issuer: string,
  directory: Directory,
  form: URLSearchParams,
): Promise<HttpAnswer> {
  const { tenantId } = azure.landscape;
  const { api } = directory;
  const asked = (name: string) => form.get(name) ?? "";
  const application = directory.applications.find(({ clientId }) => clientId === asked("client_id"));
  if (!application) {
    const message = `Application with identifier '${asked("client_id")}' was not found in the directory '${tenantId}'.`;
    return refusal(azure, 400, "unauthorized_client", 700016, message);
  }
  if (application.secret !== asked("client_secret")) {
    return refusal(azure, 401, "invalid_client", 7000215, "Invalid client secret provided.");
  }
  const [, resource = "", scope] = /^(.*)\/([^/]*)$/.exec(asked("scope")) ?? [];
  if (scope !== ".default") {
    return refusal(azure, 400, "invalid_scope", 1002012, "The scope must be the resource's with /.default behind it.");
  }
  if (resource !== api.identifierUri && resource !== api.clientId) {
    const message = `The resource principal named ${resource} was not found in the tenant named ${tenantId}.`;
    return refusal(azure, 400, "invalid_resource", 500011, message);
  }
  let subject: TokenSubject = { objectId: application.objectId, roles: application.roles };
  if (asked("grant_type") === "password") {
    const { username, password } = { username: asked("username").toLowerCase(), password: asked("password") };
    const user = directory.users.find((one) => one.username === username && one.password === password);
    if (!user) return refusal(azure, 400, "invalid_grant", 50126, "Invalid username or password.");
    subject = user;
  } else if (asked("grant_type") !== "client_credentials") {
    return refusal(azure, 400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.");
  }
  const lifetime = azure.settings.tokenSeconds;
  const about = { issuer, tenantId, audience: api.clientId, clientId: application.clientId };
  const token = await issueAccessToken(key, about, subject, azure.now, lifetime);
  return json(200, { token_type: "Bearer", expires_in: lifetime, ext_expires_in: lifetime, access_token: token });
}

function refusal(azure: Azure, status: number, error: string, code: number, message: string): HttpAnswer {
  return json(status, {
    error,
    error_description: `AADSTS${code}: ${message}`,
    error_codes: [code],
    timestamp: new Date(azure.now).toISOString().replace("T", " ").replace(/\..*/, "Z"),
    trace_id: newGuid(azure, "trace"),
    correlation_id: newGuid(azure, "correlation"),
  });
}
