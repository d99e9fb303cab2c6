import { request as httpRequest } from "node:http";

export interface Sent {
  headers?: Record<string, string>;
  body?: string | Buffer | undefined;
}

export interface Received {
  status: number;
  /** As they came, names in lower case. */
  headers: [string, string][];
  bytes: Buffer;
  /** When each piece of the body came, milliseconds since 1970. */
  arrivals: number[];
}

/** A request whose path and headers go out as they are; fetch would tidy them. */
export function request(
  base: string,
  method: string,
  path: string,
  { headers = {}, body }: Sent = {},
): Promise<Received> {
  const { hostname, port } = new URL(base);
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { hostname, port, method, path, headers: { ...headers, ...length }, agent: false },
      (response) => {
        const pieces: Buffer[] = [];
        const arrivals: number[] = [];
        response.on("data", (piece: Buffer) => {
          pieces.push(piece);
          arrivals.push(Date.now());
        });
        response.on("error", reject);
        response.on("end", () => {
          const { rawHeaders, statusCode = 0 } = response;
          const received: [string, string][] = [];
          for (let at = 0; at < rawHeaders.length; at += 2) {
            received.push([(rawHeaders[at] ?? "").toLowerCase(), rawHeaders[at + 1] ?? ""]);
          }
          resolve({ status: statusCode, headers: received, bytes: Buffer.concat(pieces), arrivals });
        });
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

/** An answer as recordings hold it. */
export interface Presented {
  status: number;
  headers: Record<string, string | string[]>;
  body: unknown;
}

const NOT_RECORDED = new Set(["date", "server", "connection", "keep-alive"]);

/** JSON bodies become `{ $json }`, bytes that are no text `{ $hex }`. */
export function present({ status, headers, bytes }: Received): Presented {
  const shown: Record<string, string | string[]> = {};
  for (const [name, value] of headers) {
    if (NOT_RECORDED.has(name)) continue;
    const present = shown[name];
    shown[name] = present === undefined ? value : [present, value].flat();
  }
  return {
    status,
    headers: Object.fromEntries(Object.entries(shown).sort(([a], [b]) => (a < b ? -1 : 1))),
    body: bodyOf(bytes, String(shown["content-type"] ?? "")),
  };
}

function bodyOf(bytes: Buffer, type: string): unknown {
  const text = bytes.toString("utf8");
  if (!Buffer.from(text, "utf8").equals(bytes)) return { $hex: bytes.toString("hex").slice(0, 200) };
  if (!type.includes("json")) return text;
  try {
    return { $json: JSON.parse(text) as unknown };
  } catch {
    return text;
  }
}

/** What the body of a presented answer says, when it is JSON. */
export const jsonOf = ({ body }: Presented): unknown => (body as { $json?: unknown } | null)?.$json;
