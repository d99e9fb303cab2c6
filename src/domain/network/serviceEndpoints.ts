import { serviceOf } from "./serviceTags.ts";
import { either, type Match } from "./match.ts";

/** A service that a subnet reaches without any way out: Azure gives it routes of their own to the service's addresses. */
export interface ServiceEndpoint {
  /** `Microsoft.Storage`. */
  service: string;
  /** Regions whose part of the service it leads to; `*` for all of them. */
  locations: readonly string[];
}

/**
 * Service tags by their endpoints, whose routes have the same prefixes (azure-docs, virtual-network,
 * service-tags-overview and virtual-network-service-endpoints-overview). That of Entra ID is for Data Lake only.
 */
const TAGS: Readonly<Record<string, string>> = {
  "microsoft.storage": "storage",
  "microsoft.storage.global": "storage",
  "microsoft.keyvault": "azurekeyvault",
  "microsoft.containerregistry": "azurecontainerregistry",
  "microsoft.sql": "sql",
  "microsoft.azurecosmosdb": "azurecosmosdb",
  "microsoft.servicebus": "servicebus",
  "microsoft.eventhub": "eventhub",
  "microsoft.web": "appservice",
};

/** How much of a service the endpoints of a subnet lead to. @param tag `storage`, or `storage.westeurope`. */
export function endpointsHold(endpoints: readonly ServiceEndpoint[], tag: string): Match {
  const { service, region } = serviceOf(tag.toLowerCase());
  return either(
    endpoints
      .filter((one) => TAGS[one.service.toLowerCase()] === service)
      .map(({ locations }): Match => {
        const regions = locations.map((location) => location.toLowerCase());
        if (regions.includes("*")) return "all";
        if (region) return regions.includes(region) ? "all" : "none";
        return regions.length > 0 ? "some" : "unknown";
      }),
  );
}
