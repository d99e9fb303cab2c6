import type { ImageBuilderClient, ImageTemplate, ImageTemplateLastRunStatus } from "@azure/arm-imagebuilder";
import type { Run, TemplateState } from "../domain/templateState.ts";
import { callAzure, errorAnswer, findInAzure, isTransient } from "./azureError.ts";

/** Image templates of one resource group. Nothing here waits for a long-running operation: it is begun, or read. */
export interface ImageTemplates {
  create(name: string, body: ImageTemplate): Promise<void>;
  read(name: string): Promise<TemplateState>;
  /** @returns "refused" while the template is being created or run: Azure deletes it only afterwards. */
  delete(name: string): Promise<"accepted" | "absent" | "refused">;
  /** Sends the request once. @returns "lost" where no answer told whether Azure took it. */
  run(name: string): Promise<"accepted" | "lost">;
  /** @returns "refused" where nothing runs, or a cancellation is under way already. */
  cancel(name: string): Promise<"accepted" | "refused">;
  /** @returns the id of what a run made; undefined where it made nothing under that name. */
  artifactOf(name: string, runOutput: string): Promise<string | undefined>;
}

export function imageTemplates(
  client: ImageBuilderClient,
  /** A client that sends each request once. */
  onceClient: ImageBuilderClient,
  resourceGroup: string,
): ImageTemplates {
  const templates = client.virtualMachineImageTemplates;
  return {
    create: (name, body) =>
      callAzure(async () => {
        // The poller is a promise of the operation's end: awaiting it, or returning it, would wait.
        const operation = templates.createOrUpdate(resourceGroup, name, body);
        await operation.submitted();
      }),

    read: async (name) => {
      const template = await findInAzure(() => templates.get(resourceGroup, name));
      return template ? stateOf(template) : { kind: "absent" };
    },

    delete: (name) =>
      callAzure(async () => {
        const present = await findInAzure(() => templates.get(resourceGroup, name));
        if (!present) return "absent";
        if (present.provisioningState === "Deleting") return "accepted";
        const operation = templates.delete(resourceGroup, name);
        return operation.submitted().then(() => "accepted" as const, refusal);
      }),

    run: (name) =>
      callAzure(async () => {
        const operation = onceClient.virtualMachineImageTemplates.run(resourceGroup, name);
        return operation.submitted().then(
          () => "accepted" as const,
          (error: unknown) => {
            if (isTransient(error) && errorAnswer(error)?.statusCode !== 429) return "lost" as const;
            throw error;
          },
        );
      }),

    cancel: (name) =>
      callAzure(async () => {
        const operation = templates.cancel(resourceGroup, name);
        return operation.submitted().then(() => "accepted" as const, refusal);
      }),

    artifactOf: async (name, runOutput) =>
      (await findInAzure(() => templates.getRunOutput(resourceGroup, name, runOutput)))?.artifactId,
  };
}

function stateOf(template: ImageTemplate): TemplateState {
  const { provisioningState = "", provisioningError, lastRunStatus } = template;
  return {
    kind: "present",
    provisioning: {
      state: provisioningState,
      ...(provisioningError?.provisioningErrorCode ? { errorCode: provisioningError.provisioningErrorCode } : {}),
      ...(provisioningError?.message ? { errorMessage: provisioningError.message } : {}),
    },
    ...(lastRunStatus?.runState ? { run: runOf(lastRunStatus) } : {}),
  };
}

function runOf({ runState, runSubState, startTime, endTime, message = "" }: ImageTemplateLastRunStatus): Run {
  return {
    state: runState ?? "",
    message,
    ...(runSubState ? { phase: runSubState } : {}),
    ...(startTime ? { startedAt: startTime.toISOString() } : {}),
    // While a run goes on its end is in the year 1.
    ...(endTime && endTime.getUTCFullYear() > 1 ? { endedAt: endTime.toISOString() } : {}),
  };
}

function refusal(error: unknown): "refused" {
  // The text differs between the states it names; the code does not.
  if (errorAnswer(error)?.code === "OperationNotAllowed") return "refused";
  throw error;
}
