import { describe, expect, it } from "vitest";
import { checkGround } from "../../../../src/domain/preflight/checkGround.ts";
import { grantConditionFor, grantedUnder } from "../../../../src/domain/preflight/grantCondition.ts";
import { serviceNeeds, templateGroupOf } from "../../../../src/domain/preflight/serviceNeeds.ts";
import { resourceGroupOf } from "../../../../src/domain/resourceId.ts";
import {
  found,
  ground,
  networkId,
  planOf,
  refused,
  role,
  servicePrincipalId,
  subnetId,
} from "../../../support/ground.ts";
import { optionsOf, shellWords } from "../../../support/shellWords.ts";
import { grantOf } from "../../../support/plan.ts";

const plan = planOf();
const group = templateGroupOf(plan);
const subscription = networkId.split("/").slice(0, 3).join("/");
const READ = "Microsoft.VirtualMachineImages/imageTemplates/read";
const own = {
  id: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/22222222-2222-4333-8444-555555555555`,
  roleName: `Goldsmith template operator (${plan.template.tags["goldsmith-installation"]})`,
  description: "Makes templates.",
  assignableScopes: [group],
  permissions: [{ actions: [READ], notActions: [], dataActions: [] }],
};
const held = {
  id: `${group}/providers/Microsoft.Authorization/roleAssignments/held`,
  principalId: servicePrincipalId,
  group: undefined,
  scope: group,
  roleDefinition: "22222222-2222-4333-8444-555555555555",
  condition: undefined,
};

/** The service may read templates, and has this to thank for it. */
const reading = (...assignments: (typeof held)[]) =>
  ground({
    customRoles: found(subscription, [own]),
    serviceAssignments: found(subscription, assignments),
    servicePermissions: serviceNeeds(plan).map(({ scope, actions }) =>
      found(scope, [{ actions: scope === group ? [READ] : actions, notActions: [], dataActions: [] }]),
    ),
  });
const commandOf = (code: string, seen = ground()) =>
  checkGround(seen).find((finding) => finding.code === code)?.command ?? "";

describe("a right that the service lacks", () => {
  it("comes by the role of its own, where it does not hold that", () => {
    const options = optionsOf(commandOf("service-cannot-build", reading()));
    expect(options.get("role")).toEqual([own.roleName]);
    expect(options.get("assignee-object-id")).toEqual([servicePrincipalId]);
    expect(options.get("scope")).toEqual([group]);
  });

  it("comes by mending that role, where it holds it: to assign it again would be refused", () => {
    const command = commandOf("service-cannot-build", reading(held));
    expect(shellWords(command).slice(0, 4)).toEqual(["az", "role", "definition", "update"]);
    const definition = JSON.parse(optionsOf(command).get("role-definition")?.[0] ?? "") as typeof own & {
      actions: string[];
    };
    expect(definition).toMatchObject({ id: own.id, description: own.description, assignableScopes: [group] });
    expect(definition.actions).toContain(READ);
    expect(definition.actions).toContain("Microsoft.VirtualMachineImages/imageTemplates/run/action");
  });
});

it("makes the role of its own assignable in another subscription before it is assigned there", () => {
  const elsewhere = planOf({ subnetId: subnetId.replace("11111111", "21111111") });
  const { scope } = grantOf(elsewhere, "network join");
  const granter = { ...own, roleName: own.roleName.replace("template operator", "granter") };
  const command = commandOf(
    "service-cannot-grant",
    ground({
      plan: elsewhere,
      customRoles: found(subscription, [granter]),
      servicePermissions: [found(scope, [])],
    }),
  );
  const [widened = "", given = ""] = command.split(" && ");
  const definition = JSON.parse(optionsOf(widened).get("role-definition")?.[0] ?? "") as typeof own & object;
  expect(definition).toMatchObject({ id: own.id, actions: [READ] });
  expect(definition.assignableScopes).toEqual([group, resourceGroupOf(scope)]);
  expect(shellWords(given).slice(0, 4)).toEqual(["az", "role", "assignment", "create"]);
  expect(optionsOf(given).get("scope")).toEqual([scope]);
});

it("writes a leased role once and whole, whatever is found of it", () => {
  const actions = ["Microsoft.Compute/galleries/*", "Microsoft.Compute/images/read"];
  const wrong = {
    assignableScopes: ["/subscriptions/x"],
    permissions: [{ actions, notActions: ["*/write"], dataActions: [] }],
  };
  const findings = checkGround(ground({ roleDefinitions: [role("image creation", wrong), role("network join")] }));
  expect(findings.map(({ code }) => code)).toEqual(["role-lacks-action", "role-not-assignable", "role-too-wide"]);
  expect(new Set(findings.map(({ command }) => command)).size).toBe(1);
  expect(JSON.parse(optionsOf(findings[0]?.command ?? "").get("role-definition")?.[0] ?? "")).toMatchObject({
    actions: [
      "Microsoft.Compute/galleries/read",
      "Microsoft.Compute/galleries/images/read",
      "Microsoft.Compute/galleries/images/versions/read",
      "Microsoft.Compute/galleries/images/versions/write",
      "Microsoft.Compute/images/read",
    ],
    assignableScopes: ["/subscriptions/x", grantOf(plan, "image creation").scope],
  });
});

it("reads the condition that it writes as what it is: of the one role and the one builder", () => {
  const [one, other] = ["33333333-2222-4333-8444-555555555555", "44444444-2222-4333-8444-555555555555"] as const;
  expect(grantedUnder(grantConditionFor(one, other))).toEqual({ roles: [one], principal: other });
});

const scopeOf = (resource: string) =>
  optionsOf(commandOf("versions-unreadable", ground({ versions: refused(resource) }))).get("scope");

describe("what lets something be read", () => {
  it.each([
    ["is on that resource", networkId, networkId],
    ["is on the resource whose list was asked for", `${networkId}/usages`, networkId],
    ["is on the group of a list of its", `${group}/providers/Microsoft.Network/routeTables`, group],
    [
      "is on the subscription for all else",
      `${subscription}/providers/Microsoft.Compute/locations/x/usages`,
      subscription,
    ],
  ])("%s", (_, resource, scope) => {
    expect(scopeOf(resource)).toEqual([scope]);
  });
});
