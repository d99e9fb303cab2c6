import { describe, expect, it } from "vitest";
import { BuildRequestBody } from "../../../src/domain/buildRequest.ts";
import { LARGEST_BODY, parseJsonBody } from "../../../src/domain/jsonBody.ts";

const parse = (body: string | Uint8Array, headers: { contentType?: string | null; contentEncoding?: string } = {}) =>
  parseJsonBody(BuildRequestBody, typeof body === "string" ? new TextEncoder().encode(body) : body, {
    contentType: "application/json",
    contentEncoding: null,
    ...headers,
  });

describe("parseJsonBody", () => {
  it.each(["{}", '{"reason":"nightly"}', '{"ticket":{"system":"ServiceNow","number":"RITM1"}}'])("takes %s", (body) => {
    expect(parse(body).kind).toBe("parsed");
  });

  it.each<[string, string | Uint8Array, number, Parameters<typeof parse>[1]?]>([
    ["an empty body", "", 400],
    ["malformed JSON", '{"reason":', 400],
    ["JSON that is no object", "[]", 400],
    ["another content type", "{}", 415, { contentType: "text/plain" }],
    ["no content type", "{}", 415, { contentType: null }],
    ["another character set", "{}", 415, { contentType: "application/json; charset=utf-16" }],
    ["a compressed body", "{}", 415, { contentEncoding: "gzip" }],
    ["a body over the size limit", `{"reason":"${"x".repeat(LARGEST_BODY)}"}`, 413],
    ["JSON 10,000 levels deep", `{"reason":${"[".repeat(10_000)}${"]".repeat(10_000)}}`, 400],
    ["JSON 30,000 levels deep", `${"[".repeat(30_000)}${"]".repeat(30_000)}`, 400],
    ["a name that stands twice", '{"reason":"a","reason":"b"}', 400],
    ["a name that stands twice inside", '{"ticket":{"system":"a","number":"1","number":"2"}}', 400],
    ["__proto__", '{"__proto__":{"reason":"x"}}', 400],
    ["constructor", '{"constructor":{"prototype":{}}}', 400],
    ["a wrong type", '{"reason":5}', 400],
    ["an unknown field", '{"image":"other"}', 400],
    ["a principal of the caller's", '{"principalId":"22222222-3333-4444-8555-666666666666"}', 400],
    ["invalid UTF-8", Uint8Array.from([0x7b, 0xff, 0x7d]), 400],
    ["a NUL", '{"reason":"a\\u0000b"}', 400],
    ["line ends", '{"reason":"a\\r\\nX-Forged: 1"}', 400],
    ["bidirectional controls", '{"reason":"a\\u202eb"}', 400],
    ["a ticket URL that is not https", '{"ticket":{"system":"a","number":"1","url":"file:///etc/passwd"}}', 400],
    ["a ticket URL that is a script", '{"ticket":{"system":"a","number":"1","url":"javascript:alert(1)"}}', 400],
  ])("refuses %s", (_, body, status, headers) => {
    expect(parse(body, headers)).toMatchObject({ kind: "refused", problem: { status } });
  });

  it("does not repeat what it was sent", () => {
    const refused = parse('{"reason":{"secret":"hunter2"},"ticket":"hunter2"}');
    expect(JSON.stringify(refused)).not.toContain("hunter2");
  });

  it("says where the fault is, as a JSON pointer", () => {
    const refused = parse('{"ticket":{"system":"a"}}');
    expect(refused).toMatchObject({ problem: { errors: [{ pointer: "/ticket/number" }] } });
  });
});
