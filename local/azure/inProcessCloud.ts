import { issueToken } from "./entra/token.ts";
import { type AzureOptions, type CloudControls, openAzure } from "./openAzure.ts";
import { CUT, HANG, type HttpAnswer, type HttpRequest, splitUrl } from "./server/http.ts";

export interface InProcessCloud extends CloudControls {
  /** Requests to this origin are for it; nothing listens there. */
  url: string;
  /** @returns nothing where the connection is cut. */
  answer(call: Pick<HttpRequest, "method" | "headers" | "body"> & { url: URL }): Promise<HttpAnswer | undefined>;
  /** An access token, as the managed identity endpoint gives it. */
  token(
    identity: { id: string; clientId: string; principalId: string },
    audience: string,
    lifetimeSeconds: number,
  ): Promise<{ token: string; expiresOn: number }>;
}

/** The same Azure without sockets: for simulations, which hand it each request by a call. */
export function createInProcessCloud(options: AzureOptions): InProcessCloud {
  const { azure, controls, doors, key } = openAzure(options);
  azure.origin = "https://localhost:8443";
  return {
    ...controls,
    url: azure.origin,
    async answer({ method, url, headers, body }) {
      const target = splitUrl(`${url.pathname}${url.search}`);
      const answer = await doors.https({ method, ...target, headers, body, tooLarge: false });
      if (answer === HANG) return new Promise<never>(() => {});
      if (answer === CUT) return undefined;
      const { stream, ...whole } = answer;
      return stream ? { ...whole, body: Buffer.concat([...stream()]) } : whole;
    },
    token: ({ id, clientId, principalId }, audience, lifetimeSeconds) =>
      issueToken(
        key,
        { resourceId: id, clientId, principalId, tenantId: azure.landscape.tenantId },
        audience,
        options.clock.now(),
        lifetimeSeconds,
      ),
  };
}
