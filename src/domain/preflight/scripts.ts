import ipaddr from "ipaddr.js";
import type { Finding } from "../failure.ts";
import type { ImageTemplateBody } from "../imageTemplate.ts";
import { sameId } from "../resourceId.ts";
import type { StandingAssignment } from "./access.ts";
import { az, bicepCall, BicepExpression, bicepResource } from "./mends.ts";
import { valueOf } from "./observed.ts";
import { operatingSystemOf } from "./operatingSystem.ts";
import { EVERY_TOPOLOGY, IN_RECIPE, rule, type Sight } from "./rule.ts";
import { subscriptionIdOf } from "./subscription.ts";

const BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
/** Storage Blob Data Reader, Contributor and Owner. */
const BLOB_ROLES = [BLOB_READER, "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "b7e6dc6d-f1e8-4736-9d0d-8ff5d53a3d5c"];

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
    "script-token": {
      severity: "warns",
      owner: "requester",
      why: "The template shows it to whoever may read templates, and the archive keeps it.",
      ...IN_RECIPE,
    },
    "file-not-readable": {
      severity: "blocks",
      owner: "identity",
      why: "Files in Azure Storage are fetched as the builder identity, public or not; the template cannot be made without.",
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
    const { plan, builderAssignments } = ground;
    const isLinux = operatingSystemOf(ground) === "Linux";
    return fetchedFor(plan.template).flatMap((step): Finding[] => {
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
          "Set sha256Checksum, as sha256sum tells it.",
        );
      }
      const hasToken = uri.searchParams.has("sig");
      if (hasToken) {
        told(
          "script-token",
          `The URI of ${shown} holds a shared access signature.`,
          "Leave it out, and let the builder read it by a role.",
        );
      }
      const [, account] = /^([a-z0-9]+)\.blob\.core\.windows\.net$/i.exec(uri.hostname) ?? [];
      const held = valueOf(builderAssignments);
      const container = containerOf(uri);
      if (account && held && !hasToken && !held.some((one) => readsBlobsOf(one, account, container))) {
        told(
          step.destination !== undefined ? "file-not-readable" : "script-maybe-not-readable",
          `The builder holds no role to read blobs of the container ${container} in the account ${account}.`,
          "Give the builder Storage Blob Data Reader on that container, and accept that role assignment in GOLDSMITH_ACCEPTED_GRANTS; or name a public place outside of Azure Storage.",
          letReadBlobs(plan.grants.imageCreation.principalId, subscriptionIdOf(plan), account, container),
        );
      }
      return findings;
    });
  },
});

/** Something that image builder fetches as the template is made. */
interface Fetched {
  /** `customize updates`, or what else of the recipe it is for. */
  of: string;
  uri: string;
  sha256Checksum?: string;
  /** Of a file: a script has none. */
  destination?: string;
}

function fetchedFor({ customize = [], validate, optimize }: ImageTemplateBody): Fetched[] {
  const steps = [
    ...customize.map((step, at) => ({ ...step, of: `customize ${step.name ?? at}` })),
    ...(validate?.inVMValidations ?? []).map((step, at) => ({ ...step, of: `validate ${step.name ?? at}` })),
    { ...optimize?.workload, of: "optimize workload" },
  ];
  return steps.flatMap((step): Fetched[] => {
    if ("sourceUri" in step) return [{ ...step, uri: step.sourceUri }];
    const uri = "scriptUri" in step ? step.scriptUri : undefined;
    return uri ? [{ ...step, uri }] : [];
  });
}

/** A blob without a folder before it is in the account's root container. */
function containerOf({ pathname }: URL): string {
  const [container = "", blob] = pathname.slice(1).split("/");
  return blob === undefined ? "$root" : container;
}

/** Names and addresses that only somebody inside of a network knows. */
function isPrivate(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "");
  if (ipaddr.isValid(bare)) return ipaddr.process(bare).range() !== "unicast";
  return !bare.includes(".") || /(^|\.)privatelink\.|\.(internal|local|localhost)$/i.test(bare);
}

/** Whether a role assignment lets blobs of a container be read, as far as its scope tells: of a group it may. */
function readsBlobsOf({ scope, roleDefinition }: StandingAssignment, account: string, container: string): boolean {
  if (!BLOB_ROLES.includes(roleDefinition.toLowerCase())) return false;
  const [, namedAccount = account, namedContainer = container] =
    /\/storageAccounts\/([^/]+)(?:\/blobServices\/[^/]+\/containers\/([^/]+))?/i.exec(scope) ?? [];
  return sameId(namedAccount, account) && sameId(namedContainer, container);
}

type Ready = Pick<Sight, "command" | "bicep">;

/** Gives the builder Storage Blob Data Reader on a container; in which resource group its account is, a URI does not say. */
function letReadBlobs(builder: string, subscription: string, account: string, container: string): Ready {
  const name = `${account}/default/${container}`;
  const scope =
    `/subscriptions/${subscription}/resourceGroups/<group of ${account}>/providers/Microsoft.Storage` +
    `/storageAccounts/${account}/blobServices/default/containers/${container}`;
  const properties = {
    roleDefinitionId: bicepCall("subscriptionResourceId", "Microsoft.Authorization/roleDefinitions", BLOB_READER),
    principalId: builder,
    principalType: "ServicePrincipal",
  };
  return {
    command: az`role assignment create ${{
      subscription,
      role: "Storage Blob Data Reader",
      "assignee-object-id": builder,
      "assignee-principal-type": "ServicePrincipal",
      scope,
    }}`,
    bicep: [
      `// deploy to the resource group of the storage account ${account}`,
      `resource target 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' existing = {\n  name: '${name}'\n}`,
      bicepResource("assignment", "Microsoft.Authorization/roleAssignments@2022-04-01", {
        name: bicepCall("guid", name, builder, BLOB_READER),
        scope: new BicepExpression("target"),
        properties,
      }),
    ].join("\n"),
  };
}
