import { describe } from "vitest";
import { accountOfContainer } from "../../../../src/domain/blobUrl.ts";
import type { Ground } from "../../../../src/domain/preflight/ground.ts";
import { type ScriptAccount, scriptContainers } from "../../../../src/domain/preflight/scriptContainers.ts";
import { absent, containerSubnetId, found, ground, refused } from "../../../support/ground.ts";
import { longScriptPlan } from "../../../support/longScriptPlan.ts";
import { SCRIPT_CONTAINER } from "../../../support/plan.ts";
import { ruleCases } from "../../../support/ruleCases.ts";

const account = accountOfContainer(SCRIPT_CONTAINER);
const open: ScriptAccount = { isPublic: true, letsAnyIn: true, subnetIds: [] };

const seen = (changes: Partial<ScriptAccount> = {}, more: Partial<Ground> = {}): Ground =>
  ground({
    plan: longScriptPlan(),
    scriptContainer: found(SCRIPT_CONTAINER, {}),
    scriptAccounts: [found(account.toUpperCase(), { ...open, ...changes })],
    ...more,
  });
const isolated = (changes: Partial<ScriptAccount>) => seen(changes, { plan: longScriptPlan({ isolated: true }) });

describe("the containers that scripts are fetched from", () =>
  ruleCases(scriptContainers, [
    ["pass where there are none", ground()],
    ["pass where the account lets anybody in", seen()],
    [
      "fail where there is no container",
      seen({}, { scriptContainer: absent(SCRIPT_CONTAINER) }),
      "script-container-not-found",
    ],
    [
      "fail where the service may not see it, as it may not see what is not there",
      seen({}, { scriptContainer: refused(SCRIPT_CONTAINER) }),
      "script-container-not-found",
    ],
    [
      "cannot be told where Azure does not answer",
      seen(
        {},
        {
          scriptContainer: {
            resource: SCRIPT_CONTAINER,
            kind: "unreadable",
            code: "503",
            message: "",
            isPassing: true,
          },
        },
      ),
    ],
    ["cannot be told where the account is not shown", seen({}, { scriptAccounts: [refused(account)] })],
    ["fail behind a firewall", seen({ letsAnyIn: false }), "script-account-closed"],
    [
      "fail behind a firewall with a rule for a subnet that image builder is not in",
      seen({ letsAnyIn: false, subnetIds: [containerSubnetId] }),
      "script-account-closed",
    ],
    [
      "pass behind a firewall with a rule for the subnet of image builder's containers",
      isolated({ letsAnyIn: false, subnetIds: [containerSubnetId.toUpperCase()] }),
    ],
    ["fail behind a firewall without that rule", isolated({ letsAnyIn: false }), "script-account-closed"],
    ["are told where only private endpoints lead to the account", seen({ isPublic: false }), "script-account-private"],
  ]));
