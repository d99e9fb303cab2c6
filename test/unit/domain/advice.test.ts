import { expect, it } from "vitest";
import { advise } from "../../../src/domain/advice.ts";

it("says the code where Azure says nothing else", () => {
  expect(advise("ContainerNotFound", "")).toMatchObject({ code: "ContainerNotFound", message: "ContainerNotFound" });
});
