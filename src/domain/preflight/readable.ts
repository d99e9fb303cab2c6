import type { Finding } from "../failure.ts";
import { sameId } from "../resourceId.ts";
import { buildSubnets, type Ground } from "./ground.ts";
import { type Observed, valueOf } from "./observed.ts";
import { IMAGE_BUILDER } from "./registrations.ts";
import { letRead } from "./roleMends.ts";
import { byHand, EVERY_TOPOLOGY, type Kind, rule, type Sight } from "./rule.ts";
import type { Usage } from "./subscription.ts";

/** What stays unchecked where something cannot be read. */
const UNCHECKED = {
  "virtual-network-unreadable": "Nothing of the network could be checked: subnets, rules, routes, addresses.",
  "subnet-usages-unreadable": "Whether addresses are free in the subnet could not be checked.",
  "security-group-unreadable": "A rule that keeps image builder's machines apart fails the build after minutes.",
  "route-table-unreadable": "Whether downloads have a way out of the subnet could not be checked.",
  "nat-gateway-unreadable": "Whether the subnet's NAT gateway lets downloads out of it could not be checked.",
  "firewall-unreadable":
    "Whether an Azure Firewall is where the subnet's traffic is forced to, and what it lets out, could not be checked.",
  "firewall-policy-unreadable": "Which host names the firewall lets out could not be checked.",
  "builder-unreadable":
    "Whether the builder identity is there, and the one that the settings name, could not be checked.",
  "federated-credentials-unreadable": "Whether somebody else can act as the builder could not be checked.",
  "builder-assignments-unreadable": "Whether the builder holds anything at rest could not be checked.",
  "service-assignments-unreadable": "Whether the service's own rights are under a condition could not be checked.",
  "custom-roles-unreadable":
    "Whether a custom role lets the service assign roles without a condition could not be checked.",
  "service-permissions-unreadable":
    "Whether the service may make templates, and give the builder its access, could not be checked.",
  "role-unreadable": "Whether the leased role holds what a build needs could not be checked.",
  "source-unreadable": "Whether the source image is offered, and fits the definition, could not be checked.",
  "terms-unreadable": "Whether the terms of the source's purchase plan are accepted could not be checked.",
  "definition-unreadable": "Whether the new version has a place to go to could not be checked.",
  "versions-unreadable": "Whether the new version gets a number, and becomes the latest, could not be checked.",
  "script-container-unreadable": "Whether the container is there that scripts are put into could not be checked.",
  "script-account-unreadable": "Whether image builder gets to the account of its scripts could not be checked.",
  "providers-unreadable": "Whether image builder is registered, and offered in the region, could not be checked.",
  "compute-usages-unreadable": "Whether there is quota for the build VM could not be checked.",
  "container-usages-unreadable": "Whether there is quota for packer's container could not be checked.",
  "policies-unreadable": "Whether Azure Policy denies what image builder makes could not be checked.",
} as const;

type Code = keyof typeof UNCHECKED | "security-group-missing" | "route-table-missing" | "nat-gateway-missing";

