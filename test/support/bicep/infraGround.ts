import {
  builderIdentity,
  type Landscape,
  landscape,
  landscapeDisk,
  scriptContainer,
  serviceIdentity,
} from "../../../local/landscape.ts";
import { appSettingsOf, deployInfra } from "./infraFiles.ts";
import { platformProperties } from "./platformProperties.ts";

const INSTALLATION = "simulation";
const IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities";
const group = (name: string) => `/subscriptions/${landscape.subscriptionId}/resourceGroups/${name}`;

/** What a company would tell infra/ whose groups and network are those of the landscape. */
export const landscapeParameters = {
  installationId: INSTALLATION,
  serviceResourceGroupId: group("rg-goldsmith"),
  templateResourceGroupId: group("rg-goldsmith-templates"),
  imageResourceGroupIds: [group("rg-images")],
  sourceResourceGroupIds: [group("rg-sources")],
  sourceDiskContainerIds: [landscapeDisk.container],
  approvedGalleryIds: [`${group("rg-images")}/providers/Microsoft.Compute/galleries/goldsmith`],
  virtualNetworkIds: [`${group("rg-network")}/providers/Microsoft.Network/virtualNetworks/vnet-builds`],
};

interface Assignment {
  roleDefinitionId: string;
  principalId: string;
  principalType: string;
  condition: string | null;
  conditionVersion: string | null;
}

interface Role {
  roleName: string;
  description: string;
  assignableScopes: string[];
  permissions: [{ actions: string[]; notActions: string[]; dataActions: string[]; notDataActions: string[] }];
}

/**
 * The landscape, with the roles and role assignments of infra/ in place of its own, and the settings that go with them.
 *
 * @param more parameters beside those of the landscape.
 */
export function infraGround(more: Record<string, unknown> = {}): {
  landscape: Landscape;
  settings: Record<string, string>;
} {
  const deployed = deployInfra({ ...landscapeParameters, ...more });
  const { resources, outputs } = deployed;
  const of = (wanted: string) => resources.filter(({ type }) => type === `Microsoft.Authorization/${wanted}`);
  const roleDefinitions = of("roleDefinitions").map(({ name, body }) => roleOf(name, body.properties as Role));
  const roleAssignments = of("roleAssignments").map(({ scope, body }) =>
    standing(scope, body.properties as Assignment),
  );
  // The landscape has its identities and its container of scripts under names of its own.
  const service = deployedIdentity(`id-goldsmith-${INSTALLATION}`);
  const builder = deployedIdentity(`id-goldsmith-builder-${INSTALLATION}`);
  const names: [string, string][] = [
    [service.principalId, serviceIdentity.principalId],
    [service.clientId, serviceIdentity.clientId],
    [service.id, serviceIdentity.id],
    [builder.principalId, builderIdentity.principalId],
    [builder.clientId, builderIdentity.clientId],
    [builder.id, builderIdentity.id],
    [String(outputs.loadedStorageAccountName), scriptContainer.id.split("/")[8] ?? ""],
  ];
  const text = names.reduce(
    (all, [theirs, ours]) => all.replaceAll(theirs, ours),
    JSON.stringify({ roleDefinitions, roleAssignments, settings: appSettingsOf(deployed) }),
  );
  const seen = JSON.parse(text) as Pick<Landscape, "roleDefinitions" | "roleAssignments"> & {
    settings: ReturnType<typeof appSettingsOf>;
  };
  return {
    landscape: {
      ...landscape,
      roleDefinitions: seen.roleDefinitions,
      roleAssignments: [
        // Whoever changes the ground in tests.
        ...landscape.roleAssignments.filter(({ principalId }) => principalId !== serviceIdentity.principalId),
        ...seen.roleAssignments,
      ],
    },
    settings: Object.fromEntries(seen.settings.map(({ name, value }) => [name, value])),
  };
}

function deployedIdentity(name: string) {
  const id = `${group("rg-goldsmith")}/providers/${IDENTITY}/${name}`;
  return { id, ...(platformProperties(IDENTITY, id) as { principalId: string; clientId: string }) };
}

function roleOf(
  name: string,
  { roleName, description, assignableScopes, permissions }: Role,
): Landscape["roleDefinitions"][number] {
  const [{ actions, dataActions }] = permissions;
  return { name, roleName, description, actions, dataActions, assignableScopes };
}

function standing(
  scope: string,
  { roleDefinitionId, principalId, condition }: Assignment,
): Landscape["roleAssignments"][number] {
  const roleDefinition = roleDefinitionId.slice(roleDefinitionId.lastIndexOf("/") + 1);
  return { scope, roleDefinition, principalId, ...(condition ? { condition } : {}) };
}
