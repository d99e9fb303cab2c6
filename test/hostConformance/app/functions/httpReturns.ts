import functions, { type HttpResponseInit } from "@azure/functions";

const { app, HttpResponse } = functions;

/** What handlers may return, right or wrong, by the name in the route. */
const RETURNS: Record<string, () => unknown> = {
  undefined: () => undefined,
  null: () => null,
  empty: () => ({}),
  string: () => "bare string",
  number: () => 42,
  text: () => ({ body: "héllo" }),
  json: () => ({ jsonBody: { a: [1, null], u: "ü" } }),
  jsonnull: () => ({ jsonBody: null }),
  binary: () => ({ body: new Uint8Array([0, 1, 2, 253, 254, 255]) }),
  typed: () => ({ status: 201, body: "<a/>", headers: { "Content-Type": "application/xml" } }),
  "204": () => ({ status: 204 }),
  "304": () => ({ status: 304 }),
  "418": () => ({ status: 418, body: "teapot" }),
  "302": () => ({ status: 302, headers: { Location: "/api/h/anon" } }),
  badstatus: () => ({ status: "abc", body: "x" }),
  cookies: () => ({
    body: "c",
    cookies: [
      { name: "a", value: "1", path: "/", httpOnly: true, secure: true, sameSite: "Lax", maxAge: 60 },
      { name: "b", value: "x y;z" },
    ],
  }),
  setcookie: () => {
    const response = new HttpResponse({ body: "c" });
    response.headers.append("set-cookie", "p=1");
    response.headers.append("set-cookie", "q=2");
    return response;
  },
  headers: () => ({
    body: "h",
    headers: { "X-Custom-Header": "One", "x-multi": "a, b", "Cache-Control": "no-store", ETag: '"e1"' },
  }),
  throw: () => {
    throw new Error("handler message");
  },
  throwstr: () => {
    // eslint-disable-next-line typescript/only-throw-error -- what is thrown is what is tried
    throw "string thrown";
  },
  throwstatus: () => {
    throw Object.assign(new Error("with status"), { status: 409, statusCode: 409 });
  },
  big: () => ({ body: "y".repeat(5 * 1024 * 1024) }),
};

app.http("hRet", {
  route: "h/ret/{kind}",
  methods: ["GET", "HEAD", "POST"],
  authLevel: "anonymous",
  handler: (request) => {
    const returned = RETURNS[request.params["kind"] ?? ""];
    return (returned ? returned() : { status: 404, jsonBody: { error: "app 404" } }) as HttpResponseInit;
  },
});

app.http("hStream", {
  route: "h/stream",
  methods: ["GET"],
  authLevel: "anonymous",
  handler: () => ({
    headers: { "Content-Type": "text/event-stream" },
    body: new ReadableStream({
      async start(controller) {
        for (let count = 0; count < 4; count++) {
          controller.enqueue(new TextEncoder().encode(`data: ${count}\n\n`));
          await new Promise((resolve) => globalThis.setTimeout(resolve, 400));
        }
        controller.close();
      },
    }),
  }),
});
