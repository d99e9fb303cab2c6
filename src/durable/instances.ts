import type { DurableClient, DurableOrchestrationStatus } from "durable-functions";
import type { Orchestrator } from "./orchestrator.ts";

/** A durable instance as the engine tells of it. */
export type Instance = Pick<DurableOrchestrationStatus, "instanceId" | "customStatus" | "output"> & {
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

export async function startInstance<Input>(
  client: DurableClient,
  { name }: Orchestrator<Input, unknown>,
  instanceId: string,
  input: Input,
): Promise<void> {
  await client.startNew(name, { instanceId, input });
}
