import { describe, expect, it } from "vitest";
import { lostToThrottling } from "../../../bench/lostToThrottling.ts";
import { remainsIn } from "../../../bench/remains.ts";
import { builderIdentity } from "../../../local/landscape.ts";

const ground = { resourceGroups: [{ name: "rg-images", location: "westeurope" }] };
const version = (build: string) => ({
  id: `v-${build}`,
  type: "x/images/versions",
  tags: { "goldsmith-build": build },
});
const clean = {
  resourceGroups: [{ name: "rg-images" }],
  resources: [version("b1"), version("b2")],
  roleAssignments: [],
};
const NOTHING = { grants: [], templates: [], groups: [], versionless: [] };

describe("what builds leave in the cloud", () => {
  it("is nothing where each has its image version, and all else is as before", () => {
    expect(remainsIn(clean, ground, ["b1", "b2"])).toEqual(NOTHING);
  });

  it.each([
    ["a grant of the builder's", { roleAssignments: [{ id: "g", properties: builderIdentity }] }, { grants: ["g"] }],
    [
      "a template",
      { resources: [...clean.resources, { id: "t", type: "Microsoft.VirtualMachineImages/imageTemplates" }] },
      { templates: ["t"] },
    ],
    ["a staging group", { resourceGroups: [...clean.resourceGroups, { name: "IT_b1" }] }, { groups: ["IT_b1"] }],
    ["a group that is gone", { resourceGroups: [] }, { groups: ["rg-images"] }],
    ["no image version", { resources: [version("b1")] }, { versionless: ["b2"] }],
    ["two image versions", { resources: [...clean.resources, version("b1")] }, { versionless: ["b1"] }],
  ])("is told where it is %s", (_, change, told) => {
    expect(remainsIn({ ...clean, ...change }, ground, ["b1", "b2"])).toEqual({ ...NOTHING, ...told });
  });
});

const get = (path: string, status: number) => ({ kind: "arm" as const, method: "GET", path, status, time: "" });

describe("a request that is throttled", () => {
  it("is not lost where it is made again and answered", () => {
    expect(lostToThrottling([get("/a", 429), get("/a", 429), get("/b", 200), get("/a", 200)])).toEqual([]);
  });

  it("is lost where nobody makes it again until it is answered", () => {
    const put = { ...get("/a", 200), method: "PUT" };
    expect(lostToThrottling([get("/a", 200), get("/a", 429), get("/a", 429), put])).toEqual(["GET /a"]);
  });
});
