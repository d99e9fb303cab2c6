import { infraFiles, root, SUBSCRIPTION } from "./infraFiles.ts";
import { join } from "node:path";

const group = (name: string) => `/subscriptions/${SUBSCRIPTION}/resourceGroups/${name}`;
const container = (account: string, name: string) =>
  `${group("rg-disks")}/providers/Microsoft.Storage/storageAccounts/${account}/blobServices/default/containers/${name}`;
const network = `${group("rg-network")}/providers/Microsoft.Network/virtualNetworks/vnet-company`;
const secret = "https://vault.vault.azure.net/secrets/key";
const CLIENT = "0f7a1c3e-2f4d-4f59-9b7e-6b1f0c8d2a01";

/** What nobody can leave out: infra/ makes everything else. */
export const leastParameters: Record<string, unknown> = { installationId: "main" };

/** What a company has already, and everything that is optional. */
export const fullParameters: Record<string, unknown> = {
  installationId: "full",
  tags: { owner: "platform" },
  serviceResourceGroupId: group("rg-service"),
  templateResourceGroupId: group("rg-templates"),
  imageResourceGroupId: group("rg-company-images"),
  approvedGalleryNames: ["production"],
  sourceResourceGroupIds: [group("rg-sources")],
  sourceDiskContainerIds: [container("stsources", "vhds")],
  diskContainerIds: [container("stdisks", "vhds")],
  scriptContainerIds: [container("stscripts", "scripts")],
  recipesInContainer: true,
  overlayEnvironment: "production",
  virtualNetworkId: network,
  networkRequired: true,
  entraClientId: CLIENT,
  easyAuth: true,
  apiKeys: [],
  allowedOrigins: ["https://portal.example.com"],
  eventSenders: [CLIENT],
  events: true,
  callbackTargets: [{ origin: "https://tickets.example.com", path: "/", secretNames: ["TICKETS"] }],
  callbackSecretUris: { TICKETS: secret },
  hooks: {},
  hookSecretUris: { TICKETS: secret },
  approvalSystems: [],
  approvalSecretUris: { TICKETS: secret },
  nodeVersion: "24",
  durableEngine: "scheduler",
  privateAccess: "storage",
  storageRedundancy: "Standard_ZRS",
  alertEmails: ["operators@example.com"],
};

/** What is refused without another. */
const TAKES: Record<string, object> = { easyAuth: { entraClientId: CLIENT } };

/** Each optional part by itself, in the values that parameters of main.bicep allow. */
export function eachChoice(): [name: string, parameters: Record<string, unknown>][] {
  const main = infraFiles.find(({ path }) => path === join(root, "infra", "main.bicep"));
  return (main?.declarations ?? []).flatMap((declared) => {
    if (declared.kind !== "parameter") return [];
    const allowed = declared.decorators.find(({ name }) => name === "allowed")?.values[0];
    const values =
      allowed?.kind === "array"
        ? allowed.items.flatMap((item) => (item.kind === "literal" ? [item.value] : []))
        : declared.type === "bool"
          ? [true, false]
          : [];
    return values.map((value): [string, Record<string, unknown>] => [
      `${declared.name} ${String(value)}`,
      { ...leastParameters, ...TAKES[declared.name], [declared.name]: value },
    ]);
  });
}
