import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isImportedImage } from "../../../src/domain/importedImage.ts";
import { containerAmong } from "../../../src/domain/blobUrl.ts";
import type { SourceImage } from "../../../src/domain/preflight/images.ts";
import { valueOf } from "../../../src/domain/preflight/observed.ts";
import { source } from "../../../src/domain/preflight/source.ts";
import { sourceReading } from "../../../src/domain/preflight/sourceReading.ts";
import { serviceNeeds, templateGroupOf, TO_IMPORT } from "../../../src/domain/preflight/serviceNeeds.ts";
import { planBuild, type WholePlan } from "../../../src/domain/plan.ts";
import { faultText } from "../../../src/domain/recipes/fault.ts";
import { parseRecipe } from "../../../src/domain/recipes/recipeFile.ts";
import { absent, found, ground } from "../../support/ground.ts";
import { importedRecipe } from "../../support/importedVhd.ts";
import { planContext, request, samplePlan } from "../../support/plan.ts";
import { vhdPlan, zoneWithDisks } from "../../support/vhdPlan.ts";

const FILE = "imported-vhd.yaml";
const shipped = readFileSync(join(import.meta.dirname, "..", "..", "..", "images", FILE), "utf8");
const { vhd } = importedRecipe().source;
const later = { ...request, buildId: "aks-jumpbox-20260116-020000-test" };

const neededInGroup = (plan: WholePlan) =>
  serviceNeeds(plan).flatMap(({ scope, actions }) => (scope === templateGroupOf(plan) ? actions : []));

function faultsOf(before: string, after: string): string[] {
  const text = shipped.replace(before, after);
  if (text === shipped) throw new Error(`The recipe has no ${before}.`);
  const parsed = parseRecipe(FILE, text);
  return parsed.kind === "faulty" ? parsed.faults.map(faultText) : [];
}

describe("a recipe that begins with a VHD", () => {
  it.each([
    ["a signed URL", vhd, `${vhd}?sv=2024-11-04&sig=abc`, "takes no query"],
    ["no HTTPS", "https://", "http://", "is not https://<account>"],
    ["another host", ".blob.core.windows.net", ".example.com", "is not https://<account>"],
    ["a folder, which Azure does not import from", "/vhds/", "/vhds/2026/", "is not https://<account>"],
    ["another kind of file", "ubuntu-base.vhd", "ubuntu-base.vhdx", "is not https://<account>"],
    ["a way into another container", "/vhds/", "/vhds/..\\secret\\", "names a folder or a blob with more than letters"],
    ["such a way in escapes", "/vhds/", "/vhds/..%2Fsecret%2F", "names a folder or a blob with more than letters"],
    ["a name that begins with dots", "/vhds/", "/vhds/..", "names a folder or a blob with more than letters"],
    ["a container that there cannot be", "/vhds/", "/v--hds/", "names a container that Azure has not"],
    ["another of Azure's clouds", ".windows.net", ".chinacloudapi.cn", "is in another of Azure's clouds"],
    ["no operating system", "  osType: Linux\n", "", "source.osType"],
    ["no generation", "  hyperVGeneration: V2\n", "", "source.hyperVGeneration"],
  ])("is broken with %s", (_, before, after, text) => {
    expect(faultsOf(before, after).join("\n")).toContain(text);
  });

  it("plans a managed image that names the build, which the template begins with and the builder may read", () => {
    const { importedImage, template, grants, findings, ...plan } = vhdPlan();
    const group = `/subscriptions/${planContext.subscriptionId}/resourceGroups/${plan.templateResourceGroup}`;
    const id = `${group}/providers/Microsoft.Compute/images/${request.buildId}-source`;
    expect(findings).toEqual([]);
    expect(importedImage).toMatchObject({ id, vhd, location: "westeurope", osType: "Linux", hyperVGeneration: "V2" });
    expect(importedImage?.tags).toMatchObject({ "goldsmith-build": request.buildId, "goldsmith-installation": "test" });
    expect(template.source).toEqual({ type: "ManagedImage", imageId: id });
    expect(grants.map(({ role, scope }) => [role, scope])).toContainEqual(["source reading", group]);
  });

  it("has one hash for all its builds, and another for another disk", () => {
    const { templateHash } = vhdPlan();
    expect(vhdPlan({}, later).templateHash).toBe(templateHash);
    expect(vhdPlan({ keepImage: true }).templateHash).toBe(templateHash);
    expect(vhdPlan({ vhd: vhd.replace("ubuntu", "debian") }).templateHash).not.toBe(templateHash);
    expect(vhdPlan({ hyperVGeneration: "V1" }).templateHash).not.toBe(templateHash);
  });

  it("asks of the service what it takes to import, and other recipes do not", () => {
    const plan = vhdPlan();
    expect(neededInGroup(plan)).toEqual(expect.arrayContaining(TO_IMPORT));
    expect(neededInGroup(samplePlan()).filter((action) => TO_IMPORT.includes(action))).toEqual([]);
  });

  it.each([
    ["lists another container of the account", zoneWithDisks.sources.map((id) => id.replace(/vhds$/, "other"))],
    ["lists the container of another account", zoneWithDisks.sources.map((id) => id.replace("stgoldsmith", "stother"))],
    ["lists nothing but the group around it", [zoneWithDisks.sources[0]?.split("/").slice(0, 5).join("/") ?? ""]],
    ["lists no sources", []],
  ])("is outside of a zone that %s", (_, sources) => {
    const plan = planBuild(request, importedRecipe(), { ...planContext, zone: { ...zoneWithDisks, sources } });
    expect(plan.findings).toMatchObject([{ code: "outside-trust-zone", severity: "blocks", resource: vhd }]);
  });
});

