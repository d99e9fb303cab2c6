import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { landscape, operatorIdentity } from "../../local/landscape.ts";
import { archiveNames } from "../../src/domain/archiveNames.ts";
import { ROLES } from "../../src/domain/caller.ts";
import type { Door } from "../../src/http/door.ts";
import { type AuthenticatedStack, startAuthenticated } from "../support/authenticatedStack.ts";
import { serviceDoors } from "../support/doors.ts";
import { keyPair, signed, signedByPublicKey, unsigned } from "../support/entraTokens.ts";
import { tokenFrom } from "../support/token.ts";

let service: AuthenticatedStack;
let doors: readonly Door[];
beforeAll(async () => {
  [service, doors] = [await startAuthenticated(), await serviceDoors()];
});
afterAll(() => service.stack.stop());

const ID = "aks-jumpbox-20260115-020304-a7a7";
const pathOf = ({ route }: Door) => `/api/${route.replace("{image}", "aks-jumpbox").replace("{id}", ID)}`;
const send = (method: string, path: string, headers: Record<string, string> = {}, body?: object) =>
  service.stack.request(path, {
    method,
    headers: { ...headers, ...(body ? { "Content-Type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
const statusOf = async (headers: Record<string, string>, path = "/api/images") =>
  (await send("GET", path, headers)).status;
const BUILDS = "/api/images/aks-jumpbox/builds";

describe("each door", () => {
  it("answers 401 to nobody, and 403 to every role but its own", async () => {
    for (const door of doors.filter(({ role }) => role !== "anyone")) {
      const answer = await send(door.method, pathOf(door));
      expect([door.name, answer.status]).toEqual([door.name, 401]);
      expect(answer.headers.get("www-authenticate")).toBe(`Bearer realm="goldsmith"`);
      for (const role of ["Nobody", ...ROLES].filter((one) => one !== door.role)) {
        const { status } = await send(door.method, pathOf(door), await service.person(role.toLowerCase()));
        expect([door.name, role, status]).toEqual([door.name, role, 403]);
      }
    }
  });
});

describe("somebody with the role", () => {
  it("asks for a build as a person, an application or by a key, and another one reads it", async () => {
    const requesters = new Set<unknown>();
    for (const headers of [
      await service.person("builder"),
      await service.application("builder-application"),
      { "X-Goldsmith-Key": service.keys["Builder"] ?? "" },
    ]) {
      const answer = await send("POST", BUILDS, headers, { reason: "authentication" });
      expect(answer.status).toBe(202);
      const { pathname } = new URL(answer.headers.get("location") ?? "");
      const kept = await service.stack.archivedText(archiveNames.open(pathname.replace("/api/builds/", "")));
      requesters.add((JSON.parse(kept) as { requester?: string }).requester);
      expect(await statusOf(headers, pathname)).toBe(403);
      expect(await statusOf({ "X-Goldsmith-Key": service.keys["Reader"] ?? "" }, pathname)).toBe(200);
      expect((await send("POST", `${pathname}/cancel`, headers, {})).status).toBe(202);
    }
    // By this they take turns.
    expect(requesters.size).toBe(3);
  });

  it("sweeps as a managed identity, whose tokens are of version 1.0", async () => {
    const token = await tokenFrom(service.stack.azure, operatorIdentity, "api://goldsmith");
    expect(decodeJwt(token)).toMatchObject({ ver: "1.0" });
    const answer = await send("POST", "/api/sweep?dryRun=true", { Authorization: `Bearer ${token}` });
    expect(answer.status).toBe(202);
  });

  it("sends events as the application that the settings name, and as nobody else", async () => {
    const other = { specversion: "1.0", id: "1", source: `/subscriptions/${landscape.subscriptionId}`, type: "other" };
    const sender = await service.application("eventsender-application");
    expect((await send("POST", "/api/events", sender, other)).status).toBe(200);
    const person = await send("POST", "/api/events", await service.person("eventsender"), other);
    expect([person.status, await person.json()]).toMatchObject([
      403,
      { type: "urn:goldsmith:problem:sender-not-allowed" },
    ]);
  });

  it("sees and builds only the images that the role is for", async () => {
    const limited = await service.person("builder-aks");
    const { images } = (await (await send("GET", "/api/images", limited)).json()) as { images: { name: string }[] };
    expect(images.map(({ name }) => name)).toEqual(["aks-jumpbox"]);
    expect(await statusOf(limited, "/api/images/ubuntu-base")).toBe(403);
    expect((await send("POST", BUILDS, limited, { dryRun: true })).status).toBe(200);
    expect((await send("POST", "/api/images/ubuntu-base/builds", limited, { dryRun: true })).status).toBe(403);
  });
});

describe("somebody whose proof is none", () => {
  it.each<[string, () => Promise<Record<string, string>> | Record<string, string>]>([
    ["a token for Azure", async () => bearer(await tokenFrom(service.stack.azure, operatorIdentity))],
    ["a token that says that it needs no signature", async () => bearer(unsigned(await claims(), "local"))],
    ["a token of another signer", async () => bearer(await signed(await claims(), keyPair("local")))],
    ["a token signed by HMAC", async () => bearer(signedByPublicKey(await claims(), keyPair("local")))],
    ["a token of another tenant", async () => bearer(await signed({ ...(await claims()), tid: ID }, keyPair("two")))],
    ["a key of the service's as a token", () => bearer(service.keys["Reader"] ?? "")],
    ["a key that is none", () => ({ "X-Goldsmith-Key": "gsk_x" })],
    ["the platform's header", () => ({ "X-MS-CLIENT-PRINCIPAL": principal, "X-MS-CLIENT-PRINCIPAL-ID": "root" })],
    ["a key of the host", () => ({ "x-functions-key": "x" })],
  ])("is not let in with %s", async (_, make) => {
    expect(await statusOf(await make())).toBe(401);
  });

  it("is not let in with a key in the query, and with a proof as well that parameter is unknown", async () => {
    const key = service.keys["Reader"] ?? "";
    expect(await statusOf({}, `/api/images?code=${key}`)).toBe(401);
    expect(await statusOf({ "X-Goldsmith-Key": key }, "/api/images?code=x")).toBe(400);
  });

  it("is in the archive, without the proof", async () => {
    const token = (await service.person("reader"))["Authorization"] ?? "";
    expect((await send("POST", "/api/sweep", { Authorization: token })).status).toBe(403);
    const names: string[] = [];
    for await (const { name } of service.stack.container("archive").listBlobsFlat({ prefix: "audit/" }))
      names.push(name);
    const kept = (await Promise.all(names.map((name) => service.stack.archivedText(name)))).join("\n");
    expect(kept).toContain('"name": "reader@goldsmith.example"');
    expect(kept).toContain('"door": "startSweep"');
    const told = [kept, ...service.stack.log].join("\n");
    for (const secret of [token.split(".").at(-1) ?? "", ...Object.values(service.keys)])
      expect(told).not.toContain(secret);
  });
});

describe("a page in a browser", () => {
  const evil = { Origin: "https://evil.example.com" };

  it("is not told by OPTIONS that it may send anything, where its origin is not allowed", async () => {
    const answer = await send("OPTIONS", BUILDS, { ...evil, "Access-Control-Request-Method": "POST" });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  it("is told so, and sees the answer, where it is", async () => {
    const own = { Origin: service.stack.url };
    const asked = await send("OPTIONS", BUILDS, { ...own, "Access-Control-Request-Method": "POST" });
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-origin")).toBe(service.stack.url);
    const headers = { ...own, ...(await service.person("builder")), "X-Goldsmith-Request": "1" };
    const answer = await send("POST", BUILDS, headers, { dryRun: true });
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, service.stack.url]);
  });

  it("does not write for who has signed in, where its origin is not allowed", async () => {
    const headers = { ...evil, ...(await service.person("builder")), "X-Goldsmith-Request": "1" };
    expect((await send("POST", BUILDS, headers, {})).status).toBe(403);
  });
});

describe("another method", () => {
  it.each(["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])("is refused: %s", async (method) => {
    const answer = await send(method, BUILDS, await service.person("builder"));
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
  });
});

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const claims = async () => decodeJwt(((await service.person("reader"))["Authorization"] ?? "").replace("Bearer ", ""));
const principal = Buffer.from(JSON.stringify({ claims: [{ typ: "roles", val: "Reader" }] })).toString("base64");
