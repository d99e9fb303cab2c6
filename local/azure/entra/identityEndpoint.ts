import type { Azure } from "../azure.ts";
import { type HttpAnswer, type HttpRequest, json } from "../server/http.ts";
import { resourcesOfType } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import type { SigningKey } from "./signingKey.ts";
import { issueToken } from "./token.ts";

/** Of the App Service's two identity endpoints, the version that SDKs use. */
const API_VERSION = "2019-08-01";
export const IDENTITY_PATH = "/msi/token";

/**
 * The managed identity endpoint of App Service and Functions. Unlike the real one it gives a token of every
 * user-assigned identity there is, not only of those assigned to the app, so that a test can act as another.
 */
export async function answerIdentity(
  azure: Azure,
  key: SigningKey,
  identityHeader: string,
  request: HttpRequest,
): Promise<HttpAnswer & { clientId?: string }> {
  const { query } = request;
  const version = query.get("api-version") ?? "";
  const resource = query.get("resource") ?? "";
  if (request.path !== IDENTITY_PATH) return identityProblem(404, `There is nothing at ${request.path}.`);
  if (request.method !== "GET") return identityProblem(405, "The identity endpoint is read with GET.");
  if (request.headers["x-identity-header"] !== identityHeader) {
    return identityProblem(azure.settings.identityHeaderStatus, "The X-IDENTITY-HEADER header is missing or wrong.");
  }
  if (version !== API_VERSION) {
    return identityProblem(400, `Unsupported api-version '${version}'; it must be ${API_VERSION}.`);
  }
  if (!URL.canParse(resource)) {
    return identityProblem(400, "The resource query parameter must be the URI of a resource.");
  }
  const identity = identityAskedFor(azure, query);
  if (!identity) {
    const asked = "ClientId/ResourceId/PrincipalId";
    return identityProblem(400, `No User Assigned or Delegated Managed Identity found for specified ${asked}.`);
  }

  const { clientId, principalId, tenantId } = identity.body.properties as Record<string, string>;
  const named = { resourceId: identity.id, clientId: clientId!, principalId: principalId!, tenantId: tenantId! };
  const { api, identityRoles } = azure.landscape.directory;
  const roles = resource === api.identifierUri ? identityRoles[named.principalId] : undefined;
  const token = await issueToken(key, named, resource, azure.now, azure.settings.tokenSeconds, roles);
  const body = {
    access_token: token.token,
    expires_on: String(token.expiresOn),
    not_before: String(token.notBefore),
    resource,
    token_type: "Bearer",
    client_id: named.clientId,
  };
  return { ...json(200, body), clientId: named.clientId };
}

const same = (one: unknown, other: string | null) => String(one).toLowerCase() === other?.toLowerCase();

function identityAskedFor(azure: Azure, query: URLSearchParams): StoredResource | undefined {
  const asked = {
    clientId: query.get("client_id"),
    principalId: query.get("principal_id") ?? query.get("object_id"),
    resourceId: query.get("mi_res_id"),
  };
  return resourcesOfType(azure, "Microsoft.ManagedIdentity/userAssignedIdentities", "").find(({ id, body }) => {
    const properties = body.properties as Json;
    return (
      same(properties.clientId, asked.clientId) ||
      same(properties.principalId, asked.principalId) ||
      same(id, asked.resourceId)
    );
  });
}

export const identityProblem = (statusCode: number, message: string) => json(statusCode, { statusCode, message });
