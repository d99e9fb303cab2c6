/** How the SDKs reach the servers of a simulation: by a call, without a socket. */
import { Readable } from "node:stream";
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
  RestError,
} from "@azure/core-rest-pipeline";
import type { HttpOperationResponse, IHttpClient } from "@azure/storage-blob";

/** A request as a server gets it. */
export interface Call {
  method: string;
  url: URL;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: Buffer;
}

export interface Answer {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  body?: string | Buffer;
}

/** @returns undefined where the connection is cut instead of an answer. */
export type Server = (call: Call) => Promise<Answer | undefined>;

/** The HTTP client of ARM's SDKs over servers in this process. */
export function httpClientOf(server: Server): HttpClient {
  return { sendRequest: (request) => send(server, request) };
}

/** The same in the form that the storage SDK asks for: its requests are pipeline requests in older clothes. */
export function blobHttpClientOf(server: Server): IHttpClient {
  return {
    async sendRequest(resource) {
      const request = resource as unknown as PipelineRequest;
      const headers = createHttpHeaders(resource.headers.toJson());
      const { url, method, body, streamResponseStatusCodes, abortSignal, timeout } = request;
      const asked = { url, method, headers, body, streamResponseStatusCodes, abortSignal, timeout } as PipelineRequest;
      const response = await send(server, asked);
      const answered = response.headers.toJSON({ preserveCase: true });
      return { ...response, request: resource, headers: { toJson: () => answered } } as HttpOperationResponse;
    },
  };
}

async function send(server: Server, request: PipelineRequest): Promise<PipelineResponse> {
  const body = await bufferOf(request.body);
  const call = { method: request.method, url: new URL(request.url), headers: request.headers.toJSON(), body };
  const answer = await givenUp(request, server(call));
  if (!answer) throw new RestError("read ECONNRESET", { code: "ECONNRESET", request });
  const streamed = request.streamResponseStatusCodes;
  const isStreamed = streamed?.has(answer.status) || streamed?.has(Number.POSITIVE_INFINITY);
  const bytes = Buffer.from(answer.body ?? "");
  return {
    request,
    status: answer.status,
    headers: createHttpHeaders(answer.headers),
    ...(isStreamed ? { readableStreamBody: Readable.from([bytes]) } : { bodyAsText: bytes.toString("utf8") }),
  };
}

/** As Node's client does: gives up when it is told to, or after the request's own time. */
function givenUp<T>({ abortSignal, timeout }: PipelineRequest, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      abortSignal?.removeEventListener("abort", abort);
    };
    const abort = () => {
      end();
      reject(Object.assign(new Error("The operation was aborted."), { name: "AbortError" }));
    };
    const timer = timeout > 0 ? setTimeout(abort, timeout) : undefined;
    if (abortSignal?.aborted) abort();
    else abortSignal?.addEventListener("abort", abort);
    answer.finally(end).then(resolve, reject);
  });
}

async function bufferOf(body: PipelineRequest["body"]): Promise<Buffer> {
  const given = typeof body === "function" ? body() : body;
  if (given === undefined || given === null) return Buffer.alloc(0);
  if (typeof given === "string") return Buffer.from(given);
  if (given instanceof ArrayBuffer) return Buffer.from(given);
  if (ArrayBuffer.isView(given)) return Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  const chunks: Buffer[] = [];
  for await (const chunk of given as AsyncIterable<Uint8Array>) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
