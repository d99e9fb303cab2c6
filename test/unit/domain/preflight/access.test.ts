import { describe, expect, it } from "vitest";
import { roleAssignmentId } from "../../../../src/domain/grant.ts";
import { allows, type StandingAssignment } from "../../../../src/domain/preflight/access.ts";
import { builderIdentity } from "../../../../src/domain/preflight/builderIdentity.ts";
import { checkGround } from "../../../../src/domain/preflight/checkGround.ts";
import { granting } from "../../../../src/domain/preflight/granting.ts";
import { leasedRoles } from "../../../../src/domain/preflight/leasedRoles.ts";
import { serviceRights } from "../../../../src/domain/preflight/serviceRights.ts";
import { vmIdentities } from "../../../../src/domain/preflight/vmIdentities.ts";
import { templateGroupOf, TO_BUILD, TO_READ_LOGS } from "../../../../src/domain/preflight/serviceNeeds.ts";
import {
  absent,
  builderId,
  definitionId,
  found,
  ground,
  networkId,
  planOf,
  refused,
  role,
  scopes,
  subnetId,
} from "../../../support/ground.ts";
import { longScriptPlan } from "../../../support/longScriptPlan.ts";
import { grantOf, sampleRecipe, SCRIPT_CONTAINER } from "../../../support/plan.ts";
import { ruleCases } from "../../../support/ruleCases.ts";

const plan = planOf();
const MANAGEMENT_GROUP = "/providers/Microsoft.Management/managementGroups/corp";
const imageCreation = grantOf(plan, "image creation");
const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const subscription = networkId.split("/").slice(0, 3).join("/");
const assignment = (changes: Partial<StandingAssignment> = {}): StandingAssignment => ({
  id: `${subscription}/providers/Microsoft.Authorization/roleAssignments/other`,
  principalId: imageCreation.principalId,
  group: undefined,
  scope: subscription,
  roleDefinition: CONTRIBUTOR,
  condition: undefined,
  ...changes,
});
const held = (...all: StandingAssignment[]) => ({ builderAssignments: found(subscription, all) });
const onGroup = (name: string) => assignment({ scope: `${subscription}/resourceGroups/${name}` });
const { id } = assignment();

const SECRETS = `${subscription}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/secrets`;
const OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830";
const withIdentity = (...all: StandingAssignment[]) => ({
  plan: planOf({}, { vmProfile: { ...sampleRecipe().vmProfile, userAssignedIdentities: [SECRETS] } }),
  ...held(...all),
});

describe("an identity of the build VM", () =>
  ruleCases(vmIdentities, [
    ["passes where there is none", ground()],
    [
      "passes that the builder may assign",
      ground(withIdentity(assignment({ scope: SECRETS, roleDefinition: OPERATOR }))),
    ],
    [
      "passes that a custom role lets it assign",
      ground({
        ...withIdentity(assignment({ roleDefinition: "custom" })),
        customRoles: found("/roles", [
          {
            id: "/roleDefinitions/custom",
            roleName: "assigner",
            assignableScopes: ["/"],
            permissions: [{ actions: ["Microsoft.ManagedIdentity/*/assign/action"], notActions: [], dataActions: [] }],
          },
        ]),
      }),
    ],
    ["fails that the builder may not assign", ground(withIdentity()), "vm-identity-not-assignable"],
    [
      "fails where it may assign another one",
      ground(withIdentity(assignment({ scope: `${SECRETS}-2`, roleDefinition: OPERATOR }))),
      "vm-identity-not-assignable",
    ],
  ]));

