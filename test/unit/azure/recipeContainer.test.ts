import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { AskCatalogue } from "../../../src/domain/recipes/catalogue.ts";
import { faultText } from "../../../src/domain/recipes/fault.ts";
import { shortTemplate } from "../../support/imageTemplate.ts";
import { RecipeBlobs } from "../../support/recipeBlobs.ts";

const sample = readFileSync(join(import.meta.dirname, "..", "..", "..", "images", "aks-jumpbox.yaml"), "utf8");
const ofSize = (size: string) => sample.replace("Standard_D2s_v5", size);
const named = (name: string) => sample.replaceAll(/(name: |images\/)aks-jumpbox$/gm, `$1${name}`);

let blobs: RecipeBlobs;
let catalogue: AskCatalogue;
beforeEach(async () => {
  blobs = await RecipeBlobs.create({ "aks-jumpbox.yaml": sample, "other.yaml": named("other"), "README.md": "x" });
  catalogue = blobs.catalogue();
});

const sizeOf = async (image = "aks-jumpbox") => (await catalogue()).recipes.get(image)?.vmProfile.vmSize;
const firstStep = async () => (await catalogue()).recipes.get("aks-jumpbox")?.customize[0];
const toldOf = async (image: string) => (await catalogue()).broken.get(image)?.map(faultText);
const down = () => Promise.resolve({ status: 503, headers: { "x-ms-error-code": "ServerBusy" } });

/** As often as it is read, by somebody who is quicker. */
const writeMeanwhile = (times: number) => {
  let written = 0;
  blobs.meanwhile = async ({ url }) => {
    if (!url.pathname.endsWith("aks-jumpbox.yaml") || ++written > times) return;
    await blobs.write("aks-jumpbox.yaml", ofSize("Standard_D8s_v5"));
  };
};

describe("recipes in a container", () => {
  it("are read by one listing and once each, and not for half a minute again, however many ask", async () => {
    const found = await Promise.all([catalogue(), catalogue(), catalogue()]);
    expect([...new Set(found)].map(({ recipes }) => [...recipes.keys()])).toEqual([["aks-jumpbox", "other"]]);
    expect(blobs.asked).toEqual(["LIST", "GET aks-jumpbox.yaml", "GET other.yaml"]);
    blobs.pass(29);
    await catalogue();
    expect(blobs.asked).toEqual([]);
  });

  it("are looked at again by the listing alone where their ETags are as they were", async () => {
    const before = await catalogue();
    blobs.pass(31);
    expect(await catalogue()).toBe(before);
    expect(blobs.asked).toEqual(["LIST"]);
  });

  it("count as they are then: one that has changed is read, one that is gone counts no more", async () => {
    await catalogue();
    blobs.pass(31);
    await blobs.write("aks-jumpbox.yaml", ofSize("Standard_D8s_v5"));
    await blobs.remove("other.yaml");
    expect(await sizeOf()).toBe("Standard_D8s_v5");
    expect(await sizeOf("other")).toBeUndefined();
    expect(blobs.asked).toEqual(["LIST", "GET aks-jumpbox.yaml"]);
  });

  it("may be added", async () => {
    await catalogue();
    blobs.pass(31);
    await blobs.write("third.yaml", named("third"));
    expect([...(await catalogue()).recipes.keys()]).toEqual(["aks-jumpbox", "other", "third"]);
    expect(blobs.asked).toEqual(["LIST", "GET third.yaml"]);
  });

  it("are broken by themselves: the others are built", async () => {
    await blobs.write("other.yaml", "name: [");
    expect(await toldOf("other")).toEqual([expect.stringContaining("other.yaml:1:8")]);
    expect(await sizeOf()).toBe("Standard_D2s_v5");
  });

  it("have snippets, templates and overlays from the container, of which only those are read that are named", async () => {
    await blobs.write("snippets/a.yaml", "- include: snippets/b.yaml\n");
    await blobs.write("snippets/b.yaml", "- {type: Shell, inline: [echo b]}\n");
    await blobs.write("snippets/unnamed.yaml", "- {type: Shell, inline: [echo c]}\n");
    await blobs.write("templates/ubuntu.json", JSON.stringify(shortTemplate()));
    await blobs.write("ubuntu.yaml", "name: ubuntu\ndescription: d\ntemplate: templates/ubuntu.json\n");
    await blobs.write("overlays/test/aks-jumpbox.yaml", "customize: [{include: snippets/a.yaml}]\n");
    await blobs.write("overlays/production/aks-jumpbox.yaml", "tags: {a: b}\n");
    const { recipes, broken } = await blobs.catalogue({ environment: "test" })();
    expect([...broken]).toEqual([]);
    expect([...recipes.keys()]).toEqual(["aks-jumpbox", "other", "ubuntu"]);
    expect(recipes.get("aks-jumpbox")?.customize).toEqual([{ type: "Shell", inline: ["echo b"] }]);
    expect(blobs.asked.filter((one) => /unnamed|production|README/.test(one))).toEqual([]);
  });

  it("are read anew where one of their snippets has changed", async () => {
    await blobs.write("snippets/a.yaml", "- {type: Shell, inline: [echo a]}\n");
    await blobs.write("aks-jumpbox.yaml", sample.replace("customize:\n", "customize:\n  - include: snippets/a.yaml\n"));
    expect(await firstStep()).toMatchObject({ inline: ["echo a"] });
    blobs.pass(31);
    await blobs.write("snippets/a.yaml", "- {type: Shell, inline: [echo b]}\n");
    expect(await firstStep()).toMatchObject({ inline: ["echo b"] });
    expect(blobs.asked).toEqual(["LIST", "GET snippets/a.yaml"]);
  });
});

