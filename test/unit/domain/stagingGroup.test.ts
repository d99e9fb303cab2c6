import { expect, it } from "vitest";
import { isMadeForTemplate } from "../../../src/domain/stagingGroup.ts";

const attempt = { templateName: "aks-jumpbox-20260115-020000-test-a1" };
const us = { installationId: "installation", templateResourceGroup: "rg-templates" };
const tags = {
  createdBy: "AzureVMImageBuilder",
  imageTemplateName: attempt.templateName,
  imageTemplateResourceGroupName: "rg-templates",
  "goldsmith-installation": "installation",
  "goldsmith-build": "aks-jumpbox-20260115-020000-test",
  team: "somebody's policy",
};

it("takes a group for image builder's that has all of its marks, whatever their case, and all of ours", () => {
  expect(isMadeForTemplate(tags, attempt, us)).toBe(true);
  const upper = Object.fromEntries(Object.entries(tags).map(([name, value]) => [name.toUpperCase(), value]));
  expect(isMadeForTemplate(upper, attempt, us)).toBe(true);
});

it.each(Object.keys(tags).filter((name) => name !== "team"))("does not without %s, or with another's", (name) => {
  const { [name as keyof typeof tags]: _, ...rest } = tags;
  expect(isMadeForTemplate(rest, attempt, us)).toBe(false);
  if (name !== "createdBy") expect(isMadeForTemplate({ ...tags, [name]: "another" }, attempt, us)).toBe(false);
});

it("does not take one that image builder was given for its own", () => {
  expect(isMadeForTemplate({ ...tags, usedBy: "AzureVMImageBuilder" }, attempt, us)).toBe(false);
});
