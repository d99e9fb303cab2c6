import { describe, expect, it } from "vitest";
import { asApplication, askerOf, type Decider } from "../../../src/domain/ownRequest.ts";

const TENANT = "11111111-1111-4111-8111-111111111111";
const [ADA = "", APP = ""] = ["aaaaaaaa", "cccccccc"].map((one) => `${TENANT}/${one}-1111-4111-8111-111111111111`);
const BOB = `${TENANT}/bbbbbbbb-1111-4111-8111-111111111111`;

const bob: Decider = { kind: "user", id: BOB, name: "bob@example.com" };
const bobOfNow: Decider = { kind: "system", system: "now", application: APP, person: "bob.id", name: "Bob Ross" };
const by = (requester: string | undefined, requestedBy?: string) => ({
  ...(requester === undefined ? {} : { requester }),
  ...(requestedBy === undefined ? {} : { ticket: { system: "ServiceNow", number: "1", requestedBy } }),
});

describe("a person of Entra ID", () => {
  it.each<[string, ReturnType<typeof by>, string]>([
    ["another person's", by(ADA), "somebody else"],
    ["the schedule's", by(undefined), "somebody else"],
    ["the own", by(BOB), "the same"],
    ["another person's for the own ticket", by(ADA, "bob@example.com"), "the same"],
    ["a system's for the own ticket", by("key/now", " Bob@Example.com"), "the same"],
    ["a system's for the own object id", by("hook/now", BOB.split("/")[1]), "the same"],
    ["a system's for another name of Entra ID", by("key/now", "ada@example.com"), "somebody else"],
    ["a system's for another object id", by("key/now", ADA), "somebody else"],
    ["an application's for another name of Entra ID", by(asApplication(APP), "ada@example.com"), "somebody else"],
    ["a system's for nobody", by("key/now"), "unknown"],
    ["an application's for nobody", by(asApplication(APP)), "unknown"],
    ["a system's for a name of its own", by("key/now", "bob.id"), "unknown"],
    ["a system's for a name to read", by("hook/now", "Bob Ross"), "unknown"],
  ])("decides on %s request as on that of %o: %s", (_, request, told) => {
    expect(askerOf(request, bob)).toBe(told);
  });

  it("without a name cannot be told from one whom a ticket names by it", () => {
    expect(askerOf(by("key/now", "bob@example.com"), { kind: "user", id: BOB })).toBe("unknown");
  });
});

describe("a person of a ticket system", () => {
  it.each<[string, ReturnType<typeof by>, string]>([
    ["the schedule's", by(undefined), "somebody else"],
    ["the system's for another one", by(asApplication(APP), "ada.id"), "somebody else"],
    ["its hook's for another one", by("hook/now", "ada.id"), "somebody else"],
    ["its key's for another one", by("key/now", "ada.id"), "somebody else"],
    ["the system's for the same", by(asApplication(APP), "BOB.id"), "the same"],
    ["the system's for the same by name", by("hook/now", "bob ross "), "the same"],
    ["the system's for nobody", by(asApplication(APP)), "unknown"],
    ["another system's", by("hook/jira", "ada.id"), "unknown"],
    ["a person's of Entra ID, whoever that is", by(BOB, "ada.id"), "unknown"],
    ["a person's with the own ticket", by(ADA, "bob.id"), "the same"],
  ])("decides on %s request as on that of %o: %s", (_, request, told) => {
    expect(askerOf(request, bobOfNow)).toBe(told);
  });
});
