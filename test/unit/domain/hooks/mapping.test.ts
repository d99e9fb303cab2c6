import { describe, expect, it } from "vitest";
import { type Mapped, Mapping, mapped } from "../../../../src/domain/hooks/mapping.ts";

const SENT = {
  number: "RITM0012345",
  "opened/by": { "na~me": "Ada" },
  variables: { image: "AKS jumpbox", kernel: "6", reboot: "true", empty: "", list: ["a", "b"] },
};
const read = (mapping: object, sent: unknown = SENT): Mapped => mapped(Mapping.parse(mapping), sent as never);
const image = { value: "aks-jumpbox" };
const detailOf = (rule: object, sent?: unknown) => {
  const made = read({ image: rule }, sent);
  return made.kind === "unmapped" ? made.errors : made;
};

describe("a mapping", () => {
  it("makes a request for a build of constants, and of what a body has", () => {
    const made = read({
      image: { from: "/variables/image", map: { "AKS jumpbox": "aks-jumpbox" } },
      reason: { from: "/variables/list/1" },
      ticket: {
        system: { value: "ServiceNow" },
        number: { from: "/number" },
        requestedBy: { from: "/opened~1by/na~0me" },
        url: { from: "/nothing/here", optional: true },
      },
      parameters: {
        kernel: { from: "/variables/kernel", as: "integer" },
        reboot: { from: "/variables/reboot", as: "boolean" },
        channel: { from: "/variables/empty", optional: true },
      },
    });
    expect(made).toEqual({
      kind: "mapped",
      image: "aks-jumpbox",
      body: {
        reason: "b",
        ticket: { system: "ServiceNow", number: "RITM0012345", requestedBy: "Ada" },
        parameters: { kernel: 6, reboot: true },
      },
    });
  });

  it.each([
    ["has nothing there", { from: "/variables/none" }, "nothing at /variables/none"],
    ["has an empty text there", { from: "/variables/empty" }, "nothing at /variables/empty"],
    ["has a whole object there", { from: "/variables" }, "no single value at /variables"],
    ["has a word there that is not mapped", { from: "/variables/image", map: { other: "x" } }, "not among the words"],
    ["has a word that every object has", { from: "/word", map: { other: "x" } }, "not among the words"],
    ["has what every object has", { from: "/constructor" }, "nothing at /constructor"],
    ["has no number there", { from: "/number", as: "integer" }, "no integer"],
    ["has an item beyond a list's end there", { from: "/variables/list/2" }, "nothing at"],
    ["has an item there that is written oddly", { from: "/variables/list/01" }, "nothing at"],
  ])("is told where the body %s, without the value", (_, rule, detail) => {
    const told = detailOf(rule, { ...SENT, word: "constructor" });
    expect(told).toEqual([{ pointer: "/image", detail: expect.stringContaining(detail) }]);
    expect(JSON.stringify(told)).not.toMatch(/RITM|jumpbox/);
  });

  it("tells all that does not fit at once", () => {
    const made = read({ image: { from: "/a" }, ticket: { system: { value: "x" }, number: { from: "/b" } } });
    expect(made).toMatchObject({ kind: "unmapped", errors: [{ pointer: "/image" }, { pointer: "/ticket/number" }] });
  });

  it.each(["number", "/a~2", "", "$.number"])("is not taken with the pointer '%s'", (from) => {
    expect(Mapping.safeParse({ image, reason: { from } }).success).toBe(false);
  });
});
