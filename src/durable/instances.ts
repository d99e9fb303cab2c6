import type { DurableClient, DurableOrchestrationStatus } from "durable-functions";
import type { Orchestrator } from "./orchestrator.ts";

/** A durable instance as the engine tells of it. */
export type Instance = Pick<DurableOrchestrationStatus, "instanceId" | "input" | "customStatus" | "output"> & {
  runtimeStatus: string;
  createdTime: Date;
};

/** @returns undefined where the engine knows no such instance. */
export async function readInstance(client: DurableClient, instanceId: string): Promise<Instance | undefined> {
  try {
    return await client.getStatus(instanceId);
  } catch (error) {
    // The library has no other sign of it than this text.
    if (error instanceof Error && error.message.includes("HTTP 404")) return undefined;
    throw error;
  }
}

/** Whether the instance has still something to do. */
export function isUnderWay({ runtimeStatus }: Instance): boolean {
  return !["Completed", "Failed", "Terminated", "Canceled"].includes(runtimeStatus);
}

/** Starts an instance unless one of its id is under way; one that has ended is started anew. */
export async function ensureInstance<Input>(
  client: DurableClient,
  orchestrator: Orchestrator<Input, unknown>,
  instanceId: string,
  input: Input,
): Promise<void> {
  const isThere = async () => {
    const instance = await readInstance(client, instanceId);
    return instance !== undefined && isUnderWay(instance);
  };
  if (await isThere()) return;
  try {
    await startInstance(client, orchestrator, instanceId, input);
  } catch (error) {
    // The engine refuses an id that somebody else has started meanwhile.
    if (!(await isThere())) throw error;
  }
}

export async function startInstance<Input>(
  client: DurableClient,
  { name }: Orchestrator<Input, unknown>,
  instanceId: string,
  input: Input,
): Promise<void> {
  await client.startNew(name, { instanceId, input });
}
