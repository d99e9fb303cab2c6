import functions, {
  type HttpHandler,
  type HttpMethod,
  type HttpRequest,
  type HttpResponseInit,
} from "@azure/functions";
import * as df from "durable-functions";
import type { DurableClient } from "durable-functions";

const { app, HttpResponse } = functions;

const describe = (request: HttpRequest) => ({
  method: request.method,
  url: request.url,
  params: request.params,
  query: [...request.query],
  headers: Object.fromEntries(request.headers),
});

function register(name: string, route: string, methods: HttpMethod[], handler: HttpHandler): void {
  app.http(name, { route, methods, authLevel: "anonymous", handler });
}

const show: HttpHandler = (request) => ({ jsonBody: describe(request) });
const named: HttpHandler = (_, context) => ({ body: context.functionName });

export function registerHttp(): void {
  register("show", "show", ["GET", "POST"], show);
  register("literal", "pick/one", ["GET"], named);
  register("number", "pick/{id:int}", ["GET"], named);
  register("word", "pick/{id}", ["GET"], named);
  register("rest", "pick/{*rest}", ["GET"], named);
  register("params", "params/{one}/{two?}", ["GET"], show);
  register("tail", "tail/{*path}", ["GET"], show);
  register("getThing", "things/{id}", ["GET"], named);
  register("putThing", "things/{id}", ["PUT"], named);
  register("bytes", "bytes", ["POST"], async (request) => ({ body: new Uint8Array(await request.arrayBuffer()) }));
  register("answers", "answers/{kind}", ["GET", "HEAD"], answer);
  app.http("noMethods", { authLevel: "anonymous", handler: () => ({ body: "any" }) });
  app.http("guarded", { methods: ["GET"], authLevel: "function", handler: () => ({ body: "in" }) });
  app.http("forAdmins", { methods: ["GET"], authLevel: "admin", handler: () => ({ body: "in" }) });
  df.app.client.http("client", {
    route: "client/{method}",
    methods: ["POST"],
    authLevel: "anonymous",
    handler: client,
  });
}

function answer(request: HttpRequest): HttpResponseInit {
  switch (request.params["kind"]) {
    case "nothing":
      return undefined as unknown as HttpResponseInit;
    case "empty":
      return {};
    case "text":
      return { status: 201, body: "text", headers: { "X-Own": "1" } };
    case "bare":
      return "a bare string" as HttpResponseInit;
    case "cookies":
      return { body: "c", cookies: [{ name: "a", value: "1 2", path: "/x", httpOnly: true, maxAge: 60 }] };
    case "response": {
      const response = new HttpResponse({ body: "r" });
      response.headers.append("set-cookie", "p=1");
      response.headers.append("set-cookie", "q=2");
      return response;
    }
    default:
      throw new Error("an answer that nobody sees");
  }
}

/** Calls a method of the durable client with the arguments in the body. */
async function client(request: HttpRequest, df: DurableClient): Promise<HttpResponseInit> {
  const method = request.params["method"] as keyof DurableClient;
  const call = df[method] as unknown as (...args: unknown[]) => Promise<unknown>;
  try {
    return { jsonBody: { result: (await call.apply(df, (await request.json()) as unknown[])) ?? null } };
  } catch (error) {
    return { status: 500, jsonBody: { message: (error as Error).message } };
  }
}
