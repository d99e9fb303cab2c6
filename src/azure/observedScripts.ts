import * as z from "zod";
import type { Observed } from "../domain/preflight/observed.ts";
import type { ScriptAccount } from "../domain/preflight/scriptContainers.ts";
import type { ArmReader } from "./armReader.ts";
import { list, text } from "./fields.ts";
import { understood } from "./understood.ts";

/** Of the resource provider Microsoft.Storage. */
export const STORAGE_VERSION = "2024-01-01";

const account = z
  .object({
    properties: z.object({
      publicNetworkAccess: text,
      networkAcls: z.object({ defaultAction: text, virtualNetworkRules: list(z.object({ id: z.string() })) }).nullish(),
    }),
  })
  .transform(({ properties: { publicNetworkAccess, networkAcls } }): ScriptAccount => ({
    isPublic: publicNetworkAccess !== "Disabled",
    letsAnyIn: networkAcls?.defaultAction !== "Deny",
    subnetIds: networkAcls?.virtualNetworkRules.map(({ id }) => id) ?? [],
  }));

/** Whom a storage account lets in that scripts are fetched from. */
export async function observeScriptAccount(reader: ArmReader, id: string): Promise<Observed<ScriptAccount>> {
  return understood(await reader.get(id, STORAGE_VERSION), account);
}

/** Whether a container of blobs is there. */
export function observeContainer(reader: ArmReader, id: string): Promise<Observed<unknown>> {
  return reader.get(id, STORAGE_VERSION);
}
