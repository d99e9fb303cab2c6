import { NetworkManagementClient } from "@azure/arm-network";
import { landscape } from "../../local/landscape.ts";
import type { SdkClients, TestCloud } from "./cloud.ts";

/** The real SDK of networks, apart from the others: it takes as long to load as all of them, and few tests need it. */
export function networkClient({ url }: TestCloud, { credential }: SdkClients): NetworkManagementClient {
  return new NetworkManagementClient(credential, landscape.subscriptionId, { endpoint: url });
}
