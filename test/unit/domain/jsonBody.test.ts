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
  it.each([
    "{}",
    '{"reason":"nightly"}',
    '{"reason":"nächtlich 😀"}',
    '{"ticket":{"system":"ServiceNow","number":"RITM1"}}',
    '{"ticket":{"system":"ServiceNow","number":"RITM1","url":"https://example.com/a?to=b@c"}}',
  ])("takes %s", (body) => {
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
    ["a line separator", '{"reason":"a\\u2028b"}', 400],
    ["a paragraph separator", '{"reason":"a\\u2029b"}', 400],
    ["a zero-width space", '{"reason":"a\\u200bb"}', 400],
    ["a byte order mark inside", '{"reason":"a\\ufeffb"}', 400],
    ["a soft hyphen", '{"ticket":{"system":"a\\u00adb","number":"1"}}', 400],
    ["a lone surrogate", '{"reason":"a\\ud83db"}', 400],
    ["a ticket URL with a user", '{"ticket":{"system":"a","number":"1","url":"https://example.com@evil.test/"}}', 400],
    ["a ticket URL with a password", '{"ticket":{"system":"a","number":"1","url":"https://:pw@example.com/"}}', 400],
    [
      "a ticket URL with bidirectional controls",
      '{"ticket":{"system":"a","number":"1","url":"https://example.com/\\u202eb"}}',
      400,
    ],
    ["a ticket URL that is none", '{"ticket":{"system":"a","number":"1","url":"https://"}}', 400],
    ["a ticket URL that is not https", '{"ticket":{"system":"a","number":"1","url":"file:///etc/passwd"}}', 400],
    ["a ticket URL that is a script", '{"ticket":{"system":"a","number":"1","url":"javascript:alert(1)"}}', 400],
  ])("refuses %s", (_, body, status, headers) => {
    expect(parse(body, headers)).toMatchObject({ kind: "refused", problem: { status } });
  });

  it("does not repeat what it was sent", () => {
    const refused = parse('{"reason":{"secret":"hunter2"},"ticket":"hunter2"}');
    expect(JSON.stringify(refused)).not.toContain("hunter2");
  });

  it.each<[string, string, string]>([
    ["names an unknown field", '{"role":1}', "There is an unknown field: role."],
    ["does not repeat a name that is no plain identifier", '{"password=hunter2":1}', "There is an unknown field."],
    ["does not repeat a long name", `{"${"a".repeat(41)}":1}`, "There is an unknown field."],
    ["tells that there are others", '{"role":1,"a b":2}', "There is an unknown field: role, and more."],
    [
      "names a few of many",
      JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`f${n}`, n]))),
      "There is an unknown field: f0, f1, f2, f3, f4, and more.",
    ],
  ])("%s", (_, body, detail) => {
    expect(parse(body)).toMatchObject({ problem: { errors: [{ pointer: "", detail }] } });
  });

  it("says where the fault is, as a JSON pointer", () => {
    const refused = parse('{"ticket":{"system":"a"}}');
    expect(refused).toMatchObject({ problem: { errors: [{ pointer: "/ticket/number" }] } });
  });
});