describe("the builder identity", () =>
  ruleCases(builderIdentity, [
    ["passes where it is there and holds nothing", ground()],
    ["passes with what a build of another image holds", ground({ ...held(assignment()), ledger: [id.toUpperCase()] })],
    [
      "passes with this build's own from an answer that got lost, which the ledger knew before",
      ground({
        ...held(assignment({ id: roleAssignmentId(imageCreation) })),
        ledger: [roleAssignmentId(imageCreation)],
      }),
    ],
    [
      "is told to hold this build's own that no build leases",
      ground(held(assignment({ id: roleAssignmentId(imageCreation) }))),
      "builder-grant-without-lease",
    ],
    ["passes with what the settings put up with", ground({ ...held(assignment()), acceptedGrants: [id] })],
    [
      "passes with image builder's own on a staging group",
      ground(held(onGroup("aks-jumpbox-20261121-020000-k3fq-a1-staging"), onGroup("IT_rg_x_1"))),
    ],
    [
      "fails with Contributor on groups that are named alike only",
      ground(held(onGroup("rg-prod-staging"), onGroup("aks-jumpbox-20261121-020000-k3fq-a1"), onGroup("x-IT_y"))),
      "builder-standing-grant",
      "builder-standing-grant",
      "builder-standing-grant",
    ],
    [
      "cannot be told where nothing is shown",
      ground({ builder: refused(builderId), builderAssignments: refused(subscription) }),
    ],
    ["fails where it is gone", ground({ builder: absent(builderId) }), "builder-not-found"],
    [
      "fails where it was made anew",
      ground({ builder: found(builderId, { principalId: "another" }) }),
      "builder-differs",
    ],
    [
      "fails with a federated credential",
      ground({ federatedCredentials: found(builderId, ["github"]) }),
      "builder-federated",
    ],
    ["fails with a standing grant", ground(held(assignment())), "builder-standing-grant"],
    [
      "fails with another role on a staging group",
      ground(held(assignment({ scope: `${subscription}/resourceGroups/IT_x`, roleDefinition: OWNER }))),
      "builder-standing-grant",
    ],
  ]));

const needed = [
  "Microsoft.Compute/galleries/*/read",
  "Microsoft.Compute/galleries/read",
  "Microsoft.Compute/galleries/images/versions/write",
];
const withRole = (actions: string[], notActions: string[] = [], dataActions: string[] = []) => ({
  roleDefinitions: [
    role("image creation", { permissions: [{ actions, notActions, dataActions }] }),
    role("network join"),
  ],
});
const exact = (...more: string[]) => [
  "Microsoft.Compute/galleries/read",
  "Microsoft.Compute/galleries/images/read",
  "Microsoft.Compute/galleries/images/versions/read",
  "Microsoft.Compute/galleries/images/versions/write",
  ...more,
];

const managedImage = {
  type: "ManagedImage" as const,
  imageId: `${imageCreation.scope}/providers/Microsoft.Compute/images/base`,
};

const elsewhereGroup = imageCreation.scope.replace("rg-images", "rg-sources");
const fromElsewhere = planOf(
  {},
  { source: { type: "ManagedImage", imageId: `${elsewhereGroup}/providers/Microsoft.Compute/images/base` } },
);
const reading = (actions = ["Microsoft.Compute/images/read"]) =>
  role("source reading", { permissions: [{ actions, notActions: [], dataActions: [] }] }, fromElsewhere);

it("takes the identity out of a group that it holds a role through, and leaves the group its role", () => {
  const group = "99999999-2222-4333-8444-555555555555";
  const [finding] = checkGround(ground(held(assignment({ group }))));
  expect(finding).toMatchObject({
    code: "builder-standing-grant",
    command: `az ad group member remove --group ${group} --member-id ${imageCreation.principalId}`,
  });
});

