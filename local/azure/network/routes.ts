import { isIP } from "node:net";
import type { StoredResource } from "../store/state.ts";
import { networkErrors } from "./errors.ts";
import { normalPrefix, rangesOf } from "./addresses.ts";
import { isServiceTag } from "./serviceTags.ts";

interface RouteProperties {
  addressPrefix?: string;
  nextHopType: string;
  nextHopIpAddress?: string;
}

/** @throws AzureError for a route that Azure does not take, or two that it does not take together. */
export function requireRoutes(routes: StoredResource[]): void {
  const seen = new Map<string, string>();
  for (const { id, name, body } of routes) {
    const { addressPrefix = "", nextHopType, nextHopIpAddress = "" } = body.properties as RouteProperties;
    if (!isServiceTag(addressPrefix)) rangesOf(id, [addressPrefix]);
    if (nextHopType === "VirtualAppliance" ? isIP(nextHopIpAddress) === 0 : nextHopIpAddress !== "") {
      throw networkErrors.InvalidNextHopIpAddress(name, nextHopType, nextHopIpAddress);
    }
    const place = normalPrefix(addressPrefix).toLowerCase();
    const other = seen.get(place);
    if (other !== undefined) throw networkErrors.RouteConflict(name, other);
    seen.set(place, name);
  }
}