const disk: SourceImage = {
  ...(valueOf(ground().sourceImage) as SourceImage),
  securityType: "Standard",
  regions: ["westeurope"],
};
const seen = (changes: Partial<SourceImage>, plan = vhdPlan()) =>
  ground({ plan, sourceImage: found("account", { ...disk, ...changes }) });
const abroad = () => {
  const sources = zoneWithDisks.sources.map((id) => id.replace("11111111", "21111111"));
  return planBuild(request, importedRecipe(), { ...planContext, zone: { ...zoneWithDisks, sources } });
};

describe("what a VHD has to be", () => {
  it.each([
    ["passes where its account is in the region", seen({}), []],
    [
      "fails where there is no such account",
      ground({ plan: vhdPlan(), sourceImage: absent("account") }),
      ["source-not-found"],
    ],
    ["fails where its account is in another region", seen({ regions: ["northeurope"] }), ["source-in-other-region"]],
    [
      "fails where the recipe says that it runs Windows, and has a shell step",
      seen({ operatingSystem: "Windows" }, { ...vhdPlan(), template: samplePlan().template }),
      ["customizer-unfit"],
    ],
    ["fails in another subscription", seen({}, abroad()), ["source-in-other-subscription"]],
  ])("%s", (_, observed, codes) => {
    const findings = [source, sourceReading].flatMap((rule) => rule.check(observed));
    expect(findings.map(({ code }) => code)).toEqual(codes);
  });
});

describe("the container of a VHD", () => {
  it("is found whatever the case of its id, and not by the end of another account's name", () => {
    const [container = ""] = zoneWithDisks.sources;
    expect(containerAmong([container.toUpperCase()], vhd)).toBe(container.toUpperCase());
    expect(containerAmong([container.replace("stgoldsmith", "xstgoldsmith")], vhd)).toBeUndefined();
  });
});

describe("a managed image", () => {
  const { id, tags } = vhdPlan().importedImage ?? { id: "", tags: {} };
  const name = id.split("/").at(-1) ?? "";
  const ours = { buildId: request.buildId, installationId: planContext.installationId };

  it("is a build's by name and tags, whatever tags it has beside", () => {
    expect(isImportedImage({ name, tags: { ...tags, costCentre: "7" } }, ours)).toBe(true);
  });

  it.each([
    ["no tags", { name }],
    ["another build's tags", { name, tags: { ...tags, "goldsmith-build": later.buildId } }],
    ["another installation's tags", { name, tags: { ...tags, "goldsmith-installation": "other" } }],
    ["another name", { name: `${later.buildId}-source`, tags }],
  ])("is nobody's of ours with %s", (_, image) => {
    expect(isImportedImage(image, ours)).toBe(false);
  });
});
