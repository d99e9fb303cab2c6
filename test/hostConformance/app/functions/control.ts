/** The driver's remote control: everything goes through the app's own Durable client. */
import { app, type HttpHandler, type HttpMethod } from "@azure/functions";
import * as df from "durable-functions";
import { recordsFor, recordsOf } from "./recorder.ts";

const client = df.input.durableClient();

const register = (name: string, route: string, methods: HttpMethod[], handler: HttpHandler) =>
  app.http(name, { route, methods, authLevel: "anonymous", extraInputs: [client], handler });

/** Arguments that JSON has no form for travel as objects with a telling property. */
function argumentOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { $entity, $filter, $undefined } = value as {
    $entity?: [string, string];
    $filter?: { createdTimeFrom?: string; createdTimeTo?: string };
    $undefined?: true;
  };
  if ($undefined) return undefined;
  if ($entity) return new df.EntityId(...$entity);
  if (!$filter) return value;
  const { createdTimeFrom: from, createdTimeTo: to } = $filter;
  return { ...$filter, createdTimeFrom: from && new Date(from), createdTimeTo: to && new Date(to) };
}

register("ctlClient", "ctl/client/{method}", ["POST"], async (request, context) => {
  const methods = df.getClient(context) as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  const args = ((await request.json()) as unknown[]).map(argumentOf);
  const begun = Date.now();
  try {
    const result = await methods[request.params["method"] ?? ""]?.(...args);
    return {
      jsonBody: { ok: true, result: result === undefined ? { $undefined: true } : result, tookMs: Date.now() - begun },
    };
  } catch (error) {
    const { name, message } = error as Error;
    return { jsonBody: { ok: false, error: { name, message } } };
  }
});

register("ctlPayload", "ctl/payload", ["GET"], (_, context) => ({ jsonBody: context.extraInputs.get(client) }));

register("ctlManagement", "ctl/management/{id}", ["GET"], (request, context) => ({
  jsonBody: df.getClient(context).createHttpManagementPayload(request.params["id"] ?? ""),
}));

register("ctlCheckStatus", "ctl/checkstatus/{id}", ["GET"], (request, context) =>
  df.getClient(context).createCheckStatusResponse(request, request.params["id"] ?? ""),
);

register("ctlWait", "ctl/wait/{id}", ["GET"], (request, context) =>
  df.getClient(context).waitForCompletionOrCreateCheckStatusResponse(request, request.params["id"] ?? "", {
    timeoutInMilliseconds: Number(request.query.get("t") ?? 5000),
    retryIntervalInMilliseconds: 300,
  }),
);

/** A raw request to the endpoint that the library itself uses. */
register("ctlRaw", "ctl/raw", ["POST"], async (request, context) => {
  const { rpcBaseUrl } = context.extraInputs.get(client) as { rpcBaseUrl: string };
  const { path, ...init } = (await request.json()) as { path: string; method: string; body?: string };
  const response = await fetch(new URL(path, rpcBaseUrl), { ...init, redirect: "manual" });
  const headers = Object.fromEntries(response.headers);
  return { jsonBody: { usedRpc: true, status: response.status, headers, body: await response.text() } };
});

register("ctlRecords", "ctl/records/{*id}", ["GET"], (request) => ({
  jsonBody: recordsFor(request.params["id"]),
}));

register("ctlRecordsOf", "ctl/recordsof/{kind}/{name?}", ["GET"], (request) => ({
  jsonBody: recordsOf(request.params["kind"], request.params["name"]),
}));
