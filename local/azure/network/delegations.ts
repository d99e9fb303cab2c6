import { etagOf } from "../arm/etag.ts";
import type { Azure } from "../azure.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { containerGroupsIn } from "./subnetSpace.ts";

/** What the service that a subnet is delegated to may do with it. */
const ACTIONS = ["Microsoft.Network/virtualNetworks/subnets/action"];
const TYPE = "Microsoft.Network/virtualNetworks/subnets/delegations";

interface Delegation {
  name: string;
  properties?: { serviceName?: string };
}

/** Delegations as a GET shows them: each with an id of its own, though none can be read alone. */
export function delegationsShown(azure: Azure, subnet: StoredResource): Json {
  const { delegations, provisioningState } = subnet.body.properties as {
    delegations: Delegation[];
    provisioningState: string;
  };
  const etag = etagOf(azure, subnet);
  return {
    delegations: delegations.map(({ name, properties }) => ({
      name,
      id: `${subnet.id}/delegations/${name}`,
      etag,
      properties: { provisioningState, serviceName: properties?.serviceName, actions: ACTIONS },
      type: TYPE,
    })),
  };
}

/** As long as container groups are in a subnet, a link to their service keeps it. */
export function serviceLinks(azure: Azure, subnet: StoredResource): Json {
  if (containerGroupsIn(azure, subnet).length === 0) return {};
  const link = {
    name: "acisal",
    id: `${subnet.id}/serviceAssociationLinks/acisal`,
    type: "Microsoft.Network/virtualNetworks/subnets/serviceAssociationLinks",
    properties: {
      provisioningState: "Succeeded",
      linkedResourceType: "Microsoft.ContainerInstance/containerGroups",
      allowDelete: false,
      locations: [],
    },
  };
  return { serviceAssociationLinks: [link] };
}
