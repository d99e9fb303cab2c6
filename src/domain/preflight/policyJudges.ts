import { sameId } from "../resourceId.ts";
import type { Ground } from "./ground.ts";
import type { PolicyAssignment } from "./subscription.ts";

type Plan = Ground["plan"];
/** @returns what of a build the assignment would deny, as the end of a sentence. */
type Judge = (parameters: PolicyAssignment["parameters"], plan: Plan) => string | undefined;

/** Tags that image builder sets on a staging group by itself. */
const STAGING_TAGS = { createdBy: "", imageTemplateName: "", imageTemplateResourceGroupName: "" };

/** Azure's own policies by their definitions' names (Azure/azure-policy), and what of a build each would deny. */
export const policyJudges: Readonly<Record<string, Judge>> = {
  // Allowed locations, and the same of resource groups.
  "e56962a6-4747-49cd-b67b-bf8b01975c4c": outsideLocations,
  "e765b5de-1225-4ba3-bd56-1ac6695af988": outsideLocations,
  // Not allowed resource types, and allowed ones: those count for types with tags and a location alone.
  "6c112d4e-5bc7-47ae-a041-ea2d9dccd749": amongTypes,
  "a08ec900-254a-4555-9bf5-e42af04b5c5c": outsideTypes,
  // Allowed virtual machine size SKUs.
  "cccc23c7-8427-4f53-ad12-b6a63eb452b3": outsideSizes,
  // Require a tag on resources, and on resource groups; the same with its value.
  "871b6d14-10aa-478d-b590-94f262ecfa99": lacksTag(taggedResources),
  "96670d01-0a4d-4649-9c89-2d3abc0a5025": lacksTag(taggedGroups),
  "1e30110a-5ceb-460c-a204-c1c3969c6d62": lacksTag(taggedResources),
  "8ce3da23-7156-49e4-b145-24f95f9dcb46": lacksTag(taggedGroups),
  // Storage accounts should prevent shared key access.
  "8c6a50c6-9ffd-4ae7-986f-5fa6111f9a54": storageIs("image builder's staging storage allows shared keys"),
  // Storage accounts should disable public network access, and should restrict network access. Image builder supports no
  // firewall on its storage (github.com/Azure/azvmimagebuilder/issues/32).
  "b2982f36-99f2-4db5-8eff-283140c09693": storageIs("image builder's staging storage is open to public networks"),
  "34c877ad-507e-4c82-993e-3452a6e0ad3c": storageIs("image builder's staging storage is open to public networks"),
  // Storage account public access should be disallowed: that of the staging storage is.
  "4fa4b6c0-31ca-4c0d-b10d-24b96f62a751": () => undefined,
  // Network interfaces should not have public IPs.
  "83a86a26-fd1f-447c-b59d-e51f44264114": (_, { topology }) =>
    topology.kind === "none" ? "in a network of its own image builder's machines may have public addresses" : undefined,
};

/** What a build makes that has tags and a location. */
function typesMade({ topology, template }: Plan): string[] {
  const targets = template.distribute.map(({ type }) =>
    type === "ManagedImage" ? "Microsoft.Compute/images" : "Microsoft.Compute/galleries/images/versions",
  );
  const networks = {
    none: ["Microsoft.Network/virtualNetworks", "Microsoft.Network/publicIPAddresses"],
    "private link": ["Microsoft.Network/loadBalancers", "Microsoft.Network/privateLinkServices"],
    isolated: [],
  };
  return [
    "Microsoft.VirtualMachineImages/imageTemplates",
    "Microsoft.Storage/storageAccounts",
    "Microsoft.ContainerInstance/containerGroups",
    "Microsoft.Compute/virtualMachines",
    "Microsoft.Compute/disks",
    "Microsoft.Network/networkInterfaces",
    // What a machine is captured as, whatever it is distributed to.
    "Microsoft.Compute/images",
    ...targets,
    ...networks[topology.kind],
  ].filter((one, at, all) => all.indexOf(one) === at);
}

/** The effect is the assignment's choice, and to audit by default. */
function storageIs(told: string): Judge {
  return (parameters) => (isDeny(parameters) ? told : undefined);
}

const isDeny = ({ effect }: PolicyAssignment["parameters"]) => /^deny$/i.test(String(effect));

const regionName = (shown: unknown) => String(shown).replaceAll(" ", "");

function outsideLocations(
  { listOfAllowedLocations: allowed }: PolicyAssignment["parameters"],
  { location }: Plan,
): string | undefined {
  if (!Array.isArray(allowed) || allowed.some((one) => sameId(regionName(one), location))) return undefined;
  return `it allows ${allowed.join(", ")} only, and the staging group is in ${location}`;
}

const isAmong = (types: readonly unknown[], type: string) => types.some((one) => sameId(String(one), type));

function amongTypes(parameters: PolicyAssignment["parameters"], plan: Plan): string | undefined {
  const { listOfResourceTypesNotAllowed: types } = parameters;
  if (!Array.isArray(types) || ("effect" in parameters && !isDeny(parameters))) return undefined;
  const made = ["Microsoft.Resources/subscriptions/resourceGroups", ...typesMade(plan)];
  const denied = made.filter((one) => isAmong(types, one));
  return denied.length > 0 ? `it does not allow ${denied.join(", ")}, which a build makes` : undefined;
}

function outsideTypes(
  { listOfResourceTypesAllowed: types }: PolicyAssignment["parameters"],
  plan: Plan,
): string | undefined {
  if (!Array.isArray(types)) return undefined;
  const denied = typesMade(plan).filter((one) => !isAmong(types, one));
  return denied.length > 0 ? `it does not allow ${denied.join(", ")}, which a build makes` : undefined;
}

function outsideSizes(
  { listOfAllowedSKUs: sizes }: PolicyAssignment["parameters"],
  { topology, template }: Plan,
): string | undefined {
  if (!Array.isArray(sizes)) return undefined;
  const proxy = topology.kind === "private link" ? [topology.proxyVmSize] : [];
  const denied = [template.vmProfile.vmSize, ...proxy].filter((one) => !isAmong(sizes, one));
  return denied.length > 0 ? `it does not allow machines of the size ${denied.join(" and ")}` : undefined;
}

type Tagged = readonly { what: string; tags: Readonly<Record<string, string>> }[];

/** What takes its tags from the recipe in different ways. */
function taggedResources({ tags, managedResourceTags, distribute }: Plan["template"]): Tagged {
  return [
    { what: "the template", tags },
    { what: "what is in the staging group", tags: managedResourceTags },
    ...distribute.map(({ runOutputName, artifactTags }) => ({
      what: `the image of ${runOutputName}`,
      tags: artifactTags,
    })),
  ];
}

function taggedGroups({ managedResourceTags }: Plan["template"]): Tagged {
  return [{ what: "the staging group", tags: { ...STAGING_TAGS, ...managedResourceTags } }];
}

/** Names of tags count without case, and their values with it. */
function lacksTag(tagged: (template: Plan["template"]) => Tagged): Judge {
  return ({ tagName, tagValue }, { template }) => {
    if (typeof tagName !== "string") return undefined;
    const fits = ([name, value]: [string, string]) =>
      sameId(name, tagName) && (typeof tagValue !== "string" || value === tagValue);
    const lacking = tagged(template).filter(({ tags }) => !Object.entries(tags).some(fits));
    if (lacking.length === 0) return undefined;
    const tag = typeof tagValue === "string" ? `${tagName} with the value ${tagValue}` : tagName;
    return `${lacking.map(({ what }) => what).join(" and ")} would have no tag ${tag}`;
  };
}
