import type { TokenCredential } from "@azure/identity";

interface IdentityEndpoint {
  identityUrl: string;
  identityHeader: string;
}

/** Who a managed identity endpoint is asked for. */
export interface Identity {
  clientId: string;
}

/** A bearer token, straight from the managed identity endpoint. */
export async function tokenFrom(endpoint: IdentityEndpoint, identity: Identity, resource?: string): Promise<string> {
  return (await answerOf(endpoint, identity, resource)).access_token;
}

/**
 * The identity for the SDKs. Their own ManagedIdentityCredential keeps endpoint and tokens as long as the process lives,
 * in which one test file after another has a cloud of its own.
 */
export function credentialFrom(endpoint: IdentityEndpoint, identity: Identity): TokenCredential {
  return {
    async getToken(scopes) {
      const resource = [scopes]
        .flat()
        .join(" ")
        .replace(/\/\.default$/, "");
      const answer = await answerOf(endpoint, identity, resource);
      return { token: answer.access_token, expiresOnTimestamp: Number(answer.expires_on) * 1000 };
    },
  };
}

async function answerOf(
  { identityUrl, identityHeader }: IdentityEndpoint,
  { clientId }: Identity,
  resource = "https://management.azure.com",
): Promise<{ access_token: string; expires_on: string }> {
  const query = new URLSearchParams({ "api-version": "2019-08-01", resource, client_id: clientId });
  const answer = await fetch(`${identityUrl}?${query.toString()}`, {
    headers: { "x-identity-header": identityHeader },
  });
  return (await answer.json()) as { access_token: string; expires_on: string };
}
