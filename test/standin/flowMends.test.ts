/** What the preflight says that mends a network security group does, all of it at once. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Finding } from "../../src/domain/failure.ts";
import { isolatedLandscapePlan, landscapePlan, predict } from "../support/preflightGround.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { cloudGround, CONTAINER_DELEGATION } from "../support/cloudGround.ts";
import { besideNetwork } from "../support/cloudNetwork.ts";
import { securityRule } from "../support/leastRules.ts";
import { optionsOf } from "../support/shellWords.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(() => cloud.reset());
afterAll(() => cloud.close());

const { put, putBuildSubnet, putContainerSubnet, putRules, settle } = cloudGround(() => cloud);
const group = besideNetwork("networkSecurityGroups", "nsg-builds");

const isFlow = ({ code }: Finding) => code.startsWith("flow-");

/** Does what the command of a finding does, which makes a rule. @returns the status of Azure's answer. */
async function mend({ command = "" }: Finding): Promise<number> {
  const options = optionsOf(command);
  const option = (name: string) => options.get(name)?.[0] ?? "";
  const { name: _, ...properties } = securityRule(
    option("direction"),
    Number(option("priority")),
    option("source-address-prefixes"),
    option("destination-address-prefixes"),
    option("destination-port-ranges"),
  );
  const { status } = await put(`${group}/securityRules/${option("name")}`, properties, {});
  await settle();
  return status;
}

const denyAll = (priority: number): [string, ReturnType<typeof securityRule>][] => [
  ["deny-in", securityRule("Inbound", priority, "*", "*", "*", "Deny")],
  ["deny-out", securityRule("Outbound", priority, "*", "*", "*", "Deny")],
];

describe("every flow passes once all is done that the preflight says", () => {
  it.each([
    ["where all is denied", landscapePlan(), denyAll(200)],
    ["where two subnets share a group that denies all", isolatedLandscapePlan(), denyAll(4096)],
    [
      "where a rule has the name already that a mend would take",
      landscapePlan(),
      [...denyAll(300), ["Allow-Proxy-To-Build", securityRule("Inbound", 299, "10.0.0.0/8", "10.0.0.0/8", "81")]],
    ],
    [
      "where each of the subnet's prefixes is denied by a rule of its own",
      landscapePlan(),
      [
        ["deny-first", securityRule("Inbound", 200, "*", "10.40.0.0/27", "*", "Deny")],
        ["deny-second", securityRule("Inbound", 150, "*", "10.40.2.0/28", "*", "Deny")],
      ],
    ],
  ] satisfies [string, unknown, [string, ReturnType<typeof securityRule>][]][])("%s", async (_, plan, rules) => {
    await putRules(...rules.map(([name, rule]) => ({ ...rule, name })));
    await putBuildSubnet({ addressPrefix: undefined, addressPrefixes: ["10.40.0.0/27", "10.40.2.0/28"] });
    await settle();
    await putContainerSubnet({ ...CONTAINER_DELEGATION, networkSecurityGroup: { id: group } });
    await settle();
    const findings = (await predict(cloud, plan)).filter(isFlow);
    expect(findings).not.toEqual([]);
    for (const finding of findings) expect(await mend(finding)).toBe(201);
    expect((await predict(cloud, plan)).filter(isFlow)).toEqual([]);
  });
});
