import { createHash } from "node:crypto";
import type { BlobServiceClient, ContainerClient } from "@azure/storage-blob";
import type { ResourceManagementClient } from "@azure/arm-resources";
import { accountOfContainer } from "../domain/blobUrl.ts";
import { advise } from "../domain/advice.ts";
import { StepFailed } from "../domain/failure.ts";
import { blobOfScript, type KeptScript } from "../domain/keptScript.ts";
import { callAzure, errorAnswer, findInAzure } from "./azureError.ts";

const ACCOUNT_VERSION = "2024-01-01";

/** Where scripts are put that image builder fetches. What is there is never written anew, and never deleted. */
export interface ScriptContainer {
  /** @throws StepFailed `script-taken` where something else lies under its name. */
  has(script: KeptScript): Promise<boolean>;
  /** Writes it where there is nothing under its name. */
  add(script: KeptScript, bytes: Uint8Array): Promise<void>;
}

/** @param id of the container. @throws StepFailed `script-container-gone`. */
export async function scriptContainer(
  { resources, blobsAt }: { resources: ResourceManagementClient; blobsAt: (endpoint: string) => BlobServiceClient },
  id: string,
): Promise<ScriptContainer> {
  const account = await findInAzure(() => resources.resources.getById(accountOfContainer(id), ACCOUNT_VERSION));
  const { primaryEndpoints } = (account?.properties ?? {}) as { primaryEndpoints?: { blob?: string } };
  if (!primaryEndpoints?.blob) throw gone(id);
  const container = blobsAt(primaryEndpoints.blob).getContainerClient(id.split("/").at(-1) ?? "");

  async function has(script: KeptScript): Promise<boolean> {
    const found = await callAzure(() => hashOf(container, blobOfScript(script), id));
    if (found === undefined || found === script.sha256) return found !== undefined;
    const message = `The blob ${blobOfScript(script)} in ${id} has another content than its name says.`;
    throw new StepFailed(advise("script-taken", message));
  }

  return {
    has,
    async add(script, bytes) {
      const written = await callAzure(async () => {
        try {
          const blob = container.getBlockBlobClient(blobOfScript(script));
          await blob.upload(Buffer.from(bytes), bytes.length, { conditions: { ifNoneMatch: "*" } });
          return true;
        } catch (error) {
          // 409 where it has come into being meanwhile, 412 as some services say the same.
          if (["BlobAlreadyExists", "ConditionNotMet"].includes(errorAnswer(error)?.code ?? "")) return false;
          throw error;
        }
      });
      if (!written) await has(script);
    },
  };
}

/** @returns undefined where there is no such blob. */
async function hashOf(container: ContainerClient, name: string, id: string): Promise<string | undefined> {
  try {
    const { readableStreamBody = [] } = await container.getBlobClient(name).download();
    const hash = createHash("sha256");
    for await (const chunk of readableStreamBody) hash.update(chunk);
    return hash.digest("hex");
  } catch (error) {
    const { code, statusCode } = errorAnswer(error) ?? {};
    if (code === "ContainerNotFound") throw gone(id);
    if (statusCode === 404) return undefined;
    throw error;
  }
}

function gone(id: string): StepFailed {
  return new StepFailed(advise("script-container-gone", `There is no container ${id}.`));
}
