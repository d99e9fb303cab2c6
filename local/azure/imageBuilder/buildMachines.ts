import { groupIdOf } from "../arm/resourceId.ts";
import type { Azure } from "../azure.ts";
import { removeResource } from "../store/resources.ts";
import type { Json } from "../store/state.ts";
import { put } from "./builderCalls.ts";
import { diskSize, hyperVGeneration } from "./sourceImage.ts";
import type { Build, Template } from "./templateState.ts";

/** What packer runs in; image builder takes up to four cores for a build. */
const packer = {
  name: "vmimagebuilder-build-container",
  properties: { image: "packer", resources: { requests: { cpu: 4, memoryInGB: 8 } } },
};

/** What stands in the staging group only while a run lasts. @throws AzureError where a policy does not let it. */
export function createMachines(build: Build): void {
  const { azure, template, run } = build;
  const group = template.hidden.staging?.groupId;
  if (!group) return;
  const { location, properties } = template.body;
  const { vmSize, vnetConfig } = properties.vmProfile ?? {};
  const suffix = azure.random.letters(10, "machines", run.operation);
  const tags = properties.managedResourceTags ?? {};

  const make = (typeName: string, name: string, own: Json): string => {
    const type = azure.resourceTypes.find(typeName);
    const id = `${group}/providers/${typeName}/${name}`;
    if (type) put(azure, type, id, { location, tags, properties: own });
    run.machines.push(id);
    return id;
  };
  const subnetId = vnetConfig?.subnetId || ownNetwork(make, suffix);
  const networkInterface = (name: string, subnet = subnetId) =>
    make("Microsoft.Network/networkInterfaces", name, {
      ipConfigurations: [
        { name: "ipconfig", properties: { subnet: { id: subnet }, privateIPAllocationMethod: "Dynamic" } },
      ],
    });
  const machine = (name: string, size: string, nic: string) =>
    make("Microsoft.Compute/virtualMachines", name, {
      hardwareProfile: { vmSize: size },
      storageProfile: { osDisk: { name: `pkros${suffix}`, createOption: "FromImage" } },
      networkProfile: { networkInterfaces: [{ id: nic }] },
    });

  make("Microsoft.Compute/disks", `pkros${suffix}`, {
    creationData: { createOption: "FromImage" },
    diskSizeGB: diskSize(template),
  });
  machine(`pkrvm${suffix}`, vmSize || defaultSize(azure, template), networkInterface(`pkrni${suffix}`));
  make("Microsoft.ContainerInstance/containerGroups", `vmimagebuilder-build-container-${run.operation}`, {
    osType: "Linux",
    containers: [packer],
    ...(vnetConfig?.containerInstanceSubnetId ? { subnetIds: [{ id: vnetConfig.containerInstanceSubnetId }] } : {}),
  });
  if (!vnetConfig?.subnetId || vnetConfig.containerInstanceSubnetId) return;

  // One subnet of the customer's: packer reaches in through a link, a load balancer and a proxy, all in that subnet.
  const frontend = [{ name: "frontend", properties: { subnet: { id: subnetId } } }];
  make("Microsoft.Network/loadBalancers", `ilb${suffix}`, { frontendIPConfigurations: frontend });
  networkInterface(`pls${suffix}.nic`);
  make("Microsoft.Network/privateLinkServices", `pls${suffix}`, {
    ipConfigurations: [{ name: "link", properties: {} }],
  });
  machine(`proxyVm${suffix}`, vnetConfig.proxyVmSize || "Standard_A1_v2", networkInterface(`proxyVm${suffix}Nic`));
}

/** Of a template that names no size. An image that does not tell its generation is of the first. */
const defaultSize = (azure: Azure, { body }: Template) =>
  hyperVGeneration(azure, body.properties.source) === "V2" ? "Standard_D2ds_v4" : "Standard_D1_v2";

/** Without a subnet of the customer's, image builder makes a network. @returns its subnet's id. */
function ownNetwork(make: (type: string, name: string, properties: Json) => string, suffix: string): string {
  const network = make("Microsoft.Network/virtualNetworks", `pkrvn${suffix}`, {
    addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
    subnets: [{ name: `pkrsn${suffix}`, properties: { addressPrefix: "10.0.0.0/24" } }],
  });
  return `${network}/subnets/pkrsn${suffix}`;
}

export function removeMachines({ azure, template, run }: Build): void {
  const group = template.hidden.staging?.groupId ?? "";
  for (const id of run.machines) if (groupIdOf(id) === group) removeResource(azure, id);
  run.machines = [];
}