export const readable = rule<Code>({
  name: "readable",
  holds: "The service can read everything that it checks.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    ...(Object.fromEntries(Object.entries(UNCHECKED).map(([code, why]) => [code, kindOf(code, why)])) as Record<
      keyof typeof UNCHECKED,
      Kind
    >),
    "security-group-missing": {
      severity: "warns",
      owner: "network",
      why: "The subnet names a network security group that Azure does not know: it is being deleted, or of another tenant.",
      ...byHand("What is to be there instead is for the network's owners to say."),
    },
    "route-table-missing": {
      severity: "warns",
      owner: "network",
      why: "The subnet names a route table that Azure does not know, so its way out could not be checked.",
      ...byHand("What is to be there instead is for the network's owners to say."),
    },
    "nat-gateway-missing": {
      severity: "warns",
      owner: "network",
      why: "The subnet names a NAT gateway that Azure does not know: nothing leaves by it.",
      ...byHand("What is to be there instead is for the network's owners to say."),
    },
  },
  check(ground, find) {
    const unreadable = (code: Code, observed: Observed<unknown>): Finding[] =>
      observed.kind === "unreadable" ? [find(code, sightOf(ground, observed))] : [];
    /** Of firewalls: what was not read for want of reads is told of each appliance whose names are not judged. */
    const shut = (code: Code, observed: Observed<unknown>): Finding[] =>
      observed.kind === "unreadable" && observed.isOurs ? [] : unreadable(code, observed);
    /** Of what is there in any case, so that an answer that it is not says nothing. */
    const unseen = (code: Code, observed: Observed<unknown>): Finding[] =>
      observed.kind === "absent"
        ? [
            find(
              code,
              sightOf(ground, { ...observed, kind: "unreadable", code: observed.code ?? "not-found", message: "" }),
            ),
          ]
        : unreadable(code, observed);
    const missing = (code: Code, observed: Observed<unknown>): Finding[] =>
      observed.kind === "absent"
        ? [
            find(code, {
              resource: observed.resource,
              seen: `${observed.resource} is not there.`,
              mend: "Take it off the subnet, or put another one there.",
            }),
          ]
        : [];
    /** Of a list that is shown without what is asked of it. */
    const lacking = (code: Code, { resource }: Observed<unknown>, missing: readonly string[]): Finding[] =>
      missing.map((what) =>
        find(code, {
          resource,
          seen: `${resource} shows nothing of ${what}.`,
          mend: "Look at it yourself: what is not shown is not checked.",
        }),
      );
    return [
      ...unreadable("virtual-network-unreadable", ground.virtualNetwork),
      ...unseen("subnet-usages-unreadable", ground.subnetUsages),
      ...lacking("subnet-usages-unreadable", ground.subnetUsages, subnetsNotIn(ground)),
      ...ground.securityGroups.flatMap((one) => unreadable("security-group-unreadable", one)),
      ...ground.securityGroups.flatMap((one) => missing("security-group-missing", one)),
      ...ground.routeTables.flatMap((one) => unreadable("route-table-unreadable", one)),
      ...ground.routeTables.flatMap((one) => missing("route-table-missing", one)),
      ...ground.natGateways.flatMap((one) => unreadable("nat-gateway-unreadable", one)),
      ...ground.natGateways.flatMap((one) => missing("nat-gateway-missing", one)),
      ...ground.firewalls.flatMap(({ firewall }) => shut("firewall-unreadable", firewall)),
      ...ground.firewalls.flatMap(({ policy }) => shut("firewall-policy-unreadable", policy)),
      ...unreadable("builder-unreadable", ground.builder),
      ...(ground.builder.kind === "absent"
        ? []
        : unseen("federated-credentials-unreadable", ground.federatedCredentials)),
      ...unseen("builder-assignments-unreadable", ground.builderAssignments),
      ...ground.assignmentsElsewhere.builder.flatMap((one) => unseen("builder-assignments-unreadable", one)),
      ...unseen("service-assignments-unreadable", ground.serviceAssignments),
      ...ground.assignmentsElsewhere.service.flatMap((one) => unseen("service-assignments-unreadable", one)),
      ...unseen("custom-roles-unreadable", ground.customRoles),
      ...ground.servicePermissions.flatMap((one) => unseen("service-permissions-unreadable", one)),
      ...ground.roleDefinitions.flatMap((one) => unreadable("role-unreadable", one)),
      ...unreadable("source-unreadable", ground.sourceImage),
      ...unseen("terms-unreadable", ground.termsAccepted),
      ...ground.definitions.flatMap(({ definition }) => unreadable("definition-unreadable", definition)),
      ...ground.definitions.flatMap(({ versions }) => unseen("versions-unreadable", versions)),
      ...unreadable("script-container-unreadable", ground.scriptContainer),
      ...ground.scriptAccounts.flatMap((one) => unseen("script-account-unreadable", one)),
      ...unseen("providers-unreadable", ground.providers),
      ...lacking("providers-unreadable", ground.providers, isOfferedSomewhere(ground) ? [] : ["regions of templates"]),
      ...unseen("compute-usages-unreadable", ground.computeUsages),
      ...lacking("compute-usages-unreadable", ground.computeUsages, usagesNotIn(ground.computeUsages, ["cores"])),
      ...unseen("container-usages-unreadable", ground.containerUsages),
      ...lacking(
        "container-usages-unreadable",
        ground.containerUsages,
        usagesNotIn(ground.containerUsages, ["ContainerGroups", "StandardCores"]),
      ),
      ...unseen("policies-unreadable", ground.policyAssignments),
    ];
  },
});

/** Ids of the build's subnets whose usage is not among those shown. */
function subnetsNotIn(ground: Ground): string[] {
  const usages = valueOf(ground.subnetUsages);
  const ids = buildSubnets(ground).map(({ id }) => id);
  return usages ? ids.filter((id) => !usages.some(({ subnetId }) => sameId(subnetId, id))) : [];
}

function usagesNotIn(observed: Observed<readonly Usage[]>, names: readonly string[]): string[] {
  const usages = valueOf(observed);
  return usages ? names.filter((name) => !usages.some((one) => sameId(one.name, name))) : [];
}

/** Whether image builder's regions are shown, or need not be: where it is not listed at all, that is told by another rule. */
function isOfferedSomewhere({ providers }: Ground): boolean {
  const builder = valueOf(providers)?.find(({ namespace }) => sameId(namespace, IMAGE_BUILDER));
  return !builder || (builder.locations.imagetemplates ?? []).length > 0;
}

function sightOf(
  ground: Ground,
  { resource, code, message, isPassing, isOurs }: Observed<unknown> & { kind: "unreadable" },
): Sight {
  if (isOurs) return { resource, seen: message, mend: "Look at it yourself: what is not read is not checked." };
  const action = /perform action '([^']+)'/.exec(message)?.[1];
  return {
    resource,
    seen: `Azure does not show ${resource}: ${code}.`,
    mend: action
      ? `Give the service's identity a role with the action ${action} there: see docs/deploy.md.`
      : isPassing
        ? `Ask again in a while: Azure did not answer. ${message}`.trim()
        : `Find out why it cannot be read. ${message}`.trim(),
    ...(action && letRead(ground, resource)),
  };
}

/** Not to see policies is usual: only an observer of the whole subscription does. */
function kindOf(code: string, why: string): Kind {
  const severity = code === "policies-unreadable" ? "notes" : "warns";
  return {
    severity,
    owner: "identity",
    why,
    ...byHand(
      "Where no right is missing, but Azure does not answer or shows what is not understood, nothing is to be given.",
    ),
  };
}
