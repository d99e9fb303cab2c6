import type { Probe } from "../probe/probe.ts";
import { JSON_TYPE, type Scenario } from "./scenario.ts";

export const http: Scenario[] = [
  { name: "http-routing", run: tryRoutes },
  { name: "http-methods", run: tryMethods },
  { name: "http-auth", run: tryKeys },
  { name: "http-bodies", run: tryBodies },
  { name: "http-responses", run: tryReturns },
  { name: "http-stream", run: tryStream },
];

const ROUTES: Record<string, string> = {
  params: "/api/h/p/a%20b/c%2Fd?q=%C3%A4",
  paramsUnicode: "/api/h/p/%C3%A4%E2%82%AC/x+y",
  paramsOptionalMissing: "/api/h/p/one",
  paramsTooMany: "/api/h/p/one/two/three",
  typedOk: "/api/h/int/42",
  typedBad: "/api/h/int/abc",
  catchAll: "/api/h/all/a/b%2Fc/d",
  catchAllEmpty: "/api/h/all",
  caseInsensitive: "/API/H/case",
  defaultRoute: "/api/hDefaultRoute",
  defaultRouteLower: "/api/hdefaultroute",
  unknown: "/api/h/nothing",
  unknownOutsideApi: "/nothing",
  apiRoot: "/api",
  sharedGet: "/api/h/shared",
};

async function tryRoutes(probe: Probe): Promise<void> {
  const anonymous = (headers: Record<string, string>) => probe.http("GET", "/api/h/anon", { headers });
  const query = "x=1&x=2&y=a%20b%2Bc&z=&flag";
  const headers = { "X-Test": "V", accept: "*/*" };
  probe.record("anon", await probe.http("GET", `/api/h/anon?${query}`, { headers }));
  const forwarded = { "x-forwarded-host": "public.example", "x-forwarded-proto": "https" };
  probe.record("forwardedHost", await anonymous(forwarded));
  probe.record("hostHeader", await anonymous({ host: "public.example:8080" }));
  for (const [label, path] of Object.entries(ROUTES)) probe.record(label, await probe.http("GET", path));
  probe.record("trailingSlash", (await probe.http("GET", "/api/h/anon/")).status);
  probe.record("doubleSlash", (await probe.http("GET", "/api//h/anon")).status);
  probe.record("sharedPost", await probe.http("POST", "/api/h/shared", { body: "" }));
  probe.record("sharedPut", await probe.http("PUT", "/api/h/shared", { body: "" }));
}

async function tryMethods(probe: Probe): Promise<void> {
  const send = (method: string, path: string) =>
    probe.http(method, path, method === "POST" || method === "PUT" ? { body: "" } : {});
  for (const method of ["HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE"]) {
    probe.record(`getOnly-${method}`, await send(method, "/api/h/anon"));
  }
  for (const method of ["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"]) {
    probe.record(`default-${method}`, await send(method, "/api/h/any"));
  }
  const origin = "https://site.example";
  const preflight = { origin, "access-control-request-method": "GET" };
  probe.record("headRegistered", await send("HEAD", "/api/h/ret/text"));
  probe.record("corsPreflight", await probe.http("OPTIONS", "/api/h/anon", { headers: preflight }));
  probe.record("corsSimple", await probe.http("GET", "/api/h/ret/text", { headers: { origin } }));
}

async function tryKeys(probe: Probe): Promise<void> {
  const key = probe.host.masterKey;
  const get = (path: string, given?: string) =>
    probe.http("GET", path, given ? { headers: { "x-functions-key": given } } : {});
  probe.record("noKey", await get("/api/h/key"));
  probe.record("wrongKey", await get("/api/h/key", "wrong"));
  probe.record("wrongCode", await get("/api/h/key?code=wrong"));
  probe.record("adminNoKey", await get("/api/h/adminkey"));
  probe.record("masterHeader", await get("/api/h/key", key));
  probe.record("masterQuery", await get(`/api/h/key?code=${encodeURIComponent(key)}`));
  probe.record("adminMaster", await get("/api/h/adminkey", key));
}

async function tryBodies(probe: Probe): Promise<void> {
  const post = (path: string, body?: string | Buffer, type?: string) =>
    probe.http("POST", path, { body, ...(type ? { headers: { "content-type": type } } : {}) });
  const json = (body: string) => post("/api/h/json", body, JSON_TYPE["content-type"]);
  const echo = (body?: string | Buffer, type?: string) => post("/api/h/body", body, type);
  const bytes = Buffer.from([0, 1, 254, 255]);
  const binary = "application/octet-stream";
  probe.record("json", await json('{"a":"ü"}'));
  probe.record("jsonBom", await json('\ufeff{"a":1}'));
  probe.record("badJson", await json("{bad"));
  probe.record("emptyJson", await json(""));
  probe.record("noBody", await echo());
  probe.record("text", await echo("plain", "text/plain"));
  probe.record("noType", await echo("abc"));
  probe.record("binary", await echo(bytes, binary));
  probe.record("binaryAsText", await echo(bytes, "text/plain"));
  probe.record("form", await echo("a=1&b=%20", "application/x-www-form-urlencoded"));
  probe.record("big5MB", await echo(Buffer.alloc(5 * 1024 * 1024, 97), binary));
  for (const method of ["PUT", "PATCH", "DELETE"]) {
    probe.record(method, await probe.http(method, "/api/h/body", { body: "x" }));
  }
}

const RETURNS =
  "undefined null empty string number text json jsonnull binary typed 204 304 418 302 badstatus cookies setcookie headers throw throwstr throwstatus other".split(
    " ",
  );

async function tryReturns(probe: Probe): Promise<void> {
  for (const kind of RETURNS) probe.record(kind, await probe.http("GET", `/api/h/ret/${kind}`));
  const { status, bytes } = await probe.raw("GET", "/api/h/ret/big");
  probe.record("big", { status, length: bytes.length });
}

/** The app sends a piece every 400 milliseconds. */
async function tryStream(probe: Probe): Promise<void> {
  const { status, headers, bytes, arrivals } = await probe.raw("GET", "/api/h/stream");
  const header = (name: string) => headers.find(([key]) => key === name)?.[1] ?? null;
  probe.record("stream", {
    status,
    type: header("content-type"),
    transfer: header("transfer-encoding"),
    body: bytes.toString(),
    arrivedInPieces: new Set(arrivals.map((time) => Math.round(time / 200))).size > 2,
  });
}