describe("recipes in a container that cannot be read", () => {
  it("are those of before, and tell since when and why, until they are read again", async () => {
    await catalogue();
    blobs.pass(31);
    await blobs.write("aks-jumpbox.yaml", ofSize("Standard_D8s_v5"));
    blobs.answerInstead = down;
    const { recipes, stale } = await catalogue();
    expect(recipes.get("aks-jumpbox")?.vmProfile.vmSize).toBe("Standard_D2s_v5");
    expect(stale).toEqual({ since: "2026-01-15T02:00:00.000Z", why: "ServerBusy" });
    blobs.pass(5);
    await catalogue();
    expect(blobs.asked).toEqual([]);
    blobs.pass(31);
    blobs.answerInstead = () => undefined;
    expect(await sizeOf()).toBe("Standard_D8s_v5");
    expect((await catalogue()).stale).toBeUndefined();
  });

  it("stay whole where only one of them cannot be read: nothing is taken in half", async () => {
    await catalogue();
    blobs.pass(31);
    await blobs.write("aks-jumpbox.yaml", ofSize("Standard_D8s_v5"));
    await blobs.write("other.yaml", named("other").replace("D2s", "D8s"));
    blobs.answerInstead = ({ url }) => (url.pathname.endsWith("other.yaml") ? down() : undefined);
    expect([await sizeOf(), await sizeOf("other")]).toEqual(["Standard_D2s_v5", "Standard_D2s_v5"]);
  });

  it.each<[string, (blobs: RecipeBlobs) => void | Promise<void>, string]>([
    ["the storage does not answer", (one) => void (one.answerInstead = () => Promise.resolve(undefined)), "ECONNRESET"],
    [
      "the service may not read it",
      (one) => {
        const headers = { "x-ms-error-code": "AuthorizationPermissionMismatch" };
        one.answerInstead = () => Promise.resolve({ status: 403, headers });
      },
      "AuthorizationPermissionMismatch",
    ],
    [
      "something else answers, in words of its own",
      (one) => {
        const headers = { "content-type": "text/plain" };
        one.answerInstead = () => Promise.resolve({ status: 403, headers, body: "words of a gateway" });
      },
      "cannot be read: http-403",
    ],
  ])("are none where they never were and %s: whoever asks is to ask again", async (_, prepare, why) => {
    await prepare(blobs);
    await expect(catalogue()).rejects.toMatchObject({ retryAfterSeconds: 30, message: expect.stringContaining(why) });
    blobs.pass(5);
    await expect(catalogue()).rejects.toThrow();
    expect(blobs.asked).toEqual([]);
  });

  it("are none where it holds more blobs than a catalogue has", async () => {
    const names = Array.from(
      { length: 2_001 },
      (_, at) => `<Blob><Name>${at}.txt</Name><Properties><Etag>1</Etag></Properties></Blob>`,
    );
    const body = `<EnumerationResults><Blobs>${names.join("")}</Blobs><NextMarker /></EnumerationResults>`;
    blobs.answerInstead = () => Promise.resolve({ status: 200, headers: { "content-type": "application/xml" }, body });
    await expect(catalogue()).rejects.toThrow("more than 2000 blobs");
  });
});