describe("the leased roles", () =>
  ruleCases(leasedRoles, [
    ["pass with what a build needs", ground()],
    ["pass with what managed images need as well", ground(withRole(exact("Microsoft.Compute/images/write")))],
    ["cannot be told where they are not shown", ground({ roleDefinitions: [refused(imageCreation.roleDefinitionId)] })],
    ["fail where one is gone", ground({ roleDefinitions: [absent(imageCreation.roleDefinitionId)] }), "role-not-found"],
    [
      "fail without the right to read a managed image that is the source",
      ground({ ...withRole(exact()), plan: planOf({}, { source: managedImage }) }),
      "role-lacks-action",
    ],
    [
      "pass with it",
      ground({ ...withRole(exact("Microsoft.Compute/images/read")), plan: planOf({}, { source: managedImage }) }),
    ],
    [
      "pass without it where that is leased elsewhere",
      ground({ plan: fromElsewhere, roleDefinitions: [role("image creation"), reading(), role("network join")] }),
    ],
    [
      "fail where the source cannot be read with the role that is leased there",
      ground({ plan: fromElsewhere, roleDefinitions: [reading(["Microsoft.Compute/galleries/read"])] }),
      "role-lacks-action",
    ],
    ["fail without the right to write versions", ground(withRole(exact().slice(0, 3))), "role-lacks-action"],
    ["fail where that is taken away again", ground(withRole(exact(), ["*/write"])), "role-lacks-action"],
    ["are told where one is wider", ground(withRole(needed)), "role-too-wide"],
    ["are told where one reads data as well", ground(withRole(exact(), [], ["*"])), "role-too-wide"],
    [
      "fail where one cannot be assigned on its scope",
      ground({ roleDefinitions: [role("image creation", { assignableScopes: ["/subscriptions/x"] })] }),
      "role-not-assignable",
    ],
    [
      "are not told for sure where one can be assigned in a management group",
      ground({ roleDefinitions: [role("image creation", { assignableScopes: [MANAGEMENT_GROUP] })] }),
      "role-assignable-undecided",
    ],
  ]));

const roleOf = ({ roleDefinitionId }: { roleDefinitionId: string }) => roleDefinitionId.split("/").at(-1) ?? "";
const clause = (action: string, source: string, roleId: string, principal: string) =>
  `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${action}'})) OR (
    ${source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${roleId}} AND
    ${source}[Microsoft.Authorization/roleAssignments:PrincipalId] ForAnyOfAnyValues:GuidEquals {${principal}} AND
    ${source}[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}))`;
/** The condition of docs/access.md. */
const only = (roleId = roleOf(imageCreation), principal = imageCreation.principalId) =>
  `${clause("write", "@Request", roleId, principal)} AND ${clause("delete", "@Resource", roleId, principal)}`;
const another = "11111111-2222-4333-8444-555555555555";

