/** Whole templates as people write them, one of each kind that the template reference has. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { importTemplate, toldText, yamlOf } from "../../../../src/domain/existingTemplates/importTemplate.ts";
import type { JsonObject } from "../../../../src/domain/json.ts";
import { planBuild } from "../../../../src/domain/plan.ts";
import { faultText } from "../../../../src/domain/recipes/fault.ts";
import { parseRecipe } from "../../../../src/domain/recipes/recipeFile.ts";
import { TARGET } from "../../../support/armTemplate.ts";
import { planContext, request } from "../../../support/plan.ts";

const folder = join(import.meta.dirname, "samples");
const read = (...path: string[]) => JSON.parse(readFileSync(join(folder, ...path), "utf8")) as JsonObject;
const samples = readdirSync(folder).filter((file) => file.endsWith(".json"));

/** What the service puts onto everything: not the template's. */
const OWN = { "goldsmith-build": request.buildId, "goldsmith-installation": "test" };

/** The template that a build of the recipe sends which is made of this one, through the recipe's text. */
function sentFor(text: string) {
  const imported = importTemplate(text, { name: "sample", target: TARGET });
  if (imported.kind === "refused") throw new Error(imported.faults.map(toldText).join("\n"));
  const parsed = parseRecipe("sample.yaml", yamlOf(imported.recipe));
  if (parsed.kind === "faulty") throw new Error(parsed.faults.map(faultText).join("\n"));
  const { subscriptionId = "" } = TARGET;
  return planBuild(request, parsed.recipe, { ...planContext, subscriptionId }).template;
}

/** What of a template has to come through: all but what the service decides on itself, and with its tags. */
function expectedOf(properties: JsonObject): JsonObject {
  const { distribute, managedResourceTags } = properties as { distribute: JsonObject[] } & Record<string, JsonObject>;
  return {
    ...properties,
    distribute: distribute.map((target) => ({
      ...target,
      artifactTags: { ...(target["artifactTags"] as JsonObject | undefined), ...OWN },
    })),
    managedResourceTags: { ...managedResourceTags, ...OWN },
  };
}

describe("a template that becomes a recipe, and a template again", () => {
  it.each(samples)("has lost nothing and gained nothing: %s", (file) => {
    const text = readFileSync(join(folder, file), "utf8");
    const { identity: _, tags, location, ...sent } = sentFor(text);
    // As it is, where it is of today and without expressions; or else as it was worked out by hand.
    const properties = existsSync(join(folder, "expected", file))
      ? read("expected", file)
      : (JSON.parse(text) as { properties: JsonObject }).properties;
    expect(sent).toEqual(expectedOf(properties));
    expect({ tags, location }).toEqual({ tags: OWN, location: "westeurope" });
  });

  it("is tried with every kind of source, step, validator, target and network", () => {
    const all = samples.map((file) => readFileSync(join(folder, file), "utf8")).join();
    for (const type of ["PlatformImage", "ManagedImage", "SharedImageVersion", "SharedImage", "VHD"])
      expect(all).toContain(`"type": "${type}"`);
    for (const type of ["Shell", "PowerShell", "File", "WindowsRestart", "WindowsUpdate"])
      expect(all).toContain(`"type": "${type}"`);
    for (const field of ["inVMValidations", "vmBoot", "workload", "proxyVmSize", "containerInstanceSubnetId"])
      expect(all).toContain(`"${field}"`);
  });
});
