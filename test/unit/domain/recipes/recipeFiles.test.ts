import { expect, it } from "vitest";
import { faultText } from "../../../../src/domain/recipes/fault.ts";
import { catalogueIn } from "../../../../src/domain/recipes/recipeFiles.ts";
import { besideFile } from "../../../support/besideFile.ts";

const sound = (name: string) => `name: ${name}
description: d
location: westeurope
source: {type: PlatformImage, publisher: p, offer: o, sku: s}
vmProfile: {vmSize: Standard_D2s_v5}
distribute: {type: ManagedImage, imageId: /resourceGroups/rg-images/providers/Microsoft.Compute/images/${name}}
`;

function read(file: string) {
  if (file === "bad.yaml") throw new RangeError("of password=hunter2-of-mine");
  return besideFile(sound(file.replace(".yaml", "")));
}

it("has a recipe as broken that we fail on ourselves, with what to report and no secret in it, and all others", () => {
  const paths = ["a.yaml", "bad.yaml", "c.yaml"];
  const { recipes, broken } = catalogueIn({ paths, read }, {});
  expect([...recipes.keys()]).toEqual(["a", "c"]);
  expect([...broken.keys()]).toEqual(["bad"]);
  expect(broken.get("bad")?.map(faultText)).toEqual([
    expect.stringMatching(
      /^bad\.yaml:1:1: the recipe: cannot be read, by a mistake in Goldsmith .*; please report it: RangeError: of password=/,
    ),
  ]);
  expect(JSON.stringify([...broken])).not.toContain("hunter2");
});
