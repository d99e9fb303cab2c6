import type { TokenCredential } from "@azure/identity";

/** The managed identity of a client id, whose library is loaded for the first token: no cold start waits for it. */
export function managedIdentity(clientId: string): TokenCredential {
  let credential: Promise<TokenCredential> | undefined;
  return {
    getToken: async (scopes, options) => (await (credential ??= loaded(clientId))).getToken(scopes, options),
  };
}

async function loaded(clientId: string): Promise<TokenCredential> {
  const { ManagedIdentityCredential } = await import("@azure/identity");
  return new ManagedIdentityCredential({ clientId });
}
