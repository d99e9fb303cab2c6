import { describe, expect, it } from "vitest";
import { redact, redactLines } from "../../../src/domain/redaction.ts";

describe("redact", () => {
  it.each([
    ["curl https://a.blob.core.windows.net/c/f?sv=1&sig=abc%2Bdef%3D&se=2", "abc%2Bdef"],
    ["AccountName=a;AccountKey=Zm9vYmFy==;EndpointSuffix=x", "Zm9vYmFy"],
    ["Authorization: Bearer eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl", "c2lnbmF0dXJl"],
    ["token eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.SflKxwRJSMeKKF2QT4", "SflKxwRJSMeKKF2QT4"],
    ["export DB_PASSWORD=hunter2", "hunter2"],
    ['{"client_secret": "hunter2"}', "hunter2"],
    ["git clone https://me:hunter2@example.com/repo", "hunter2"],
    ["GH_TOKEN ghp_abcdefghijklmnopqrstuvwxyz0123456789", "ghp_abcdefghij"],
  ])("takes the secret out of: %s", (line, secret) => {
    expect(redact(line)).toContain("[redacted]");
    expect(redact(line)).not.toContain(secret);
  });

  it.each(["==> azure-arm: kubectl version --client", "Setting up password-store (1.7.4) ...", "key=value"])(
    "leaves as it is: %s",
    (line) => {
      expect(redact(line)).toBe(line);
    },
  );
});

async function* chunks() {
  yield Buffer.from("one\nDB_PASS");
  yield Buffer.from("WORD=hun");
  yield Buffer.from("ter2\nthree ");
  yield Buffer.from([0xc3]);
  yield Buffer.from([0xa4]);
}

describe("redactLines", () => {
  it("misses no secret where two chunks meet", async () => {
    let text = "";
    for await (const part of redactLines(chunks())) text += part;
    expect(text).toBe("one\nDB_PASSWORD=[redacted]\nthree ä");
  });
});
