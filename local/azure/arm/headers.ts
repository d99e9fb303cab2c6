import type { Azure } from "../azure.ts";
import type { HttpRequest } from "../server/http.ts";
import type { Remaining } from "./throttling.ts";

const REGION = "WESTEUROPE";

/** The headers that ARM puts on every answer. */
export function armHeaders(
  azure: Azure,
  request: HttpRequest,
  ids: { requestId: string; correlationId: string; objectId?: string },
  remaining?: Remaining,
): Record<string, string> {
  const time = new Date(azure.now);
  const stamp = time.toISOString().replace(/[-:]|\.\d+/g, "");
  const headers: Record<string, string> = {
    "cache-control": "no-cache",
    pragma: "no-cache",
    expires: "-1",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-cache": "CONFIG_NOCACHE",
    "x-ms-request-id": ids.requestId,
    "x-ms-correlation-request-id": ids.correlationId,
    "x-ms-routing-request-id": `${REGION}:${stamp}:${ids.correlationId}`,
    date: time.toUTCString(),
  };
  if (remaining) {
    const { scope, kind, own, global } = remaining;
    headers[`x-ms-ratelimit-remaining-${scope}-${kind}`] = String(own);
    // Of a tenant's, no page tells of a count that all share.
    if (scope === "subscription") headers[`x-ms-ratelimit-remaining-subscription-global-${kind}`] = String(global);
  }
  if (ids.objectId && request.method !== "GET" && request.method !== "HEAD") {
    headers["x-ms-operation-identifier"] =
      `tenantId=${azure.landscape.tenantId},objectId=${ids.objectId}/${REGION.toLowerCase()}/${ids.requestId}`;
  }
  const clientRequestId = request.headers["x-ms-client-request-id"];
  if (clientRequestId && request.headers["x-ms-return-client-request-id"] === "true") {
    headers["x-ms-client-request-id"] = clientRequestId;
  }
  return headers;
}
