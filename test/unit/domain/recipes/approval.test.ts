import { describe, expect, it } from "vitest";
import { approval } from "../../../../src/domain/recipes/approval.ts";

describe("a recipe's approval", () => {
  it("is waited for three days unless told", () => {
    expect(approval.parse({ before: "build" })).toEqual({ before: "build", expires: "3d" });
  });

  it.each(["1h", "90m", "30d"])("may be waited for %s", (expires) => {
    expect(approval.safeParse({ before: "build", expires }).success).toBe(true);
  });

  it.each(["59m", "31d", "0d", "3", "forever"])("cannot be waited for %s", (expires) => {
    expect(approval.safeParse({ before: "build", expires }).success).toBe(false);
  });

  it("has to be before something that can wait", () => {
    expect(approval.safeParse({ before: "publish" }).success).toBe(false);
    expect(approval.safeParse({}).success).toBe(false);
  });
});
