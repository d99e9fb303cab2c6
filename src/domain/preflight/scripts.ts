import ipaddr from "ipaddr.js";
import { containerAmong, placeOfBlob } from "../blobUrl.ts";
import type { Finding } from "../failure.ts";
import { fetchedBy } from "../fetched.ts";
import type { LeasedRole } from "../grant.ts";
import { accountIdOf, letReadBlobs, reachesBlobs, readsBlobsBy, supposedIdOf } from "./blobs.ts";
import { valueOf } from "./observed.ts";
import { operatingSystemOf } from "./operatingSystem.ts";
import type { Ready } from "./roleMends.ts";
import { EVERY_TOPOLOGY, IN_RECIPE, rule } from "./rule.ts";

export const scripts = rule({
  name: "scripts",
  holds:
    "Image builder can fetch the scripts and files that the recipe names, finds them unchanged, and can put them where they go.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "script-unreachable": {
      severity: "blocks",
      owner: "requester",
      why: "Image builder fetches it itself as the template is made, over the Internet and not from the build's subnet.",
      ...IN_RECIPE,
    },
    "script-not-encrypted": {
      severity: "warns",
      owner: "requester",
      why: "Whoever is on the way can read it, and change it where there is no checksum.",
      ...IN_RECIPE,
    },
    "script-unchecked": {
      severity: "warns",
      owner: "requester",
      why: "What the script is may change between builds, without anybody changing the recipe.",
      ...IN_RECIPE,
    },
    "file-not-readable": {
      severity: "blocks",
      owner: "identity",
      why: "Files in Azure Storage are fetched as the builder identity, public or not; the template cannot be made without.",
    },
    "file-maybe-not-readable": {
      severity: "warns",
      owner: "identity",
      why: "The same; but the URI does not tell of which subscription the account is, and what the builder holds elsewhere is not seen.",
    },
    "script-maybe-not-readable": {
      severity: "warns",
      owner: "identity",
      why: "A script in Azure Storage is fetched as the builder identity where it is not public; the template cannot be made without.",
    },
    "file-destination": {
      severity: "blocks",
      owner: "requester",
      why: "On Linux image builder can write to /tmp and to nothing else.",
      ...IN_RECIPE,
    },
  },
  check(ground, find) {
    const { plan, builderAssignments, customRoles } = ground;
    const readsBlobs = (role: string) => readsBlobsBy(role, customRoles);
    const isLinux = operatingSystemOf(ground) === "Linux";
    return fetchedBy(plan.template).flatMap((step): Finding[] => {
      const findings: Finding[] = [];
      const told = (code: Parameters<typeof find>[0], seen: string, mend: string, ready: Ready = {}) =>
        findings.push(find(code, { resource: step.of, seen, mend, ...ready }));
      if (step.destination !== undefined && isLinux && !/^\/tmp\/./.test(step.destination)) {
        told(
          "file-destination",
          `The file goes to ${step.destination}.`,
          "Put it below /tmp, and move it from there in a Shell customizer.",
        );
      }
      const uri = new URL(step.uri);
      // What stands in the query may be a secret.
      const shown = `${uri.origin === "null" ? uri.protocol : uri.origin}${uri.pathname}`;
      if (!["https:", "http:"].includes(uri.protocol) || isPrivate(uri.hostname)) {
        told(
          "script-unreachable",
          `${shown} is not on the Internet.`,
          "Put it where image builder can fetch it by https.",
        );
        return findings;
      }
      if (uri.protocol === "http:") {
        told("script-not-encrypted", `${shown} is fetched without encryption.`, "Name it by https.");
      }
      if (!step.sha256Checksum) {
        told(
          "script-unchecked",
          `${shown} has no checksum in the recipe.`,
          "Set sha256Checksum, as sha256sum tells it, instead of unchecked.",
        );
      }
      const { account, container = "" } = placeOfBlob(step.uri) ?? {};
      const held = valueOf(builderAssignments);
      // What is leased is not held yet.
      if (plan.grants.some((one) => READING.includes(one.role) && containerAmong([one.scope], step.uri)))
        return findings;
      const reaching = held?.filter((one) => reachesBlobs(one, account ?? "", container)) ?? [];
      if (account && held && !reaching.some((one) => readsBlobs(one.roleDefinition) === "yes")) {
        const id = accountIdOf(ground, account);
        const isSure = id !== undefined && reaching.every((one) => readsBlobs(one.roleDefinition) === "no");
        const file = isSure ? "file-not-readable" : "file-maybe-not-readable";
        told(
          step.destination !== undefined ? file : "script-maybe-not-readable",
          `The builder is not seen to hold a role to read blobs of the container ${container} in the account ${account}.`,
          `Add the container to scriptContainers of the zone in GOLDSMITH_TRUST_ZONES, and let the service lease the right to read it; or give the builder Storage Blob Data Reader on it${id ? "" : ", in the account's subscription where that is another than the template's"}, and accept that role assignment in GOLDSMITH_ACCEPTED_GRANTS; or name a public place outside of Azure Storage.`,
          letReadBlobs(plan.builderPrincipalId, id ?? supposedIdOf(ground, account), container),
        );
      }
      return findings;
    });
  },
});

/** Leased roles that let blobs be read. */
const READING: readonly LeasedRole[] = ["script reading", "disk writing"];

/** Names and addresses that only somebody inside of a network knows. */
function isPrivate(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "");
  if (ipaddr.isValid(bare)) return ipaddr.process(bare).range() !== "unicast";
  return !bare.includes(".") || /(^|\.)privatelink\.|\.(internal|local|localhost)$/i.test(bare);
}
