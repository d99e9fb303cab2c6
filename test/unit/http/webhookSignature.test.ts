import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { SECRET, signedHeaders } from "../../../src/http/webhookSignature.ts";

const OLD = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const NEW = `whsec_${Buffer.alloc(24, 2).toString("base64")}`;
const message = { id: "jumpbox-20260115-020304-a7a7-finished", body: '{ "what":  "ü" }' };

describe("a signed message", () => {
  it("is verified by the library of Standard Webhooks", () => {
    const headers = signedHeaders(message, [OLD], new Date());
    expect(new Webhook(OLD).verify(message.body, headers)).toEqual({ what: "ü" });
  });

  it("is verified by the old key and by the new one while keys are changed", () => {
    const headers = signedHeaders(message, [NEW, OLD], new Date());
    for (const key of [OLD, NEW]) expect(new Webhook(key).verify(message.body, headers)).toEqual({ what: "ü" });
    expect(() => new Webhook(NEW).verify(message.body, signedHeaders(message, [OLD], new Date()))).toThrow();
  });

  it("is not verified by a body that was written anew, another id, or an old time", () => {
    const headers = signedHeaders(message, [OLD], new Date());
    const hook = new Webhook(OLD);
    expect(() => hook.verify(JSON.stringify(JSON.parse(message.body)), headers)).toThrow();
    expect(() => hook.verify(message.body, { ...headers, "webhook-id": "another" })).toThrow();
    const stale = signedHeaders(message, [OLD], new Date(Date.now() - 600_000));
    expect(() => hook.verify(message.body, stale)).toThrow();
  });
});

describe("a key", () => {
  it.each([OLD, NEW])("is %s", (key) => expect(key).toMatch(SECRET));
  it.each(["", "whsec_", "whsec_c2hvcnQ=", "hunter2", "@Microsoft.KeyVault(SecretUri=https://kv.test/secrets/a)"])(
    "is not %s",
    (key) => expect(key).not.toMatch(SECRET),
  );
});

describe("the verification in docs/callbacks.md", () => {
  it("takes what is genuine, and nothing that is stale, written anew or signed by another key", async () => {
    const docs = readFileSync(join(import.meta.dirname, "..", "..", "..", "docs", "callbacks.md"), "utf8");
    const code = /```js\n([^]*?)```/.exec(docs)?.[1] ?? "";
    const module: unknown = await import(`data:text/javascript,${encodeURIComponent(`${code}export { isGenuine };`)}`);
    const { isGenuine } = module as { isGenuine: (headers: object, body: string, key: string) => boolean };
    const headers = signedHeaders(message, [NEW, OLD], new Date());
    expect([OLD, NEW].map((key) => isGenuine(headers, message.body, key))).toEqual([true, true]);
    expect(isGenuine(headers, JSON.stringify(JSON.parse(message.body)), NEW)).toBe(false);
    expect(isGenuine(signedHeaders(message, [NEW], new Date(Date.now() - 600_000)), message.body, NEW)).toBe(false);
    expect(isGenuine(signedHeaders(message, [OLD], new Date()), message.body, NEW)).toBe(false);
  });
});
