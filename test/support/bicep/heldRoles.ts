import { deployInfra, SUBSCRIPTION } from "./infraFiles.ts";

/** Azure's own roles that infra/ gives, by their GUIDs. */
const BUILT_IN: Record<string, string> = {
  "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Storage Blob Data Owner",
  "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
  "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": "Storage Blob Data Reader",
  "974c5e8b-45b9-4653-ba55-5f855dd0fb88": "Storage Queue Data Contributor",
  "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3": "Storage Table Data Contributor",
  "3913510d-42f4-4e42-8a64-420c390055eb": "Monitoring Metrics Publisher",
  "0ad04412-c4d5-4796-b79c-f76d14c8d402": "Durable Task Data Contributor",
};

const group = (name: string) => `/subscriptions/${SUBSCRIPTION}/resourceGroups/${name}`;
const container = (account: string) =>
  `${group("rg-blobs")}/providers/Microsoft.Storage/storageAccounts/${account}/blobServices/default/containers/one`;
const network = `${group("rg-network")}/providers/Microsoft.Network/virtualNetworks/vnet-builds`;

/** Everything that takes a role, one of each. */
const parameters = {
  installationId: "main",
  sourceResourceGroupIds: [group("rg-sources")],
  diskContainerIds: [container("stdisks")],
  scriptContainerIds: [container("stscripts")],
  approvedGalleryIds: [`${group("rg-images")}/providers/Microsoft.Compute/galleries/goldsmith`],
  virtualNetworkIds: [network],
  recipesInContainer: true,
  durableEngine: "scheduler",
};

/** What scopes are called by who reads, of ids the ends that tell. */
const PLACES: [end: RegExp, name: string][] = [
  [/\/resourceGroups\/rg-goldsmith-templates-main$/, "the templates' group"],
  [/\/resourceGroups\/rg-images$/, "each group of images"],
  [/\/resourceGroups\/rg-sources$/, "each group of sources"],
  [/\/resourceGroups\/rg-network$/, "each group of networks"],
  [/\/resourceGroups\/rg-goldsmith-main$/, "the service's group"],
  [/\/resourceGroups\/rg-blobs$/, "the groups of those containers"],
  [/\/virtualNetworks\/vnet-builds$/, "each virtual network"],
  [/\/galleries\/goldsmith$/, "each gallery in `approvedGalleryIds`"],
  [/\/userAssignedIdentities\/id-goldsmith-builder-main$/, "the builder identity"],
  [/\/components\/[^/]+$/, "the Application Insights component"],
  [/\/taskHubs\/[^/]+$/, "the task hub"],
  [/\/stdisks\/.*\/containers\/one$/, "each container in `diskContainerIds`"],
  [/\/stscripts\/.*\/containers\/one$/, "each container in `scriptContainerIds`"],
  [/\/storageAccounts\/stgshost\w+$/, "the host's storage account"],
  [/\/stgsarch\w+\/.*\/containers\/[^/]+$/, "the container of the archive"],
  [/\/stgsload\w+\/.*\/containers\/recipes$/, "the container of recipes"],
  [/\/stgsload\w+\/.*\/containers\/scripts$/, "the container of scripts"],
  [/^\/subscriptions\/[^/]+$/, "the subscription"],
];

/** @throws where nothing says what people call it. */
function placeOf(scope: string): string {
  const found = PLACES.find(([end]) => end.test(scope));
  if (!found) throw new Error(`What is ${scope} called?`);
  return found[1];
}

export interface CustomRole {
  name: string;
  actions: string[];
  dataActions: string[];
}

export interface HeldRole {
  role: string;
  on: string;
  /** Of a granter, what it may give there, to the builder alone; of others nothing. */
  gives: string[];
  isConditioned: boolean;
}

/** The custom roles of infra/, and what the service identity holds, with every option that gives it something. */
export function heldRoles(): { roles: CustomRole[]; held: HeldRole[] } {
  const { resources, outputs } = deployInfra(parameters);
  const of = (wanted: string) => resources.filter(({ type }) => type === `Microsoft.Authorization/${wanted}`);
  const names = new Map(Object.entries(BUILT_IN));
  const roles = of("roleDefinitions").map(({ name: guid, body }) => {
    const { roleName, permissions } = body.properties as {
      roleName: string;
      permissions: { actions: string[]; dataActions: string[] }[];
    };
    const name = /^Goldsmith (.*) \(main\)$/.exec(roleName)?.[1] ?? roleName;
    names.set(guid, name);
    const [{ actions, dataActions } = { actions: [], dataActions: [] }] = permissions;
    return { name, actions, dataActions };
  });
  const held = of("roleAssignments").flatMap(({ scope, body }) => {
    const { roleDefinitionId, principalId, condition } = body.properties as {
      roleDefinitionId: string;
      principalId: string;
      condition: string | null;
    };
    if (principalId !== outputs.servicePrincipalId) return [];
    const role = names.get(roleDefinitionId.slice(roleDefinitionId.lastIndexOf("/") + 1));
    if (!role) throw new Error(`What is ${roleDefinitionId} called?`);
    const given = /RoleDefinitionId\] \S+ \{([\da-f, -]+)\}/.exec(condition ?? "")?.[1]?.split(", ") ?? [];
    const gives = given.map((one) => names.get(one) ?? one);
    return { role, on: placeOf(scope), gives, isConditioned: Boolean(condition) };
  });
  return { roles, held };
}
