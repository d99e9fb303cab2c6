import { type JsonObject, type JsonPath, nameIgnoringCase } from "../json.ts";
import type { Findings } from "./fit.ts";

/** What `vnetConfig` was made of in 2019: names, all in the template's own subscription. */
const NAMES = ["resourceGroupName", "name", "subnetName"] as const;

/** Makes the three names into the id of the subnet, which begins at `/resourceGroups/`. */
export function withSubnetId(config: JsonObject, path: JsonPath, { notes, faults }: Findings): JsonObject {
  const own = NAMES.map((name) => nameIgnoringCase(config, name));
  if (own.every((name) => name === undefined)) return config;
  const values = own.map((name) => (name === undefined ? undefined : (config[name] ?? undefined)));
  const rest = Object.fromEntries(Object.entries(config).filter(([name]) => !own.includes(name)));
  if (values.every((value) => value === undefined || value === "")) return rest;
  const missing = NAMES.filter((_, index) => typeof values[index] !== "string" || values[index] === "");
  if (missing.length > 0 || nameIgnoringCase(config, "subnetId") !== undefined) {
    faults.push({
      path,
      message:
        missing.length > 0 ? `lacks ${missing.join(" and ")}, or a subnetId` : "has a subnetId and names as well",
    });
    return rest;
  }
  const [group = "", network = "", subnet = ""] = values.map((value) => (typeof value === "string" ? value : ""));
  const subnetId = `/resourceGroups/${group}/providers/Microsoft.Network/virtualNetworks/${network}/subnets/${subnet}`;
  notes.push({ path, message: `named its subnet in three parts until 2020: its subnetId is ${subnetId}` });
  return { ...rest, subnetId };
}
