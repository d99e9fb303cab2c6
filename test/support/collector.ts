import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** A span as OTLP has it in JSON. */
export interface CollectedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
}

/** A row as Application Insights takes it. */
export interface TrackedRow {
  name: string;
  data: { baseType: string; baseData: { id?: string; name?: string; metrics?: { name: string; value: number }[] } };
  tags: Record<string, string>;
}

export type Collector = Awaited<ReturnType<typeof startCollector>>;

/** Takes what exporters send, on the loopback: OTLP over HTTP, and over TLS rows of Application Insights. */
export async function startCollector() {
  const spans: CollectedSpan[] = [];
  const metrics = new Set<string>();
  const rows: TrackedRow[] = [];
  const texts: string[] = [];
  const signedIn: string[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) =>
    void take(request).then((body) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    });
  const server = createServer(answer);
  const secure = createSecureServer(answer);
  for (const one of [server, secure]) await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
  const portOf = (one: typeof server | typeof secure) => (one.address() as AddressInfo).port;

  async function take(request: IncomingMessage): Promise<object> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const text = (request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString();
    texts.push(text);
    signedIn.push(request.headers.authorization ?? "");
    if (request.url?.endsWith("/track")) {
      const sent = JSON.parse(text) as TrackedRow[];
      rows.push(...sent);
      return { itemsReceived: sent.length, itemsAccepted: sent.length, errors: [] };
    }
    const sent = JSON.parse(text) as Record<
      string,
      Record<string, { spans?: CollectedSpan[]; metrics?: { name: string }[] }[]>[]
    >;
    for (const resource of [...(sent["resourceSpans"] ?? []), ...(sent["resourceMetrics"] ?? [])]) {
      for (const scope of [...(resource["scopeSpans"] ?? []), ...(resource["scopeMetrics"] ?? [])]) {
        spans.push(...(scope.spans ?? []));
        for (const { name } of scope.metrics ?? []) metrics.add(name);
      }
    }
    return {};
  }

  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    secureUrl: `https://localhost:${portOf(secure)}`,
    /** Shows the certificate of a local Azure, which its service trusts. @param stateFolder where that lies. */
    secureAs: (stateFolder: string) =>
      secure.setSecureContext({
        cert: readFileSync(join(stateFolder, "server.pem")),
        key: readFileSync(join(stateFolder, "server-key.pem")),
      }),
    spans,
    metrics,
    rows,
    /** All that it was sent. */
    texts,
    /** As whom, each time. */
    signedIn,
    async close() {
      for (const one of [server, secure]) {
        one.closeAllConnections();
        await new Promise((resolve) => one.close(resolve));
      }
    },
  };
}
