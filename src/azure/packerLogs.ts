import type { BlobServiceClient } from "@azure/storage-blob";
import * as z from "zod";
import { StepDelayed } from "../domain/failure.ts";
import type { ArmReader } from "./armReader.ts";
import { insistOn, unknownIfNotFound } from "./azureError.ts";
import { text } from "./fields.ts";
import { STORAGE_VERSION } from "./observedScripts.ts";
import { understood } from "./understood.ts";

/** A log that image builder left in the storage account of a template's staging resource group. */
export interface PackerLog {
  /** `customization.log` or `validation.log`. */
  name: string;
  read(): Promise<NodeJS.ReadableStream>;
}

/**
 * The logs of the newest run; empty where there is no staging group, account or log.
 *
 * Image builder names the account and a folder for each run at random, so they are looked for.
 */
export async function newestPackerLogs(
  reader: ArmReader,
  blobsOf: (endpoint: string) => BlobServiceClient,
  stagingResourceGroup: string,
): Promise<PackerLog[]> {
  const endpoint = await blobEndpointIn(reader, stagingResourceGroup);
  if (!endpoint) return [];
  const container = blobsOf(endpoint).getContainerClient("packerlogs");

  const list = async () => {
    const found: { name: string; modified: number }[] = [];
    for await (const { name, properties } of container.listBlobsFlat()) {
      found.push({ name, modified: properties.lastModified.getTime() });
    }
    return found;
  };
  const blobs = (await insistOn(() => list().catch(unknownIfNotFound))) ?? [];
  const newest = blobs.toSorted((a, b) => b.modified - a.modified)[0]?.name.split("/")[0];
  return blobs
    .map(({ name }) => name)
    .filter((name) => name.startsWith(`${newest}/`))
    .map((name) => ({
      name: name.split("/").at(-1) ?? name,
      read: () =>
        insistOn(async () => {
          const { readableStreamBody } = await container.getBlobClient(name).download();
          if (!readableStreamBody) throw new Error(`The log ${name} came without a body.`);
          return readableStreamBody;
        }),
    }));
}

const account = z
  .object({ properties: z.object({ primaryEndpoints: z.object({ blob: text }).nullish() }).nullish() })
  .transform(({ properties }) => properties?.primaryEndpoints?.blob);

async function blobEndpointIn(reader: ArmReader, resourceGroup: string): Promise<string | undefined> {
  const path = `${resourceGroup}/providers/Microsoft.Storage/storageAccounts`;
  const seen = understood(await reader.list(path, STORAGE_VERSION), z.array(account));
  // What the log is in is not given up before Azure says that it is not there.
  if (seen.kind === "unreadable") throw new StepDelayed(`${seen.code}: ${seen.message}`, 0);
  return seen.kind === "found" ? seen.value.find((endpoint) => endpoint !== undefined) : undefined;
}
