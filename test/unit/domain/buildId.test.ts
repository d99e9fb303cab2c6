import { describe, expect, it } from "vitest";
import { imageOfBuild, newBuildId, scheduledBuildId, waitersFor } from "../../../src/domain/buildId.ts";

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

describe("who may wait for what is done to a template", () => {
  const id = "ubuntu-app-20260115-020000-k3fq";

  it("follows from its name", () => {
    expect(waitersFor(`${id}-a2`, "written")).toEqual([`${id}-template-2`, `${id}-wait-2`]);
    expect(waitersFor(`${id}-a2`, "run")).toEqual([`${id}-wait-2`]);
    expect(waitersFor(`${id}-a2`, "deleted")).toEqual([`${id}-remove-2-172800`, `${id}-remove-2-3600`]);
  });

  it.each(["golden", id, `${id}-a`, `${id}-a0`, `${id}-a12`, `${id}-a1-staging`, `x/${id}-a1`, `${id}-a1#`, "-a1"])(
    "is nobody for a template that is called %s",
    (name) => {
      expect(waitersFor(name, "run")).toEqual([]);
    },
  );
});
