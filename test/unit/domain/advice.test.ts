import { expect, it } from "vitest";
import { advise } from "../../../src/domain/advice.ts";
import { lacksAccess } from "../../../src/domain/templateState.ts";

it("says the code where Azure says nothing else", () => {
  expect(advise("ContainerNotFound", "")).toMatchObject({ code: "ContainerNotFound", message: "ContainerNotFound" });
});

const DENIED = [
  "The client 'x' cannot perform action 'y' over scope '/z': access is blocked by deny assignments with id '/d' at scope '/z'.",
  "The client 'x' has permission to perform action 'y' on scope '/z'; however, the access is denied because of the deny assignment with name 'd' and Id 'e' at scope '/z'.",
];

it.each(DENIED)("says of what a deny assignment forbids that no grant helps, whatever the code: %s", (message) => {
  for (const code of ["DenyAssignmentAuthorizationFailed", "AuthorizationFailed"]) {
    expect(advise(code, message)).toMatchObject({ why: expect.stringContaining("deny assignment"), owner: "identity" });
  }
});

const failed = (errorMessage: string) => lacksAccess({ state: "Failed", errorMessage });

it("waits for no grant to become effective where a deny assignment forbids", () => {
  expect(failed("AuthorizationFailed: does not have authorization to perform action")).toBe(true);
  for (const message of DENIED) expect(failed(`AuthorizationFailed: ${message}`)).toBe(false);
});
