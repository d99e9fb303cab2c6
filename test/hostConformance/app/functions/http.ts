import { createHash } from "node:crypto";
import { app, type HttpHandler, type HttpMethod, type HttpRequest } from "@azure/functions";

function register(name: string, route: string, methods: HttpMethod[] | undefined, handler: HttpHandler): void {
  app.http(name, { route, ...(methods ? { methods } : {}), authLevel: "anonymous", handler });
}

const describe = (request: HttpRequest) => ({
  method: request.method,
  url: request.url,
  params: request.params,
  query: [...request.query.entries()],
  headers: Object.fromEntries([...request.headers.entries()].sort(([a], [b]) => (a < b ? -1 : 1))),
});
const show: HttpHandler = (request) => ({ jsonBody: describe(request) });
const showUrl: HttpHandler = ({ url }) => ({ jsonBody: { url } });

register("hAnon", "h/anon", ["GET"], show);
register("hAny", "h/any", undefined, ({ method }) => ({ jsonBody: { method } }));
register("hParams", "h/p/{one}/{two?}", ["GET"], show);
register("hTyped", "h/int/{id:int}", ["GET"], ({ params }) => ({ jsonBody: { params, type: typeof params["id"] } }));
register("hCatch", "h/all/{*rest}", ["GET"], show);
register("hShared1", "h/shared", ["GET"], () => ({ body: "get function" }));
register("hShared2", "h/shared", ["POST"], () => ({ body: "post function" }));
register("hCase", "h/CaSe", ["GET"], showUrl);
app.http("hDefaultRoute", { methods: ["GET"], authLevel: "anonymous", handler: showUrl });
app.http("hFunctionKey", {
  route: "h/key",
  methods: ["GET", "POST"],
  authLevel: "function",
  handler: () => ({ body: "secret" }),
});
app.http("hAdminKey", {
  route: "h/adminkey",
  methods: ["GET"],
  authLevel: "admin",
  handler: () => ({ body: "admin" }),
});

register("hEchoBody", "h/body", ["POST", "PUT", "PATCH", "DELETE"], async (request) => {
  const bytes = Buffer.from(await request.arrayBuffer());
  return {
    jsonBody: {
      method: request.method,
      contentType: request.headers.get("content-type"),
      length: bytes.length,
      sha1: createHash("sha1").update(bytes).digest("hex"),
      start: bytes.subarray(0, 60).toString("latin1"),
    },
  };
});

register("hJsonBody", "h/json", ["POST"], async (request) => {
  try {
    return { jsonBody: { got: await request.json() } };
  } catch (error) {
    const { name, message } = error as Error;
    return { status: 400, jsonBody: { name, message } };
  }
});