describe("recipes that are written while they are read", () => {
  it("are read as the next listing has them", async () => {
    writeMeanwhile(1);
    expect(await sizeOf()).toBe("Standard_D8s_v5");
    expect(blobs.asked.filter((one) => one === "LIST")).toHaveLength(2);
  });

  it("are those of before where they never come to rest", async () => {
    await catalogue();
    blobs.pass(31);
    await blobs.write("aks-jumpbox.yaml", ofSize("Standard_D4s_v5"));
    writeMeanwhile(100);
    expect(await catalogue()).toMatchObject({ stale: { why: "ConditionNotMet" } });
    expect(await sizeOf()).toBe("Standard_D2s_v5");
    expect(blobs.asked.filter((one) => one === "LIST")).toHaveLength(3);
  });
});

describe("a container with bad input", () => {
  it.each<[string, string, string | Uint8Array, string]>([
    ["a recipe of 10 MB", "big.yaml", "#".repeat(10_000_000), "big.yaml:1:1: the recipe: is larger than 256 KiB"],
    ["one that is not UTF-8", "big.yaml", Uint8Array.of(0x6e, 0xff), "big.yaml:1:1: the recipe: is not UTF-8"],
    ["one without anything", "big.yaml", "", "big.yaml:1:1: the recipe: is empty, and takes fields of its own"],
    ["one with another ending", "big.yaml.yml", sample, "big.yaml.yml:1:1: the recipe: must be called .yaml"],
  ])("has %s as broken, and all others", async (_, name, content, told) => {
    await blobs.write(name, content);
    expect(await toldOf(name.replace(/\.yaml$/, ""))).toEqual([told]);
    expect(await sizeOf()).toBe("Standard_D2s_v5");
    if (content.length > 1_000_000) expect(blobs.asked).not.toContain(`GET ${name}`);
  });

  it.each([
    ["a template of 10 MB", "templates/big.json", "#".repeat(10_000_000), "is larger than 4 MiB"],
    ["a template that is not there", "templates/other.json", "{}", "is not there"],
  ])("has a recipe with %s as broken, and never downloads that", async (_, path, content, told) => {
    await blobs.write(path, content);
    await blobs.write("ubuntu.yaml", "name: ubuntu\ndescription: d\ntemplate: templates/big.json\n");
    expect(await toldOf("ubuntu")).toEqual([`ubuntu.yaml:3:11: template: ${told}`]);
    expect(blobs.asked.filter((one) => one.includes("templates"))).toEqual([]);
  });

  it("reads no blob by a path that leads out of it", async () => {
    await blobs.write("ubuntu.yaml", "name: ubuntu\ndescription: d\ntemplate: ../archive/secret.json\n");
    expect(await toldOf("ubuntu")).toEqual([expect.stringContaining("ubuntu.yaml:3:11: template: takes the path")]);
    expect(blobs.asked.join()).not.toContain("secret");
  });

  it.each(["__proto__.yaml", "a\u202Eb.yaml", `${"a".repeat(900)}.yaml`, "a b&<c>%2f.yaml", "..yaml", "-.yaml"])(
    "takes no harm from a recipe called %j",
    async (name) => {
      await blobs.write(name, sample);
      const { recipes, broken } = await catalogue();
      expect([...recipes.keys()]).toEqual(["aks-jumpbox", "other"]);
      const [[told = ""] = [], ...more] = broken;
      expect(more).toEqual([]);
      expect(told).toMatch(/^\P{C}{1,70}$/u);
    },
  );

  it("bounds what all recipes together may hold", async () => {
    const template = Buffer.alloc(4 * 1024 * 1024, 0xff);
    for (let at = 0; at < 33; at++) {
      await blobs.write(`templates/t${at}.json`, template);
      await blobs.write(`t${at}.yaml`, `name: t${at}\ndescription: d\ntemplate: templates/t${at}.json\n`);
    }
    const told = await Promise.all(Array.from({ length: 33 }, async (_, at) => (await toldOf(`t${at}`))?.join()));
    expect(told.filter((one) => one?.includes("is beyond the 128 MiB"))).not.toEqual([]);
    expect(blobs.asked.filter((one) => one.includes("templates")).length).toBeLessThan(33);
    expect(await sizeOf()).toBe("Standard_D2s_v5");
  });
});
