import { Agent, request } from "node:https";
import type { Cloud } from "../../local/azure/cloud.ts";

export interface PlainRequest {
  method: string;
  /** Sent as it is, but for spaces. */
  path: string;
  /** null is none. */
  token: string | null;
  body?: string | undefined;
}

/**
 * Sends requests as they are written. `fetch` tidies up their paths before, and opens a connection anew after each HEAD,
 * which takes longer than all the rest.
 */
export function plainClient({ url, caCertificate }: Cloud) {
  const agent = new Agent({ keepAlive: true, maxSockets: 50, ca: caCertificate });
  const { hostname, port } = new URL(url);
  return {
    send({ method, path, token, body = "" }: PlainRequest): Promise<{ status: number; text: string }> {
      const headers = {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body ? { "content-type": "application/json" } : {}),
        "content-length": Buffer.byteLength(body),
      };
      return new Promise((resolve, reject) => {
        const sent = request(
          { agent, hostname, port, method, path: path.replaceAll(" ", "%20"), headers },
          (answer) => {
            const pieces: Buffer[] = [];
            answer.on("data", (piece: Buffer) => pieces.push(piece));
            answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString() }));
          },
        );
        sent.on("error", reject).end(body);
      });
    },
    close: () => agent.destroy(),
  };
}
