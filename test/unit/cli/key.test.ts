import { describe, expect, test } from "vitest";
import { callerOfKey } from "../../../src/auth/apiKeys.ts";
import { goldsmith } from "../../../src/cli/goldsmith.ts";
import { ApiKeys } from "../../../src/domain/apiKey.ts";

function unused(): never {
  throw new Error("is not for this command");
}

function key(...args: string[]) {
  const result = { out: "", err: "" };
  const code = goldsmith(["key", ...args], {
    read: unused,
    write: unused,
    now: unused,
    readRecipes: unused,
    environmentsIn: unused,
    recipesBelow: unused,
    out: (text) => void (result.out += text),
    err: (text) => void (result.err += text),
  });
  return { code, ...result };
}

const keyIn = (out: string) => /^ {2}(gsk_\S+)$/m.exec(out)?.[1] ?? "";
const entryIn = (out: string) => /^ {2}(\{.*\})$/m.exec(out)?.[1] ?? "";

describe("goldsmith key new", () => {
  test("makes a key that its entry lets in, with the roles and for the images that were asked for", () => {
    const { code, out } = key("new", "service-now", "--role", "Reader", "--role", "Builder", "--image", "web-*");
    expect(code).toBe(0);
    const keys = ApiKeys.parse(JSON.parse(`[${entryIn(out)}]`));
    expect(callerOfKey(keys, keyIn(out))).toEqual({
      kind: "key",
      id: "key/service-now",
      name: "service-now",
      roles: ["Reader", "Builder"],
      limits: { Reader: ["web-*"], Builder: ["web-*"] },
    });
  });

  test("has 256 bits behind the prefix, others each time, and the entry tells none of them", () => {
    const [one, other] = [key("new", "a", "--role", "Reader").out, key("new", "a", "--role", "Reader").out];
    expect(Buffer.from(keyIn(one).slice(4), "base64url")).toHaveLength(32);
    expect(keyIn(one)).not.toBe(keyIn(other));
    expect(entryIn(one)).not.toContain(keyIn(one).slice(4));
  });

  test.each([
    ["a key that approves", ["new", "a", "--role", "Approver"], /--role takes Reader.*no key approves/],
    ["a role that there is not", ["new", "a", "--role", "Owner"], /--role takes/],
    ["no role", ["new", "a"], /--role is missing/],
    ["no name", ["new", "--role", "Reader"], /takes new and one name/],
    ["a name with a space", ["new", "a b", "--role", "Reader"], /NAME takes/],
    ["an image that none is called", ["new", "a", "--role", "Reader", "--image", "*web"], /--image takes/],
    ["another word", ["list"], /takes new and one name/],
  ])("does not understand %s", (_, args, told) => {
    const { code, out, err } = key(...args);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toMatch(told);
  });
});

describe("a key", () => {
  const { out } = key("new", "reader", "--role", "Reader");
  const keys = ApiKeys.parse(JSON.parse(`[${entryIn(out)}]`));
  const right = keyIn(out);

  test.each([
    ["with a letter changed", right.slice(0, -2) + (right.at(-2) === "A" ? "B" : "A") + right.at(-1)],
    ["without its prefix", right.slice(4)],
    ["with a blank behind", `${right} `],
    ["that is its hash", keys[0]?.sha256 ?? ""],
    ["that is empty", ""],
  ])("lets nobody in %s", (_, wrong) => {
    expect(callerOfKey(keys, right)).toMatchObject({ id: "key/reader" });
    expect(callerOfKey(keys, wrong)).toBeUndefined();
  });

  test("can be changed for a new one under the same name, but is in the list once", () => {
    const next = entryIn(key("new", "reader", "--role", "Reader").out);
    expect(ApiKeys.safeParse(JSON.parse(`[${entryIn(out)},${next}]`)).success).toBe(true);
    expect(ApiKeys.safeParse(JSON.parse(`[${entryIn(out)},${entryIn(out)}]`)).success).toBe(false);
  });
});
