import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { faultText } from "../../src/domain/recipes/fault.ts";
import { readCatalogue } from "../../src/recipes.ts";
import { shortTemplate } from "../support/imageTemplate.ts";
import { planContext } from "../support/plan.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-templates-"));
  write("ubuntu.json", JSON.stringify(shortTemplate()));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (file: string, content: string) => writeFileSync(join(folder, file), content);
const OF_TEMPLATE = { name: "ubuntu", description: "a sample", template: "ubuntu.json" };
const read = () => readCatalogue(folder, { subscriptionId: planContext.subscriptionId });

describe("a recipe of a template", () => {
  it("can be built on by a recipe with steps, and then breaks that one by a broken template", () => {
    const steps = {
      name: "app",
      description: "a sample",
      location: "westeurope",
      source: { recipe: "ubuntu" },
      customize: [{ include: "snippets/a.yaml" }],
      vmProfile: { vmSize: "Standard_D2s_v5" },
      distribute: { type: "ManagedImage", imageId: "/resourceGroups/rg/providers/Microsoft.Compute/images/app" },
    };
    mkdirSync(join(folder, "snippets"));
    write("snippets/a.yaml", "- { type: Shell, inline: [echo one] }\n");
    write("app.yaml", stringify(steps));
    write("ubuntu.yaml", stringify(OF_TEMPLATE));
    const sound = read();
    expect([...sound.broken]).toEqual([]);
    expect(sound.recipes.get("app")?.customize).toEqual([{ type: "Shell", inline: ["echo one"] }]);
    expect([...sound.notes.keys()]).toEqual(["ubuntu"]);
    write("ubuntu.json", JSON.stringify(shortTemplate({ source: { type: "ISO" } })));
    expect(read().broken.get("app")?.map(faultText)).toEqual([
      expect.stringContaining("source.recipe: names ubuntu, whose recipe is broken"),
    ]);
  });

  it("takes no steps of a snippet, and none is looked for", () => {
    const customize = [{ include: "snippets/none.yaml" }];
    write("ubuntu.yaml", stringify({ ...OF_TEMPLATE, customize }));
    expect(read().broken.get("ubuntu")?.map(faultText)).toEqual([
      "ubuntu.yaml:4:1: customize: is told by the template: leave out one of the two",
    ]);
  });
});
