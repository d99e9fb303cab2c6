import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { Hook } from "../../../src/domain/hooks/hook.ts";
import { verifiedWebhook } from "../../../src/http/verifiedWebhook.ts";

const NOW = new Date("2027-01-15T02:00:00Z");
const SECONDS = String(NOW.getTime() / 1000);
const [KEY, OTHER] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const BODY = '{ "issue":  {"key": "OPS-1"} }';
const MAP = { images: ["*"], map: { image: { value: "web-1" } } };

const standard = Hook.parse({ signature: { kind: "standard-webhooks" }, secretNames: ["A"], ...MAP });
const own = (signature: object) =>
  Hook.parse({ signature: { kind: "hmac-sha256", header: "X-Signature", ...signature }, secretNames: ["A"], ...MAP });

const verify = (hook: Hook, headers: Record<string, string>, body = BODY, secrets = [KEY]) =>
  verifiedWebhook(hook, { headers: new Headers(headers), body: Buffer.from(body) }, secrets, NOW);
const hmac = (text: string, encoding: "hex" | "base64" = "hex", key = KEY) =>
  createHmac("sha256", key).update(text).digest(encoding);

/** As the library of Standard Webhooks signs it. */
function sent({ id = "msg_1", at = NOW, key = KEY, body = BODY } = {}): Record<string, string> {
  const signature = new Webhook(key.toString("base64")).sign(id, at, body);
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
}
const secondsOff = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

describe("a body signed as Standard Webhooks has it", () => {
  it("is known by its id, by whichever of the keys it is signed", () => {
    expect(verify(standard, sent())).toEqual({ kind: "verified", id: "msg_1" });
    expect(verify(standard, sent({ key: OTHER }), BODY, [KEY, OTHER])).toEqual({ kind: "verified", id: "msg_1" });
    const both = `v2,abc ${sent({ key: OTHER })["webhook-signature"]} ${sent()["webhook-signature"]}`;
    expect(verify(standard, { ...sent(), "webhook-signature": both })).toMatchObject({ kind: "verified" });
  });

  it.each<[string, string, Record<string, string>, string?]>([
    ["over the same value written anew", "hook-signature-wrong", sent(), JSON.stringify(JSON.parse(BODY))],
    ["by another key", "hook-signature-wrong", sent({ key: OTHER })],
    ["of another message's id", "hook-signature-wrong", { ...sent(), "webhook-id": "msg_2" }],
    ["of another time", "hook-signature-wrong", { ...sent(), "webhook-timestamp": String(Number(SECONDS) + 1) }],
    ["that is stale", "hook-timestamp-off", sent({ at: secondsOff(-301) })],
    ["of the future", "hook-timestamp-off", sent({ at: secondsOff(301) })],
    ["of a time that is none", "hook-timestamp-malformed", { ...sent(), "webhook-timestamp": "-1" }],
    [
      "of no time",
      "hook-timestamp-malformed",
      { "webhook-id": "msg_1", "webhook-signature": "v1," + hmac("", "base64") },
    ],
    ["with a dot in its id", "hook-id-malformed", sent({ id: "msg_1.5" })],
    ["with an empty id", "hook-id-malformed", sent({ id: "" })],
    [
      "of an unknown version",
      "hook-signature-malformed",
      { ...sent(), "webhook-signature": `v2,${hmac(BODY, "base64")}` },
    ],
    ["with an empty list of signatures", "hook-signature-malformed", { ...sent(), "webhook-signature": "" }],
    [
      "with ten thousand of them",
      "hook-signature-malformed",
      { ...sent(), "webhook-signature": Array(10_000).fill(sent()["webhook-signature"]).join(" ") },
    ],
    ["not at all", "hook-signature-missing", {}],
  ])("is refused where it is signed %s", (_, why, headers, body) => {
    expect(verify(standard, headers, body)).toEqual({ kind: "unverified", why });
  });
});

describe("a body signed in a system's own way", () => {
  it("is known by itself where only itself is signed, so that headers make no other message of it", () => {
    const hook = own({ prefix: "sha256=" });
    const first = verify(hook, { "X-Signature": `sha256=${hmac(BODY)}`, "webhook-id": "one" });
    expect(first).toMatchObject({ kind: "verified" });
    expect(verify(hook, { "x-signature": `sha256=${hmac(BODY).toUpperCase()}`, "webhook-id": "two" })).toEqual(first);
    const other = `${BODY} `;
    expect(verify(hook, { "X-Signature": `sha256=${hmac(other)}` }, other)).not.toEqual(first);
  });

  it("is told to be fresh by a timestamp that is signed, and known by an id that is", () => {
    const timed = own({ signs: "timestamp.body", timestampHeader: "X-Time", encoding: "base64" });
    const headers = { "X-Time": SECONDS, "X-Signature": hmac(`${SECONDS}.${BODY}`, "base64") };
    expect(verify(timed, headers)).toMatchObject({ kind: "verified" });
    const signs = "id.timestamp.body";
    const whole = own({ signs, timestampHeader: "X-Time", idHeader: "X-Id" });
    const signed = { "X-Time": SECONDS, "X-Id": "77", "X-Signature": hmac(`77.${SECONDS}.${BODY}`) };
    expect(verify(whole, signed)).toEqual({ kind: "verified", id: "77" });
    expect(verify(whole, { ...signed, "X-Id": "78" })).toMatchObject({ why: "hook-signature-wrong" });
  });

  it.each([
    ["without its prefix", hmac(BODY)],
    ["as another encoding", `sha256=${hmac(BODY, "base64")}`],
    ["by half of it", `sha256=${hmac(BODY).slice(0, 32)}`],
  ])("is refused %s", (_, signature) => {
    const hook = own({ prefix: "sha256=" });
    expect(verify(hook, { "X-Signature": signature })).toEqual({ kind: "unverified", why: "hook-signature-malformed" });
  });

  it("cannot be set to believe a timestamp or an id that is not signed", () => {
    expect(() => own({ timestampHeader: "X-Time" })).toThrow(/proves nothing/);
    expect(() => own({ signs: "timestamp.body", timestampHeader: "X-Time", idHeader: "X-Id" })).toThrow(
      /proves nothing/,
    );
  });
});
