import type { Azure } from "../azure.ts";
import type { SigningKey } from "../entra/signingKey.ts";
import { type Principal, readToken, type TokenProblem } from "../entra/token.ts";
import type { HttpRequest } from "../server/http.ts";
import { unauthenticated } from "./errors.ts";

/** What tokens for ARM are for. SDKs of one generation ask for the endpoint they were told, which is this one. */
const AUDIENCES = ["https://management.azure.com", "https://management.core.windows.net"];

/** Of this machine, as in the certificate. */
const OWN_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/** @throws AzureError 401. */
export async function authenticate(azure: Azure, key: SigningKey, request: HttpRequest): Promise<Principal> {
  const { tenantId } = azure.landscape;
  const { port } = new URL(azure.origin);
  const audiences = [...AUDIENCES, ...OWN_NAMES.map((name) => `https://${name}:${port}`)];
  const read = await readToken(key, request.headers.authorization, { audiences, tenantId, now: azure.now });
  if ("principal" in read) return read.principal;
  throw refusal(azure, read);
}

function refusal({ now, landscape }: Azure, { problem, audience = "" }: { problem: TokenProblem; audience?: string }) {
  const { tenantId } = landscape;
  const said: Record<TokenProblem, [code: string, message: string]> = {
    missing: ["AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing."],
    expired: [
      "ExpiredAuthenticationToken",
      `The access token expiry UTC time is earlier than current UTC time '${new Date(now).toUTCString()}'.`,
    ],
    audience: [
      "InvalidAuthenticationTokenAudience",
      `The access token has been obtained for wrong audience or resource '${audience}'. ` +
        `It should exactly match with one of the allowed audiences '${AUDIENCES.map((one) => `${one}/`).join("','")}'.`,
    ],
    issuer: [
      "InvalidAuthenticationTokenTenant",
      `The access token is from the wrong issuer. It must match the tenant '${tenantId}' associated with this subscription.`,
    ],
    invalid: ["InvalidAuthenticationToken", "The access token is invalid."],
  };
  return unauthenticated(...said[problem], tenantId);
}
