import { createRequire } from "node:module";
import { join } from "node:path";
import { BlobServiceClient } from "@azure/storage-blob";
import { type Child, startChild } from "./childProcess.ts";

/** The account and key that every storage emulator has; they protect nothing and are no secret. */
const ACCOUNT = "devstoreaccount1";
const KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

export function azuriteConnectionString(blobPort: number): string {
  const endpoint = (service: string, port: number) => `${service}Endpoint=http://127.0.0.1:${port}/${ACCOUNT}`;
  return [
    "DefaultEndpointsProtocol=http",
    `AccountName=${ACCOUNT}`,
    `AccountKey=${KEY}`,
    endpoint("Blob", blobPort),
    endpoint("Queue", blobPort + 1),
    endpoint("Table", blobPort + 2),
  ].join(";");
}

/** Starts Azurite, the storage emulator, and creates the service's containers in it as `infra/` does in Azure. */
export async function startAzurite(options: {
  stateFolder: string;
  blobPort: number;
  containers: string[];
}): Promise<Child> {
  const { stateFolder, blobPort, containers } = options;
  const { child } = await startChild(
    {
      name: "Azurite",
      script: createRequire(import.meta.url).resolve("azurite/dist/src/azurite.js"),
      options: {
        location: join(stateFolder, "azurite"),
        blobPort,
        queuePort: blobPort + 1,
        tablePort: blobPort + 2,
        skipApiVersionCheck: true,
        disableTelemetry: true,
      },
      // It prints a line for each request.
      onLine: () => {},
    },
    // Tables come up last.
    (line) => line.includes("Azurite Table service is successfully listening") || undefined,
  );
  const service = BlobServiceClient.fromConnectionString(azuriteConnectionString(blobPort));
  for (const name of containers) await service.getContainerClient(name).createIfNotExists();
  return child;
}
