import { describe, expect, it } from "vitest";
import { admitting, doorOf, keyCaller } from "../../support/admitting.ts";

const OWN = "https://goldsmith.example.com";
const ask = async (method: "GET" | "POST", headers: Record<string, string>) =>
  (await admitting({ caller: keyCaller(["Builder"]) })).ask(doorOf("Builder", { method }), { headers });

describe("a write", () => {
  it.each<[string, Record<string, string>]>([
    ["another origin", { Origin: "https://evil.example.com", "X-Goldsmith-Request": "1" }],
    ["another port", { Origin: `${OWN}:8443`, "X-Goldsmith-Request": "1" }],
    ["the same host without TLS", { Origin: "http://goldsmith.example.com", "X-Goldsmith-Request": "1" }],
    ["an origin that begins with ours", { Origin: `${OWN}.evil.example.com`, "X-Goldsmith-Request": "1" }],
    ["no origin that is told, as of a sandboxed frame", { Origin: "null", "X-Goldsmith-Request": "1" }],
    ["a browser that tells no origin", { "Sec-Fetch-Site": "same-origin", "X-Goldsmith-Request": "1" }],
    ["our own origin by a form, without the header", { Origin: OWN }],
    ["our own origin with another value of the header", { Origin: OWN, "X-Goldsmith-Request": "yes" }],
  ])("is refused from a page of %s", async (_, headers) => {
    expect(await ask("POST", headers)).toMatchObject({ kind: "refused", status: 403 });
  });

  it("is taken from a page of an allowed origin with the header, and from what is no browser", async () => {
    expect(
      await ask("POST", { Origin: OWN, "X-Goldsmith-Request": "1", "Sec-Fetch-Site": "same-origin" }),
    ).toMatchObject({
      kind: "in",
    });
    expect(await ask("POST", {})).toMatchObject({ kind: "in" });
  });

  it("is refused for its origin before anybody looks at who sends it, and audited", async () => {
    const it = await admitting({ authentication: { kind: "open" } });
    const headers = { Origin: "https://evil.example.com" };
    expect(await it.ask(doorOf("Builder"), { headers })).toMatchObject({ status: 403 });
    expect(await it.audited("browser-write")).toMatchObject([{ count: 1 }]);
  });
});

describe("a read", () => {
  it("needs no origin: a page of another one cannot see the answer", async () => {
    expect(await ask("GET", { Origin: "https://evil.example.com" })).toMatchObject({ kind: "in" });
  });
});
