import { describe, expect, it } from "vitest";
import { imageOfBuild, newBuildId, scheduledBuildId } from "../../../src/domain/buildId.ts";

describe("build ids", () => {
  it("tell their image, and hold only what needs no escaping in a URL", () => {
    const id = newBuildId("aks-jumpbox", new Date("2026-01-15T02:03:04.567Z"), [0, 31, 32, 255]);
    expect(id).toBe("aks-jumpbox-20260115-020304-a7a7");
    expect(imageOfBuild(id)).toBe("aks-jumpbox");
  });

  it("are the same for one occurrence of a schedule, and others for another installation or occurrence", () => {
    const [hour, next] = [new Date("2026-01-15T02:00:00Z"), new Date("2026-01-16T02:00:00Z")];
    const id = scheduledBuildId("aks-jumpbox", hour, "one");
    expect(imageOfBuild(id)).toBe("aks-jumpbox");
    expect(scheduledBuildId("aks-jumpbox", hour, "one")).toBe(id);
    expect(scheduledBuildId("aks-jumpbox", hour, "other")).not.toBe(id);
    expect(scheduledBuildId("aks-jumpbox", next, "one")).not.toBe(id);
  });

  it.each([
    "aks-jumpbox",
    "@goldsmith@x",
    "aks-jumpbox-20260115-020304-a7a7-wait-1",
    "../aks-jumpbox-20260115-020304-a7a7",
    "aks-jumpbox-20260115-020304-a7a7?x=1",
    "aks-jumpbox-20260115-020304-a7a7#",
    "aks-jumpbox-20260115-020304-a7a7.",
    `${"a".repeat(300)}-20260115-020304-a7a7`,
    "",
  ])("are not %s", (text) => {
    expect(imageOfBuild(text)).toBeUndefined();
  });
});
