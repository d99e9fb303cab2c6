import { describe, expect, it } from "vitest";
import { Notify } from "../../../../src/domain/callbacks/notify.ts";
import { CallbackTarget, notAllowed } from "../../../../src/domain/callbacks/targets.ts";

const entries = [
  { origin: "https://tickets.example.com", path: "/api/hooks", secretNames: ["A"] },
  { origin: "http://127.0.0.1:7777", secretNames: ["A"], development: true },
];
const targets = entries.map((entry) => CallbackTarget.parse(entry));
const refused = (url: string) => {
  const parsed = Notify.safeParse([{ url }]);
  return !parsed.success || notAllowed(parsed.data, targets).length > 0;
};

describe("a callback's URL", () => {
  it.each([
    "https://tickets.example.com/api/hooks",
    "https://tickets.example.com:443/api/hooks/goldsmith",
    "https://TICKETS.example.com/api/./hooks/x",
    "http://127.0.0.1:7777/anything",
  ])("may be %s", (url) => expect(refused(url)).toBe(false));

  it.each([
    ["another host", "https://example.com/api/hooks"],
    ["a host that ends like it", "https://eviltickets.example.com/api/hooks"],
    ["a trailing dot", "https://tickets.example.com./api/hooks"],
    ["another port", "https://tickets.example.com:8443/api/hooks"],
    ["http", "http://tickets.example.com/api/hooks"],
    ["file", "file:///etc/passwd"],
    ["another path", "https://tickets.example.com/api"],
    ["a path that begins like it", "https://tickets.example.com/api/hooksevil"],
    ["a way up", "https://tickets.example.com/api/hooks/../admin"],
    ["an encoded way up", "https://tickets.example.com/api/hooks/%2e%2e/admin"],
    ["an encoded slash", "https://tickets.example.com/api/hooks/..%2fadmin"],
    ["an encoded percent sign", "https://tickets.example.com/api/hooks/%252e%252e/admin"],
    ["path parameters", "https://tickets.example.com/api/hooks/..;/admin"],
    ["a backslash", "https://tickets.example.com/api/hooks\\..\\admin"],
    ["userinfo", "https://u:p@tickets.example.com/api/hooks"],
    ["a host as userinfo", "https://tickets.example.com@evil.test/api/hooks"],
    ["a query", "https://tickets.example.com/api/hooks?token=x"],
    ["a fragment", "https://tickets.example.com/api/hooks#x"],
    ["a line break", "https://tickets.example.com/api/hooks/\nx"],
    ["bidirectional controls", "https://tickets.example.com/api/hooks/\u202e"],
    ["the metadata service", "https://169.254.169.254/metadata"],
    ["a decimal IP", "https://2130706433/"],
    ["another port of the loopback", "http://127.0.0.1:7071/admin"],
    ["no URL", "tickets"],
  ])("may not have %s", (_, url) => expect(refused(url)).toBe(true));

  it("is one of five at most, with events that there are", () => {
    const url = "https://tickets.example.com/api/hooks";
    expect(Notify.safeParse(Array.from({ length: 5 }, () => ({ url }))).success).toBe(true);
    expect(Notify.safeParse(Array.from({ length: 6 }, () => ({ url }))).success).toBe(false);
    expect(Notify.safeParse([]).success).toBe(false);
    expect(Notify.safeParse([{ url, events: ["finished", "leftovers"] }]).success).toBe(true);
    expect(Notify.safeParse([{ url, events: ["exploded"] }]).success).toBe(false);
    expect(Notify.safeParse([{ url, events: [] }]).success).toBe(false);
  });
});

describe("a target", () => {
  it.each([
    ["http beyond this machine", { origin: "http://tickets.example.com" }],
    ["a path in its origin", { origin: "https://tickets.example.com/x" }],
    ["this machine without saying that it is for development", { origin: "http://127.0.0.1:7777" }],
    ["development beyond this machine", { origin: "https://tickets.example.com", development: true }],
    ["no key", { origin: "https://tickets.example.com", secretNames: [] }],
  ])("may not have %s", (_, entry) => {
    expect(CallbackTarget.safeParse({ secretNames: ["A"], ...entry }).success).toBe(false);
  });
});
