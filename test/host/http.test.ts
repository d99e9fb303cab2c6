import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startHost } from "../support/host.ts";

const app = join(import.meta.dirname, "app");
const env = { NIGHTLY: "0 30 1 * * *" };

interface Shown {
  method: string;
  url: string;
  params: Record<string, string>;
  query: [string, string][];
  headers: Record<string, string>;
}

/** A request whose path is sent as it is; fetch would tidy it. */
function raw(url: string, path: string, method = "GET", headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const request = httpRequest({ hostname, port, path, method, headers, agent: false }, (response) => {
      let body = "";
      response.on("data", (piece: Buffer) => (body += piece.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    request.on("error", reject);
    request.end();
  });
}

describe("routes", () => {
  test.each([
    ["/api/pick/one", "literal"],
    ["/API/Pick/ONE/", "literal"],
    ["/api/pick/42", "number"],
    // "word" would fit better, and stands behind "rest" in the alphabet.
    ["/api/pick/other", "rest"],
    ["/api/pick/other/more", "rest"],
    ["/api/pick", "rest"],
  ])("%s is answered by the function %s: routes are tried in the order of the names", async (path, name) => {
    const host = await startHost({ app, env });
    expect((await raw(host.url, path)).body).toBe(name);
  });

  test("functions can share a route with different methods; any other method is not found", async () => {
    const host = await startHost({ app, env });
    expect((await raw(host.url, "/api/things/1")).body).toBe("getThing");
    expect((await raw(host.url, "/api/things/1", "PUT")).body).toBe("putThing");
    for (const method of ["DELETE", "HEAD", "OPTIONS"]) {
      expect((await raw(host.url, "/api/things/1", method)).status).toBe(404);
    }
  });

  test("without methods, GET and POST are taken and nothing else", async () => {
    const host = await startHost({ app, env });
    for (const [method, status] of [
      ["GET", 200],
      ["POST", 200],
      ["PUT", 404],
      ["HEAD", 404],
    ] as const) {
      expect((await raw(host.url, "/api/noMethods", method)).status).toBe(status);
    }
  });

  test("a double slash, an unknown path, and one outside the prefix are not found, with an empty body", async () => {
    const host = await startHost({ app, env });
    for (const path of ["/api//show", "/api/nothing", "/show", "/api"]) {
      expect(await raw(host.url, path)).toMatchObject({ status: 404, body: "" });
    }
  });

  test("parameters are decoded but for an encoded slash, and an absent optional one is missing", async () => {
    const host = await startHost({ app, env });
    const shown = async (path: string) => (JSON.parse((await raw(host.url, path)).body) as Shown).params;
    expect(await shown("/api/params/a%20b/c%2Fd")).toEqual({ one: "a b", two: "c%2Fd" });
    expect(await shown("/api/params/x+%C3%A4")).toEqual({ one: "x+ä" });
    expect(await shown("/api/tail/a/b%2Fc/d")).toEqual({ path: "a/b%2Fc/d" });
  });
});

describe("requests", () => {
  test("the url is as it was sent, its origin from the Host header, and forwarded headers are only passed on", async () => {
    const host = await startHost({ app, env });
    const headers = { host: "public.example:8080", "x-forwarded-host": "other", "x-forwarded-proto": "https" };
    const shown = JSON.parse((await raw(host.url, "/API/show?q=%C3%A4", "GET", headers)).body) as Shown;
    expect(shown.url).toBe("http://public.example:8080/API/show?q=%C3%A4");
    expect(shown.headers).toMatchObject({ "x-forwarded-host": "other" });
  });

  test("repeated query values arrive as one, joined by a comma", async () => {
    const host = await startHost({ app, env });
    const shown = JSON.parse((await raw(host.url, "/api/show?x=1&y=a%20b%2Bc&x=2&flag")).body) as Shown;
    expect(shown.query).toEqual([
      ["x", "1,2"],
      ["y", "a b+c"],
      ["flag", ""],
    ]);
  });

  test("bodies arrive byte for byte, up to 100 MB, and larger ones are refused", async () => {
    const host = await startHost({ app, env });
    const post = (body: Uint8Array<ArrayBuffer>) => fetch(`${host.url}/api/bytes`, { method: "POST", body });
    const sent = new Uint8Array([0, 1, 254, 255, 13, 10]);
    expect(new Uint8Array(await (await post(sent)).arrayBuffer())).toEqual(sent);
    expect((await post(new Uint8Array(100 * 1024 * 1024 + 1))).status).toBe(413);
  });

  test("addresses of up to 8 KB and headers of up to 32 KB are taken, and larger ones refused", async () => {
    const host = await startHost({ app, env });
    const get = async (query: number, header: number) =>
      (await fetch(`${host.url}/api/show?x=${"a".repeat(query)}`, { headers: { big: "a".repeat(header) } })).status;
    expect(await get(8_000, 30_000)).toBe(200);
    expect(await get(8_192, 0)).toBe(414);
    expect(await get(0, 50_000)).toBe(431);
  });
});

describe("responses", () => {
  test.each([
    ["nothing", 204, ""],
    ["empty", 200, ""],
    ["text", 201, "text"],
    ["bare", 500, ""],
    ["throws", 500, ""],
  ])("what returns %s answers %i", async (kind, status, body) => {
    const host = await startHost({ app, env });
    expect(await raw(host.url, `/api/answers/${kind}`)).toMatchObject({ status, body });
  });

  test("cookies are written as the host writes them, and of set-cookie headers only the last survives", async () => {
    const host = await startHost({ app, env });
    const cookies = async (kind: string) => (await raw(host.url, `/api/answers/${kind}`)).headers["set-cookie"];
    expect(await cookies("cookies")).toEqual(["a=1%202; max-age=60; path=/x; httponly"]);
    expect(await cookies("response")).toEqual(["q=2"]);
  });

  test("a registered HEAD is answered with headers alone", async () => {
    const host = await startHost({ app, env });
    const answer = await raw(host.url, "/api/answers/text", "HEAD");
    expect(answer).toMatchObject({ status: 201, body: "" });
    expect(answer.headers["x-own"]).toBe("1");
  });
});

describe("keys", () => {
  test("without requireKeys everything is open, as under Core Tools", async () => {
    const host = await startHost({ app, env });
    for (const path of ["/api/guarded", "/api/forAdmins", "/admin/host/status"]) {
      expect((await raw(host.url, path)).status).toBe(200);
    }
  });

  test("with requireKeys each level asks for its key, in the header or the query", async () => {
    const host = await startHost({ app, env, requireKeys: true });
    const status = async (path: string, key?: string) =>
      (await raw(host.url, path, "GET", key ? { "x-functions-key": key } : {})).status;
    expect(await status("/api/guarded")).toBe(401);
    expect(await status("/api/guarded", "wrong")).toBe(401);
    expect(await status("/api/guarded", host.hostKey)).toBe(200);
    expect(await status(`/api/guarded?code=${host.masterKey}`)).toBe(200);
    expect(await status("/api/forAdmins", host.hostKey)).toBe(401);
    expect(await status("/api/forAdmins", host.masterKey)).toBe(200);
    expect(await status("/admin/host/status")).toBe(401);
    expect(await status("/admin/host/status", host.hostKey)).toBe(403);
    expect(await status("/admin/host/ping")).toBe(200);
    expect(await status("/Admin/Host/Ping")).toBe(200);
    expect(await status("/runtime/webhooks/durabletask/instances")).toBe(401);
    expect(await status("/api/show")).toBe(200);
  });
});
