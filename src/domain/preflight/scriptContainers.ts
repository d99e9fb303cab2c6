import { accountOfContainer } from "../blobUrl.ts";
import type { Finding } from "../failure.ts";
import { sameId } from "../resourceId.ts";
import { observedOf } from "./ground.ts";
import { valueOf } from "./observed.ts";
import { byHand, EVERY_TOPOLOGY, IN_SETTINGS, rule } from "./rule.ts";

/** What is read of a storage account that scripts are fetched from. */
export interface ScriptAccount {
  /** Whether it can be reached over the Internet at all. */
  isPublic: boolean;
  /** Whether it lets in whom none of its rules names. */
  letsAnyIn: boolean;
  /** Those that its rules name. */
  subnetIds: readonly string[];
}

/** Of what is not there Azure says no more to whoever may not see it; the role that writes scripts lets them be seen. */
const HIDDEN = "AuthorizationFailed";

export const scriptContainers = rule({
  name: "script-containers",
  holds:
    "The containers that scripts are fetched from are there, as far as the service puts them there itself, and their accounts let image builder in.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "script-container-not-found": {
      severity: "blocks",
      owner: "platform",
      why: "The service puts scripts into it that are too long for a template, and makes no containers.",
      ...IN_SETTINGS,
    },
    "script-account-closed": {
      severity: "blocks",
      owner: "network",
      why: "Image builder fetches scripts as the template is made: over the Internet, or out of the subnet of its containers where the build has one.",
      ...byHand("Who is let into the account is for its owners to say."),
    },
    "script-account-private": {
      severity: "warns",
      owner: "network",
      why: "It can be reached by private endpoints alone, and whether image builder gets to one is not looked at.",
      ...byHand("A private endpoint may be meant to do."),
    },
  },
  check({ plan, scriptContainer, scriptAccounts }, find) {
    const { template, grants } = plan;
    const { vnetConfig } = template.vmProfile;
    const subnetId =
      vnetConfig && "containerInstanceSubnetId" in vnetConfig ? vnetConfig.containerInstanceSubnetId : "";
    const missing: Finding[] =
      scriptContainer.kind === "absent" || (scriptContainer.kind === "unreadable" && scriptContainer.code === HIDDEN)
        ? [
            find("script-container-not-found", {
              resource: scriptContainer.resource,
              seen: "There is no such container, or the service holds no role on it.",
              mend: "Make it, and give the service's identity Storage Blob Data Contributor on it; or name another one in GOLDSMITH_SCRIPT_CONTAINER.",
            }),
          ]
        : [];
    const containers = grants.filter(({ role }) => role === "script reading").map(({ scope }) => scope);
    return [
      ...missing,
      ...[...new Set(containers.map(accountOfContainer))].flatMap((resource): Finding[] => {
        const account = valueOf(observedOf(scriptAccounts, resource));
        if (!account) return [];
        if (!account.isPublic) {
          const seen = "Its publicNetworkAccess is Disabled.";
          const mend = "Set it to Enabled with a rule for image builder's subnet, or see that a private endpoint does.";
          return [find("script-account-private", { resource, seen, mend })];
        }
        if (account.letsAnyIn || account.subnetIds.some((id) => sameId(id, subnetId))) return [];
        return [
          find("script-account-closed", {
            resource,
            seen: `Its firewall does not let ${subnetId || "image builder"} in.`,
            mend: subnetId
              ? `Add a virtual network rule for that subnet, with a service endpoint of Microsoft.Storage on it.`
              : "Let it in from all networks, or build with a containerInstanceSubnetId that has a rule there.",
          }),
        ];
      }),
    ];
  },
});
