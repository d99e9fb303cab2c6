import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { faultText } from "../../../../src/domain/recipes/fault.ts";
import { parseRecipe } from "../../../../src/domain/recipes/recipeFile.ts";

const sample = readFileSync(join(import.meta.dirname, "..", "..", "..", "..", "images", "aks-jumpbox.yaml"), "utf8");

const faults = (text: string, file = "aks-jumpbox.yaml"): string[] => {
  const parsed = parseRecipe(file, text);
  return parsed.kind === "faulty" ? parsed.faults.map(faultText) : [];
};

const container =
  "containerInstanceSubnetId: /resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-builds/subnets/snet-containers";
const addVm = (text: string, line: string) => text.replace(/^  vnetConfig:\n/m, `  vnetConfig:\n    ${line}\n`);
const IMAGES = "/resourceGroups/rg-images/providers/Microsoft.Compute";
const withSource = (text: string, source: string) => text.replace(/^source:\n(  .*\n)+/m, `source: {${source}}\n`);
const addStep = (text: string, step: string) => text.replace(/^customize:\n/m, `customize:\n  - {${step}}\n`);
const proxy = "proxyVmSize: Standard_A1_v2";
const noSubnet = (text: string) => text.replace(/^    subnetId:.*\n/m, "");

describe("parseRecipe", () => {
  it("takes the shipped recipe", () => {
    expect(faults(sample)).toEqual([]);
  });

  it.each([
    ["two subnets", (text: string) => addVm(text, container)],
    ["none", (text: string) => text.replace(/^  vnetConfig:\n.*\n/m, "")],
    [
      "a script by its URI",
      (text: string) =>
        addStep(text, `type: Shell, name: s, scriptUri: "https://a.test/s.sh", sha256Checksum: ${"a".repeat(64)}`),
    ],
    [
      "a file",
      (text: string) =>
        addStep(
          text,
          `type: File, sourceUri: "https://a.test/f", sha256Checksum: ${"a".repeat(64)}, destination: /tmp/f`,
        ),
    ],
    [
      "a file that may change, where it says so",
      (text: string) =>
        addStep(text, 'type: File, sourceUri: "https://a.test/f", unchecked: true, destination: /tmp/f'),
    ],
    [
      "host names with a wildcard",
      (text: string) => text.replace("name: github.com", 'name: "*.blob.core.windows.net"'),
    ],
    ["a managed image", (text: string) => withSource(text, `type: ManagedImage, imageId: ${IMAGES}/images/base`)],
    [
      "the latest version in a gallery",
      (text: string) =>
        withSource(text, `type: SharedImageVersion, imageVersionId: ${IMAGES}/galleries/g/images/d/versions/latest`),
    ],
  ])("takes %s", (_, change) => {
    expect(faults(change(sample))).toEqual([]);
  });

  it("takes no timeout as image builder does: as the one that it has by default", () => {
    for (const line of ["buildTimeoutInMinutes: 0", ""]) {
      const parsed = parseRecipe("aks-jumpbox.yaml", sample.replace("buildTimeoutInMinutes: 90", line));
      expect(parsed).toMatchObject({ recipe: { buildTimeoutInMinutes: 240 } });
    }
  });

  it("names file, line and column of a value that does not do", () => {
    const line = sample.split("\n").findIndex((text) => text.startsWith("location:")) + 1;
    expect(faults(sample.replace("location: westeurope", "location: West Europe"))).toEqual([
      `aks-jumpbox.yaml:${line}:11: location: takes a region's name: westeurope, not West Europe`,
    ]);
  });

  it.each([
    [
      "a definition in place of a version",
      (text: string) => withSource(text, `type: SharedImageVersion, imageVersionId: ${IMAGES}/galleries/g/images/d`),
      "imageVersionId",
    ],
    [
      "a version that is no number",
      (text: string) =>
        withSource(text, `type: SharedImageVersion, imageVersionId: ${IMAGES}/galleries/g/images/d/versions/new`),
      "imageVersionId",
    ],
    ["an unknown field", (text: string) => `${text}\napproval: none\n`, "approval"],
    [
      "a step with commands and a script",
      (text: string) => addStep(text, 'type: Shell, name: s, inline: [a], scriptUri: "https://a.test/s"'),
      "either inline or scriptUri",
    ],
    [
      "a step without either",
      (text: string) => addStep(text, "type: Shell, name: s"),
      "either inline, scriptUri or script",
    ],
    [
      "a checksum in capitals",
      (text: string) =>
        addStep(text, `type: Shell, name: s, scriptUri: "https://a.test/s", sha256Checksum: ${"A".repeat(64)}`),
      "sha256Checksum",
    ],
    [
      "a script without its checksum",
      (text: string) => addStep(text, 'type: Shell, scriptUri: "https://a.test/s"'),
      "takes a sha256Checksum with scriptUri; or unchecked: true",
    ],
    ...["file:///etc/passwd", "data:text/plain,echo", "javascript:alert()", "ftp://a.test/s"].map(
      (uri): [string, (text: string) => string, string] => [
        `a script at ${uri}`,
        (text) => addStep(text, `type: Shell, scriptUri: "${uri}", unchecked: true`),
        "customize[0].scriptUri: is no place of the Internet",
      ],
    ),
    [
      "a file without its checksum",
      (text: string) => addStep(text, 'type: File, sourceUri: "https://a.test/f", destination: /tmp/f'),
      "takes a sha256Checksum with sourceUri; or unchecked: true",
    ],
    [
      "a workload without its checksum",
      (text: string) => `${text}\noptimize: { workload: { state: Enabled, scriptUri: "https://a.test/w" } }\n`,
      "optimize.workload: takes a sha256Checksum",
    ],
    [
      "a checksum beside the word that there is none",
      (text: string) =>
        addStep(text, `type: Shell, scriptUri: "https://a.test/s", sha256Checksum: ${"a".repeat(64)}, unchecked: true`),
      "either sha256Checksum or unchecked",
    ],
    [
      "commands that are unchecked",
      (text: string) => addStep(text, "type: Shell, inline: [a], unchecked: true"),
      "takes unchecked with scriptUri only",
    ],
    [
      "a shared access signature",
      (text: string) => addStep(text, 'type: Shell, scriptUri: "https://a.test/s?sv=1&SIG=abc", unchecked: true'),
      "holds a token, SIG",
    ],
    [
      "a shared access signature as HTML has it",
      (text: string) => addStep(text, 'type: Shell, scriptUri: "https://a.test/s?sv=1&amp;sig=abc", unchecked: true'),
      "holds a token, sig",
    ],
    [
      "a token after a number sign",
      (text: string) => addStep(text, 'type: Shell, scriptUri: "https://a.test/s#/a?code=abc", unchecked: true'),
      "holds a token, code",
    ],
    [
      "a password in a URI",
      (text: string) => addStep(text, 'type: Shell, scriptUri: "https://me:x@a.test/s", unchecked: true'),
      "holds a user or a password",
    ],
    ["a script that is no URI", (text: string) => addStep(text, "type: Shell, name: s, scriptUri: s.sh"), "scriptUri"],
    ["a missing field", (text: string) => text.replace(/^location:.*\n/m, ""), "location"],
    [
      "a name that is not the file's",
      (text: string) => text.replace("name: aks-jumpbox", "name: other"),
      "file's name",
    ],
    ["a schedule that is none", (text: string) => text.replace('"0 2 * * *"', '"0 25 * * *"'), "schedule"],
    ["an unknown time zone", (text: string) => text.replace("Europe/Berlin", "Europe/Nowhere"), "schedule"],
    [
      "a timeout that image builder fails on",
      (text: string) => text.replace("buildTimeoutInMinutes: 90", "buildTimeoutInMinutes: 5"),
      "the build then fails",
    ],
    [
      "a gallery image id with a way out",
      (text: string) => text.replace("galleries/goldsmith", "galleries/.."),
      "galleryImageId",
    ],
    [
      "a subnet id with a query",
      (text: string) => text.replace("subnets/snet-builds", "subnets/snet?api-version=1"),
      "subnetId",
    ],
    [
      "a scope that is a whole subscription",
      (text: string) => text.replace(/galleryImageId: .*/, "galleryImageId: /subscriptions/x"),
      "galleryImageId",
    ],
    ["a container's subnet beside a proxy", (text: string) => addVm(addVm(text, container), proxy), "proxyVmSize"],
    [
      "a container's subnet of another network",
      (text: string) => addVm(text, container.replace("vnet-builds", "v")),
      "same virtual network",
    ],
    [
      "the build VM's subnet for the container's",
      (text: string) => addVm(text, container.replace("snet-containers", "snet-builds")),
      "another subnet",
    ],
    [
      "a container's subnet without the build VM's",
      (text: string) => addVm(noSubnet(text), container),
      "needs a subnetId",
    ],
    ["a proxy without a subnet", (text: string) => addVm(noSubnet(text), proxy), "needs a subnetId"],
    ["a host name with a path", (text: string) => text.replace("name: github.com", "name: example.com/x"), "host name"],
    [
      "a wildcard inside of a host name",
      (text: string) => text.replace("name: github.com", "name: a.*.example.com"),
      "host name",
    ],
    [
      "a warning that is accepted without a reason",
      (text: string) => `${text}\naccept: [{ code: flow-undecided }]\n`,
      "reason",
    ],
    ["text that is not YAML", () => "name: [", "aks-jumpbox.yaml:1"],
  ])("refuses %s", (_, change, told) => {
    const found = faults(change(sample));
    expect(found.length).toBeGreaterThan(0);
    expect(found.join("\n")).toContain(told);
  });
});
