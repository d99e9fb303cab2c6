import { outermost } from "../arm/parents.ts";
import { sameId } from "../arm/resourceId.ts";
import type { Azure } from "../azure.ts";
import { findResource, resourcesOfType } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { child, versionsSince } from "./type.ts";
import { peeringShape } from "./shapes.ts";

export const PEERING_TYPE = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings";

/** Of two networks each names the other; one that is named by nobody waits, and one whose other end has gone is cut off. */
export const peerings = child("virtualNetworks/virtualNetworkPeerings", {
  apiVersions: versionsSince("2016-06-01"),
  since: {
    type: "2020-07-01",
    "properties.remoteAddressSpace": "2017-09-01",
    "properties.remoteVirtualNetworkAddressSpace": "2021-02-01",
    "properties.peeringSyncLevel": "2021-02-01",
  },
  shape: peeringShape,
  setByAzure: (
    "peeringState peeringSyncLevel remoteAddressSpace remoteVirtualNetworkAddressSpace " +
    "remoteVirtualNetworkEncryption"
  ).split(" "),
  defaults: {
    allowVirtualNetworkAccess: true,
    allowForwardedTraffic: false,
    allowGatewayTransit: false,
    useRemoteGateways: false,
  },
  present(azure, peering) {
    const remote = findResource(azure, remoteOf(peering));
    if (!remote) return { peeringState: "Disconnected", peeringSyncLevel: "FullyInSync" };
    const { addressSpace } = remote.body.properties as Json;
    return {
      peeringState: isAnswered(azure, peering, remote) ? "Connected" : "Initiated",
      peeringSyncLevel: "FullyInSync",
      remoteAddressSpace: addressSpace,
      remoteVirtualNetworkAddressSpace: addressSpace,
    };
  },
});

const remoteOf = ({ body }: StoredResource) =>
  (body.properties as { remoteVirtualNetwork?: { id?: string } }).remoteVirtualNetwork?.id ?? "";

function isAnswered(azure: Azure, peering: StoredResource, remote: StoredResource): boolean {
  const own = outermost(azure, peering);
  return resourcesOfType(azure, PEERING_TYPE, remote.id).some((back) => sameId(remoteOf(back), own.id));
}
