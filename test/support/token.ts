/** Who a managed identity endpoint is asked for. */
export interface Identity {
  clientId: string;
}

/** A bearer token, straight from the managed identity endpoint. */
export async function tokenFrom(
  { identityUrl, identityHeader }: { identityUrl: string; identityHeader: string },
  { clientId }: Identity,
  resource = "https://management.azure.com",
): Promise<string> {
  const query = new URLSearchParams({ "api-version": "2019-08-01", resource, client_id: clientId });
  const answer = await fetch(`${identityUrl}?${query.toString()}`, {
    headers: { "x-identity-header": identityHeader },
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return token;
}