const custom = (...actions: string[]) => ({
  customRoles: found(subscription, [
    {
      id: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/granter`,
      roleName: "granter",
      assignableScopes: [subscription],
      permissions: [{ actions, notActions: [], dataActions: [] }],
    },
  ]),
});
const subnetElsewhere = subnetId.replace("11111111", "21111111");
const networkElsewhere = networkId.replace("11111111", "21111111");
const elsewhere = planOf({ subnetId: subnetElsewhere });
const joinElsewhere = grantOf(elsewhere, "network join").roleDefinitionId.split("/").at(-1);
const allowedToGrant = [{ actions: ["Microsoft.Authorization/*"], notActions: [], dataActions: [] }];
const GRANTS = "Microsoft.Authorization/roleAssignments/*";
const ofService = (...all: StandingAssignment[]) => ({ serviceAssignments: found(subscription, all) });
const onImages = (changes: Partial<StandingAssignment>) => assignment({ scope: imageCreation.scope, ...changes });
const granter = (condition?: string) => ({
  ...custom(GRANTS),
  ...ofService(onImages({ roleDefinition: "granter", condition })),
});
const permitted = (...actions: string[]) => ({
  servicePermissions: [found(scopes[0] ?? "", [{ actions, notActions: [], dataActions: [] }])],
});

describe("the service's right to grant", () =>
  ruleCases(granting, [
    ["passes where it has it", ground()],
    ["passes under the condition that names role and builder", ground(granter(only()))],
    ["passes under that condition in capitals and on one line", ground(granter(only().toUpperCase()))],
    [
      "passes under that condition with more roles in its list",
      ground(granter(only(`${another}, ${roleOf(imageCreation)}`))),
    ],
    [
      "passes beside the granter of another zone's builder",
      ground({
        ...custom(GRANTS),
        ...ofService(
          onImages({ roleDefinition: "granter", condition: only() }),
          onImages({ id: "zone", roleDefinition: "granter", condition: only(undefined, another) }),
        ),
      }),
    ],
    ["passes with other roles", ground({ ...custom("*/read"), ...ofService(onImages({ roleDefinition: "granter" })) })],
    [
      "passes with Owner of something else",
      ground(ofService(assignment({ scope: `${subscription}/resourceGroups/other`, roleDefinition: OWNER }))),
    ],
    [
      "cannot be told where it is not shown",
      ground({ servicePermissions: [refused(imageCreation.scope)], serviceAssignments: refused(subscription) }),
    ],
    [
      "cannot be told in another subscription where it has it by a role that is not known",
      ground({ plan: elsewhere, servicePermissions: [found(networkElsewhere, allowedToGrant)] }),
      "grant-condition-unclear",
    ],
    [
      "passes in another subscription under the condition that names role and builder",
      ground({
        plan: elsewhere,
        servicePermissions: [found(networkElsewhere, allowedToGrant)],
        ...custom(GRANTS),
        ...ofService(
          assignment({ scope: networkElsewhere, roleDefinition: "granter", condition: only(joinElsewhere) }),
        ),
      }),
    ],
    [
      "fails where it is Owner in another subscription without a condition",
      ground({ plan: elsewhere, ...ofService(assignment({ scope: networkElsewhere, roleDefinition: OWNER })) }),
      "service-grants-anything",
    ],
    ["fails without it", ground(permitted("Microsoft.Compute/galleries/read")), "service-cannot-grant"],
    [
      "fails where it may not take away what it gives",
      ground(permitted("Microsoft.Authorization/roleAssignments/write")),
      "service-cannot-grant",
    ],
    [
      "fails where it is Owner without a condition",
      ground(ofService(onImages({ roleDefinition: OWNER }))),
      "service-grants-anything",
    ],
    [
      "fails once where it is Owner of a management group, which holds for each grant",
      ground(ofService(assignment({ scope: MANAGEMENT_GROUP, roleDefinition: OWNER }))),
      "service-grants-anything",
    ],
    ["fails where a custom role may assign without a condition", ground(granter()), "service-grants-anything"],
    [
      "cannot be told under a condition that leaves out role and builder",
      ground(granter(only().replaceAll("GuidEquals", "GuidNotEquals"))),
      "grant-condition-unclear",
    ],
    [
      "cannot be told under a condition that allows more beside",
      ground(granter(`(${only()}) OR 1 == 1`)),
      "grant-condition-unclear",
    ],
    [
      "cannot be told under a condition for deleting another role than for writing",
      ground(
        granter(
          `${clause("write", "@Request", roleOf(imageCreation), imageCreation.principalId)} AND ${clause("delete", "@Resource", another, imageCreation.principalId)}`,
        ),
      ),
      "grant-condition-unclear",
    ],
    [
      "cannot be told under a condition for more than one principal",
      ground(granter(only(undefined, `${imageCreation.principalId}, ${another}`))),
      "grant-condition-unclear",
    ],
    [
      "cannot be told under a condition for another builder alone",
      ground(granter(only(undefined, another))),
      "grant-condition-unclear",
    ],
    [
      "cannot be told under a condition for another role, of its scope and of the grant",
      ground(granter(only(another))),
      "grant-condition-unclear",
      "grant-condition-unclear",
    ],
  ]));

const templates = (verb: string) => `Microsoft.VirtualMachineImages/imageTemplates/${verb}`;
const permittedAt = (scope: string, ...actions: string[]) => ({
  servicePermissions: [found(scope.toUpperCase(), [{ actions, notActions: [], dataActions: TO_READ_LOGS }])],
});

const VERSIONS = "Microsoft.Compute/galleries/images/versions";
const galleryId = definitionId.split("/images/")[0] ?? "";
const publishing = (...verbs: string[]) =>
  ground({
    plan: planOf({}, { approval: { before: "publish", expires: "3d" } }),
    ...permittedAt(galleryId, ...verbs.map((verb) => `${VERSIONS}/${verb}`)),
  });

describe("the service's rights on templates and on the builder", () =>
  ruleCases(serviceRights, [
    ["pass where it has them", ground()],
    ["pass with wider ones", ground(permittedAt(templateGroupOf(plan), templates("*")))],
    ["cannot be told where they are not shown", ground({ servicePermissions: [refused(templateGroupOf(plan))] })],
    [
      "fail where it may not make templates",
      ground(permittedAt(templateGroupOf(plan), templates("read"))),
      "service-cannot-build",
    ],
    [
      "fail where it may make but not remove them",
      ground(permittedAt(templateGroupOf(plan), ...TO_BUILD.filter((action) => action !== templates("delete")))),
      "service-cannot-build",
    ],
    [
      "fail where it may not see what a run has made",
      ground(
        permittedAt(templateGroupOf(plan), ...TO_BUILD.filter((action) => action !== templates("runOutputs/read"))),
      ),
      "service-cannot-build",
    ],
    [
      "fail where it may see the builder only",
      ground(permittedAt(builderId, "Microsoft.ManagedIdentity/userAssignedIdentities/read")),
      "service-cannot-use-builder",
    ],
    [
      "warn where it may not read the logs of runs",
      ground({
        servicePermissions: [
          found(templateGroupOf(plan), [
            { actions: TO_BUILD, notActions: [], dataActions: ["Microsoft.Storage/*/write"] },
          ]),
        ],
      }),
      "service-cannot-read-logs",
    ],
    ["pass where it may publish what is approved", publishing("read", "write")],
    ["fail where it may only see what is approved", publishing("read"), "service-cannot-publish"],
    [
      "pass where it may publish nothing and nothing is to be approved",
      ground(permittedAt(galleryId, `${VERSIONS}/read`)),
    ],
    [
      "fail where it may put nothing into the container of its scripts",
      ground({
        plan: longScriptPlan(),
        ...permittedAt(SCRIPT_CONTAINER, "Microsoft.Storage/storageAccounts/blobServices/containers/read"),
      }),
      "service-cannot-keep-scripts",
    ],
    [
      "pass where it may put scripts into their container",
      ground({
        plan: longScriptPlan(),
        servicePermissions: [
          found(SCRIPT_CONTAINER, [{ actions: ["*/read"], notActions: [], dataActions: ["Microsoft.Storage/*"] }]),
        ],
      }),
    ],
  ]));

describe("permissions", () => {
  it.each([
    ["*", "Microsoft.Compute/images/read", true],
    ["*/read", "Microsoft.Compute/images/read", true],
    ["*/read", "Microsoft.Compute/images/write", false],
    ["microsoft.compute/*", "Microsoft.Compute/images/read", true],
    ["Microsoft.Compute/images", "Microsoft.Compute/images/read", false],
    ["Microsoft.Compute/*/assign/action", "Microsoft.Compute/images/assign/action", true],
    ["Microsoft.Compute/images/*/assign/action", "Microsoft.Compute/images/assign/action", true],
    ["Microsoft.Compute/images/*/assign/action", "Microsoft.Compute/images/reassign/action", false],
  ])("of %s allow %s: %s", (pattern, action, allowed) => {
    expect(allows([{ actions: [pattern], notActions: [], dataActions: [] }], action)).toBe(allowed);
  });

  it("of one role are not taken away by another's exceptions", () => {
    const one = { actions: ["*"], notActions: ["*/write"], dataActions: [] };
    expect(allows([one], "a/write")).toBe(false);
    expect(allows([one, { actions: ["a/write"], notActions: [], dataActions: [] }], "a/write")).toBe(true);
  });
});
