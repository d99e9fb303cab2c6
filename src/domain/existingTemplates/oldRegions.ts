import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { Findings } from "./fit.ts";

/** Makes `replicationRegions` and the one `storageAccountType` of all into `targetRegions`, which took their place. */
export function regionsOf(template: JsonObject, found: Findings): JsonObject {
  const { properties } = template;
  if (!isJsonObject(properties) || !Array.isArray(properties["distribute"])) return template;
  const distribute = properties["distribute"].map((one, index) =>
    isJsonObject(one) ? modern(one, index, found) : one,
  );
  return { ...template, properties: { ...properties, distribute } };
}

function modern(distributor: JsonObject, index: number, { notes, faults }: Findings): JsonObject {
  const { replicationRegions, storageAccountType, ...rest } = distributor;
  const path = ["properties", "distribute", index];
  const old = Array.isArray(replicationRegions) ? replicationRegions : [];
  const fresh = Array.isArray(rest["targetRegions"]) ? rest["targetRegions"] : [];
  if (old.length === 0 && storageAccountType === undefined) return rest;
  if (fresh.length > 0) {
    const name = old.length > 0 ? "replicationRegions" : "storageAccountType";
    faults.push({ path: [...path, name], message: "goes without targetRegions, which took its place" });
    return rest;
  }
  if (old.length === 0) {
    faults.push({ path: [...path, "storageAccountType"], message: "goes with replicationRegions, which are missing" });
    return rest;
  }
  notes.push({
    path: [...path, "replicationRegions"],
    message: "are targetRegions now, with one replica each as before",
  });
  const targetRegions: Json = old.map((name) => ({
    name,
    replicaCount: 1,
    ...(storageAccountType === undefined ? {} : { storageAccountType }),
  }));
  return { ...rest, targetRegions };
}
