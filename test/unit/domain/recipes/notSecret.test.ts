import { describe, expect, it } from "vitest";
import { planBuild } from "../../../../src/domain/plan.ts";
import { faultText } from "../../../../src/domain/recipes/fault.ts";
import { parseRecipe } from "../../../../src/domain/recipes/recipeFile.ts";
import { besideFile } from "../../../support/besideFile.ts";
import { planContext, request, samplePlan, sampleRecipe } from "../../../support/plan.ts";

const recipe = (step: string, ...told: string[]) => `name: app
description: d
location: westeurope
source: {type: PlatformImage, publisher: p, offer: o, sku: s}
vmProfile: {vmSize: Standard_D2s_v5}
customize:
  - ${step}
distribute:
  type: SharedImage
  galleryImageId: /resourceGroups/rg-images/providers/Microsoft.Compute/galleries/g/images/d
  targetRegions: [{name: westeurope}]
notSecret: [${told.map((text) => `{text: ${text}, reason: of a test}`).join(", ")}]
`;
const NONE = "password=changeme";
const FILES: Record<string, string | Uint8Array> = {
  "snippets/a.yaml": `- {type: Shell, inline: [set ${NONE}]}\n`,
  "scripts/a.sh": `#!/bin/sh\nset ${NONE}\n`,
  "files/a.conf": `${NONE}\n`,
  "files/latin1.conf": Buffer.from(`# für alle\n${NONE}\n`, "latin1"),
  "templates/a.json": JSON.stringify({
    type: "Microsoft.VirtualMachineImages/imageTemplates",
    apiVersion: "2025-10-01",
    name: "app",
    location: "westeurope",
    properties: {
      source: { type: "PlatformImage", publisher: "p", offer: "o", sku: "s", version: "latest" },
      customize: [{ type: "Shell", inline: [`set ${NONE}`] }],
      distribute: [{ type: "ManagedImage", imageId: imageId(), location: "westeurope", runOutputName: "o" }],
    },
  }),
};

function imageId() {
  return "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-images/providers/Microsoft.Compute/images/app";
}

function parse(text: string, overlay?: string) {
  return parseRecipe(
    "app.yaml",
    text,
    {
      readBeside(path) {
        const found = FILES[path];
        return found === undefined ? { kind: "unreadable", message: "is not there" } : besideFile(found);
      },
    },
    overlay === undefined ? undefined : { file: "overlays/test/app.yaml", text: overlay },
  );
}

function toldOf(text: string, overlay?: string): string[] {
  const parsed = parse(text, overlay);
  return parsed.kind === "faulty" ? parsed.faults.map(faultText) : [];
}

const ofTemplate = (...told: string[]) =>
  `name: app\ndescription: d\ntemplate: templates/a.json\nnotSecret: [${told.map((text) => `{text: ${text}, reason: of a test}`).join(", ")}]\n`;

describe("a text that looks like a secret", () => {
  it.each([
    ["in a recipe", (...told: string[]) => recipe(`{type: Shell, inline: [set ${NONE}]}`, ...told)],
    ["in a snippet", (...told: string[]) => recipe("{include: snippets/a.yaml}", ...told)],
    ["in a script beside", (...told: string[]) => recipe("{type: Shell, script: scripts/a.sh}", ...told)],
    [
      "in a file beside",
      (...told: string[]) => recipe("{type: File, file: files/a.conf, destination: /tmp/a}", ...told),
    ],
    [
      "in a file that is not UTF-8",
      (...told: string[]) => recipe("{type: File, file: files/latin1.conf, destination: /tmp/a}", ...told),
    ],
    ["in an existing template", ofTemplate],
  ])("is refused %s, and taken and planned where notSecret tells it", (_, of) => {
    expect(toldOf(of())).toEqual([expect.stringContaining("looks like a secret in plain text")]);
    expect(toldOf(of(NONE))).toEqual([]);
    const parsed = parse(of(NONE));
    if (parsed.kind === "faulty") throw new Error("It is faulty.");
    expect(JSON.stringify(planBuild(request, parsed.recipe, planContext).template.customize)).toBeDefined();
  });

  it("is taken in an overlay by the list that counts there, as lists of an overlay replace those of the recipe", () => {
    const text = recipe("{type: Shell, inline: [az version]}", NONE);
    expect(toldOf(text, `description: set ${NONE}\n`)).toEqual([]);
    expect(toldOf(text, `description: set ${NONE}\nnotSecret: []\n`)).toEqual([
      expect.stringContaining("overlays/test/app.yaml:1:27: description: looks like a secret"),
    ]);
  });

  it("is told with its place and never with its value", () => {
    expect(toldOf(recipe("{type: Shell, script: scripts/a.sh}")).join()).toContain("in plain text, in line 2;");
    expect(toldOf(recipe(`{type: Shell, inline: [set ${NONE}]}`)).join()).not.toContain("changeme");
  });

  it("cannot be told by what would let anything through", () => {
    for (const text of ["changeme", "password", "a", "password="]) {
      const told = toldOf(recipe("{type: Shell, inline: [az version]}", `"${text}"`));
      expect(told, text).toEqual([expect.stringContaining("notSecret[0].text: does not look like a secret by itself")]);
    }
  });
});

describe("a plan whose template would hold a secret", () => {
  const tags = { password: "geheim-1234" };

  it("is not made: the failure names the place and not the value", () => {
    let failure: unknown;
    try {
      samplePlan({ tags });
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({ failure: { code: "template-holds-secret", owner: "requester" } });
    expect(JSON.stringify(failure)).toContain("tags.password");
    expect(`${JSON.stringify(failure)}${String(failure)}`).not.toContain("geheim");
  });

  it("is made where the recipe tells that it is none, and is the same as ever", () => {
    const notSecret = [{ text: "password=geheim-1234", reason: "of a test" }];
    expect(samplePlan({ tags, notSecret }).template.tags).toMatchObject(tags);
    expect(samplePlan({ notSecret }).templateHash).toBe(samplePlan().templateHash);
  });

  it("is made whatever the length of what stands in it as data: base 64 of a text is no key", () => {
    const parameters = { v: { type: "string", description: "d", default: "x" } } as const;
    for (let length = 1; length <= 200; length++) {
      const asked = { ...request, parameters: { v: "b".repeat(length) } };
      expect(() => planBuild(asked, { ...sampleRecipe(), parameters }, planContext), String(length)).not.toThrow();
    }
  });

  it("looks into what stands in it as data", () => {
    const parameters = { motd: { type: "string", description: "d", default: "x" } } as const;
    const asked = { ...request, parameters: { motd: 'a\\" --password geheim-1234' } };
    expect(() => planBuild(asked, { ...sampleRecipe(), parameters }, planContext)).toThrow(/secret/);
  });
});
