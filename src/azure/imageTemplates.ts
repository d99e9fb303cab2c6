import { isDeepStrictEqual } from "node:util";
import type { ImageBuilderClient, ImageTemplate, ImageTemplateLastRunStatus } from "@azure/arm-imagebuilder";
import type { Run, TemplateState } from "../domain/templateState.ts";
import {
  callAzure,
  errorAnswer,
  findInAzure,
  insistOn,
  isNotFound,
  isTransient,
  unknownIfNotFound,
} from "./azureError.ts";

/** Image templates of one resource group. Nothing here waits for a long-running operation: it is begun, or read. */
export interface ImageTemplates {
  /** Begins to create the template; fine where an earlier try, whose answer was lost, has begun. */
  create(name: string, body: ImageTemplate): Promise<void>;
  read(name: string): Promise<TemplateState>;
  /** @returns "absent" where Azure says that there is none; "refused" while the template is being created or run. */
  delete(name: string): Promise<"accepted" | "absent" | "refused">;
  /** Sends the request once. @returns "lost" where no answer told whether Azure took it. */
  run(name: string): Promise<"accepted" | "lost">;
  /** @returns "refused" where nothing runs, or a cancellation is under way already. */
  cancel(name: string): Promise<"accepted" | "refused">;
  /** @returns the id of what a run made; undefined where it made nothing under that name. */
  artifactOf(name: string, runOutput: string): Promise<string | undefined>;
}

export function imageTemplates(client: ImageBuilderClient, resourceGroup: string): ImageTemplates {
  const templates = client.virtualMachineImageTemplates;
  return {
    create: (name, body) =>
      callAzure(async () => {
        // The poller is a promise of the operation's end: awaiting it, or returning it, would wait.
        const operation = templates.createOrUpdate(resourceGroup, name, body);
        await operation.submitted().catch(async (error: unknown) => {
          // Azure does not write a template twice; the SDK itself sends the request again where the answer is lost.
          if (errorAnswer(error)?.code !== "Conflict") throw error;
          const present = await findInAzure(() => templates.get(resourceGroup, name));
          if (!present || !isDeepStrictEqual(present.tags, body.tags)) throw error;
        });
      }),

    read: async (name) => {
      const template = await findInAzure(() => templates.get(resourceGroup, name));
      return template ? stateOf(template) : { kind: "absent" };
    },

    delete: (name) =>
      insistOn(async () => {
        const operation = templates.delete(resourceGroup, name);
        try {
          await operation.submitted();
          // Without an operation to follow, Azure has said 204: there is no such template.
          return operation.isDone ? "absent" : "accepted";
        } catch (error) {
          if (!isNotFound(error)) return refusal(error);
          // Azure says 204 of a template that is not there. Of a 404 a second answer is asked for.
          const present = await templates.get(resourceGroup, name).catch(unknownIfNotFound);
          return present ? "accepted" : "absent";
        }
      }),

    run: (name) =>
      callAzure(async () => {
        const operation = templates.run(resourceGroup, name);
        return operation.submitted().then(
          () => "accepted" as const,
          (error: unknown) => {
            if (isTransient(error) && errorAnswer(error)?.statusCode !== 429) return "lost" as const;
            throw error;
          },
        );
      }),

    cancel: (name) =>
      insistOn(async () => {
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
