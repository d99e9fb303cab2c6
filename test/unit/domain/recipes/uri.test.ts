import { describe, expect, it } from "vitest";
import { faultText } from "../../../../src/domain/recipes/fault.ts";
import { parseRecipe } from "../../../../src/domain/recipes/recipeFile.ts";
import { sampleRecipe } from "../../../support/plan.ts";

const checksum = "a".repeat(64);

function toldOf(scriptUri: string, more: object = { sha256Checksum: checksum }): string[] {
  const customize = [{ type: "Shell", scriptUri, ...more }];
  const parsed = parseRecipe("aks-jumpbox.yaml", JSON.stringify({ ...sampleRecipe(), customize }));
  return parsed.kind === "faulty" ? parsed.faults.map(faultText) : [];
}

describe("a script that is fetched", () => {
  it.each([
    "169.254.169.254",
    "127.0.0.1",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "localhost",
    "LOCALHOST.",
    "a.localhost",
    "0.0.0.0",
    "168.63.129.16",
    "224.0.0.1",
    "[::1]",
    "[::]",
    "[fe80::1]",
    "[::ffff:169.254.169.254]",
    "[::ffff:a83f:8110]",
  ])("is not at %s, which is the machine's own or its platform's", (host) => {
    expect(toldOf(`https://${host}/x.sh`)).toEqual([expect.stringContaining("an address of the machine that fetches")]);
  });

  it.each(["10.20.0.4", "scripts.example.com", "[fd00::4]", "20.50.1.2"])("may be at %s", (host) => {
    expect(toldOf(`https://${host}/x.sh`)).toEqual([]);
  });

  it("comes without TLS only where its checksum is known", () => {
    expect(toldOf("http://scripts.example.com/x.sh")).toEqual([]);
    expect(toldOf("http://scripts.example.com/x.sh", { unchecked: true })).toEqual([
      expect.stringContaining("scriptUri: is of http"),
    ]);
  });
});
