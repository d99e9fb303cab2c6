import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { checkGround } from "../../../../src/domain/preflight/checkGround.ts";
import type { SourceImage } from "../../../../src/domain/preflight/images.ts";
import { az } from "../../../../src/domain/preflight/mends.ts";
import { valueOf } from "../../../../src/domain/preflight/observed.ts";
import {
  type GroundChanges,
  absent,
  definitionId,
  found,
  ground,
  networkId,
  planOf,
  withRoutes,
} from "../../../support/ground.ts";
import { sampleSource } from "../../../support/plan.ts";
import { optionsOf, shellWords } from "../../../support/shellWords.ts";

const HOSTILE = ["x; rm -rf $HOME #", "it's `id`", '"$(id)"', "a\nb", "<name>", "*", "", "~", "a&b|c>d"];
const told = (changes: GroundChanges, code: string) =>
  checkGround(ground(changes)).find((finding) => finding.code === code);
const subscription = networkId.split("/")[2] ?? "";

describe("a command that mends", () => {
  it("takes whatever is put into it as words, also a real shell's", () => {
    const command = az`${HOSTILE}`;
    expect(shellWords(command)).toEqual(["az", ...HOSTILE]);
    const script = `az() { printf '%s\\0' "$@"; }\n${command}`;
    const shown = execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" });
    expect(shown.split("\0").slice(0, -1)).toEqual(HOSTILE);
  });

  it("keeps what stands in a recipe's source to itself", () => {
    const plan = planOf({}, { source: { ...sampleSource(), publisher: "x; rm -rf $HOME #", sku: "a b" } });
    const options = optionsOf(told({ plan, sourceImage: absent("source") }, "source-not-found")?.command ?? "");
    expect(options.get("publisher")).toEqual(["x; rm -rf $HOME #"]);
    expect(options.get("sku")).toEqual(["a b"]);
    expect(options.get("subscription")).toEqual([subscription]);
  });

  it("makes a definition that the source fits", () => {
    const source = valueOf(ground().sourceImage) as SourceImage;
    const sourceImage = found("source", { ...source, generation: "V1", architecture: "Arm64" });
    const options = optionsOf(
      told({ sourceImage, definition: absent(definitionId) }, "definition-not-found")?.command ?? "",
    );
    expect(options.get("hyper-v-generation")).toEqual(["V1"]);
    expect(options.get("architecture")).toEqual(["Arm64"]);
    expect(options.get("features")).toEqual(["SecurityType=TrustedLaunchSupported"]);
  });

  it("changes the route that has the subnet's very prefix, of which a table takes only one", () => {
    const route = { name: "own", addressPrefix: "10.0.0.0/28", nextHopType: "VirtualAppliance" };
    const [finding] = checkGround(withRoutes([{ ...route, nextHopIpAddress: "10.0.0.68" }]));
    expect(shellWords(finding?.command ?? "").slice(0, 5)).toEqual(["az", "network", "route-table", "route", "update"]);
    const options = optionsOf(finding?.command ?? "");
    expect(options.get("name")).toEqual(["own"]);
    expect(options.get("next-hop-ip-address")).toEqual(["null"]);
  });
});
