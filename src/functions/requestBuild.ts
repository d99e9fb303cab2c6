import type { DurableClient } from "durable-functions";
import type { BuildRequest } from "../domain/buildRequest.ts";
import { readInstance, startInstance } from "../durable/instances.ts";
import { buildImage } from "../orchestrators/buildImage.ts";

/** Starts a build; it waits for its turn by itself. @returns "known" where a build with this very id was started. */
export async function requestBuild(client: DurableClient, request: BuildRequest): Promise<"started" | "known"> {
  if (await readInstance(client, request.buildId)) return "known";
  await startInstance(client, buildImage, request.buildId, request);
  return "started";
}
