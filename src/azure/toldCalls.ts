import type { PipelinePolicy, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import { armOperation } from "../telemetry/armOperation.ts";
import { spanIdOf } from "../telemetry/places.ts";
import { runningStep } from "../telemetry/runningStep.ts";
import type { Attributes, EndedSpan, Telemetry } from "../telemetry/telemetry.ts";

/** Tells of each request to Azure Resource Manager, as it goes over the wire: never its query, headers or bodies. */
export function toldCalls(telemetry: Telemetry): PipelinePolicy {
  return {
    name: "toldCalls",
    async sendRequest(request, next) {
      const start = Date.now();
      try {
        const response = await next(request);
        tell(request, start, response);
        return response;
      } catch (error) {
        tell(request, start, undefined, error);
        throw error;
      }
    },
  };

  function tell(request: PipelineRequest, start: number, response?: PipelineResponse, error?: unknown): void {
    const { method, url } = request;
    const { operation, template, namespace } = armOperation(method, url);
    const status = response?.status ?? 0;
    telemetry.measure("goldsmith.arm.calls", 1, { operation, status: String(status) });
    if (status === 429) telemetry.measure("goldsmith.arm.throttled", 1, { operation });
    const step = runningStep();
    if (!step) return;
    // Whether something is there, or is gone by now, is often all that is asked.
    const isLook = status === 404 && ["GET", "HEAD"].includes(method);
    const isRefused = status >= 400 && !isLook;
    const failed = response ? (isRefused ? String(status) : undefined) : codeOf(error);
    const span: EndedSpan = {
      traceId: step.traceId,
      spanId: spanIdOf(step.spanId, "call", String(step.calls.length)),
      parentId: step.spanId,
      name: `${method} ${template}`,
      kind: "client",
      start,
      end: Date.now(),
      attributes: {
        "http.request.method": method,
        "url.template": template,
        "url.path": new URL(url).pathname,
        "server.address": new URL(url).hostname,
        ...(response ? { "http.response.status_code": status } : {}),
        "azure.resource_provider.namespace": namespace,
        ...idsOf(request, response),
        ...(step.buildId ? { "goldsmith.build.id": step.buildId } : {}),
      },
      ...(failed === undefined ? {} : { failed }),
    };
    step.calls.push(span);
    if (step.isTold) telemetry.span(span);
  }
}

/** By which Microsoft's support finds a request. */
function idsOf(request: PipelineRequest, response: PipelineResponse | undefined): Attributes {
  const ids = {
    "azure.client.request.id": request.headers.get("x-ms-client-request-id"),
    "azure.service.request.id": response?.headers.get("x-ms-request-id"),
    "azure.correlation.request.id": response?.headers.get("x-ms-correlation-request-id"),
  };
  return Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== undefined && ID.test(id))) as Attributes;
}
const ID = /^[\w:.-]{1,100}$/;

/** The code of a connection that broke, or the kind of error. */
function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === "string" ? code : typeof name === "string" ? name : "unknown";
}
