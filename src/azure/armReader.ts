import {
  createDefaultHttpClient,
  createPipelineRequest,
  type HttpClient,
  isRestError,
  type Pipeline,
} from "@azure/core-rest-pipeline";
import { StepDelayed, StepThrottled } from "../domain/failure.ts";
import type { Observed } from "../domain/preflight/observed.ts";
import { retryAfterSeconds } from "../domain/retryAfter.ts";

/**
 * Reads of ARM of which each way to fail is something to be told: for the preflight, which asks many providers a little
 * and wants no client of each. Signed and sent by an SDK's own pipeline.
 */
export interface ArmReader {
  /**
   * @param path from `/subscriptions` on, without query.
   * @param query beside the version.
   * @throws StepDelayed where Azure asks to wait, or takes the token no longer.
   */
  get(path: string, apiVersion: string, query?: Record<string, string>): Promise<Observed<unknown>>;
  /**
   * All pages of a list.
   *
   * @param mayGoOn is asked before each page but the first; where it says no, the list is unreadable.
   */
  list(
    path: string,
    apiVersion: string,
    query?: Record<string, string>,
    mayGoOn?: () => boolean,
  ): Promise<Observed<readonly unknown[]>>;
}

/** Pages after which a list is not read on: nothing that the preflight asks for is so long, and half of it says nothing. */
const MOST_PAGES = 40;

/** One read of many that fails in passing must not undo the others. */
const TRIES = 3;

export function armReader(endpoint: string, pipeline: Pipeline, httpClient?: HttpClient): ArmReader {
  const client = httpClient ?? createDefaultHttpClient();

  /** At once again where Azure or the way to it fails, and given up after some; not where Azure asks to wait. */
  async function read(resource: string, url: string): Promise<Observed<unknown>> {
    for (let tries = 1; ; tries++) {
      try {
        const seen = await readOnce(resource, url);
        if (tries === TRIES || !(seen.kind === "unreadable" && seen.isPassing)) return seen;
      } catch (error) {
        if (!isLost(error)) throw error;
        const { code = "no-answer", message } = error;
        if (tries === TRIES) return { resource, kind: "unreadable", code, message, isPassing: true };
      }
    }
  }

  async function readOnce(resource: string, url: string): Promise<Observed<unknown>> {
    const { status, headers, bodyAsText } = await pipeline.sendRequest(client, createPipelineRequest({ url }));
    const body = parsed(bodyAsText ?? "");
    if (status === 200) {
      return body === undefined
        ? { resource, ...unexpected("The answer is not JSON.") }
        : { resource, kind: "found", value: body };
    }
    const { code = `http-${status}`, message = "" } = errorIn(body);
    const isPassing = status === 408 || status >= 500;
    const wait = retryAfterSeconds(headers.get("retry-after"), new Date()) ?? 0;
    if (status === 429) throw new StepThrottled(`${code}: ${message}`, wait);
    if (status === 401 || (isPassing && wait > 0)) throw new StepDelayed(`${code}: ${message}`, wait);
    if (isPassing) return { resource, kind: "unreadable", code, message, isPassing };
    return status === 404 ? { resource, kind: "absent", code } : { resource, kind: "unreadable", code, message };
  }

  function urlOf(path: string, apiVersion: string, query: Record<string, string> = {}): string {
    const words = Object.entries({ "api-version": apiVersion, ...query }).map(
      ([name, value]) => `${encodeURIComponent(name).replace("%24", "$")}=${encodeURIComponent(value)}`,
    );
    return `${endpoint.replace(/\/$/, "")}${path}?${words.join("&")}`;
  }

  return {
    get: (path, apiVersion, query) => read(path, urlOf(path, apiVersion, query)),

    async list(path, apiVersion, query, mayGoOn = () => true) {
      const found: unknown[] = [];
      const { origin } = new URL(endpoint);
      let next: string | undefined = urlOf(path, apiVersion, query);
      for (let page = 1; next; page++) {
        if (page > MOST_PAGES) return tooLong(path, `${MOST_PAGES} pages`);
        if (page > 1 && !mayGoOn()) return tooLong(path, "the pages that could be read beside all else");
        const answer = await read(path, next);
        if (answer.kind !== "found") return answer;
        // Marketplace lists are bare arrays.
        const { value, nextLink }: { value?: unknown; nextLink?: unknown } = Array.isArray(answer.value)
          ? { value: answer.value }
          : (answer.value as object);
        if (!Array.isArray(value)) {
          return { resource: path, ...unexpected("The answer is not a list.") };
        }
        found.push(...(value as unknown[]));
        if (typeof nextLink !== "string" || !nextLink) break;
        next = URL.parse(nextLink, endpoint)?.href;
        // The token goes to ARM and to nobody else.
        if (!next || new URL(next).origin !== origin)
          return { resource: path, ...unexpected("The list goes on elsewhere.") };
      }
      return { resource: path, kind: "found", value: found };
    },
  };
}

/** An answer that nobody here understands. */
export function unexpected(message: string): { kind: "unreadable"; code: string; message: string } {
  return { kind: "unreadable", code: "unexpected-answer", message };
}

/** A list of which only the beginning was read. */
function tooLong(path: string, most: string): Observed<never> {
  const message = `The list ${path} has more than ${most}, and was not read to its end.`;
  return { resource: path, kind: "unreadable", code: "list-too-long", message, isOurs: true };
}

/** Whether there was no answer, or half of one: a fault of the way, and none of whoever gives tokens. */
function isLost(error: unknown): error is Error & { code?: string } {
  return isRestError(error) || (error instanceof Error && error.name === "AbortError");
}

/** What an error says of itself, as far as its body is one of ARM's. */
function errorIn(body: unknown): { code?: string; message?: string } {
  const { code, message } = ((body as { error?: unknown } | undefined)?.error ?? {}) as Record<string, unknown>;
  return {
    ...(typeof code === "string" ? { code } : {}),
    ...(typeof message === "string" ? { message } : {}),
  };
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
