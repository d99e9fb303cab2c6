import type { ImageBuilderClient, ImageTemplate, ImageTemplateLastRunStatus } from "@azure/arm-imagebuilder";
import { advise } from "../domain/advice.ts";
import { StepDelayed, StepFailed } from "../domain/failure.ts";
import { isOurTemplate, type TemplateOrigin } from "../domain/imageTemplate.ts";
import { toldShort } from "../domain/toldShort.ts";
import type { Run, TemplateState } from "../domain/templateState.ts";
import type { Settings } from "../settings.ts";
import { callAzure, errorAnswer, findInAzure, insistOn, isTransient, unknownIfNotFound } from "./azureError.ts";

/**
 * Image templates of one resource group. Nothing here waits for a long-running operation: it is begun, or read. What is
 * not ours is not touched.
 */
export interface ImageTemplates {
  /** Begins to create the template; fine where an earlier try, whose answer was lost, has begun. */
  create(name: string, body: ImageTemplate): Promise<void>;
  read(name: string): Promise<TemplateState>;
  /** @returns "absent" where Azure says that there is none; "refused" while the template is being created or run. */
  delete(name: string): Promise<"accepted" | "absent" | "refused" | "foreign">;
  /** Sends the request once. @returns "lost" where no answer told whether Azure took it. */
  run(name: string): Promise<"accepted" | "lost">;
  /** @returns "refused" where nothing runs, or a cancellation is under way already. */
  cancel(name: string): Promise<"accepted" | "absent" | "refused" | "foreign">;
  /** @returns the ids of what a run made; none where there is no such template. */
  artifactsOf(name: string): Promise<string[]>;
}

export function imageTemplates(client: ImageBuilderClient, settings: Settings): ImageTemplates {
  const templates = client.virtualMachineImageTemplates;
  const resourceGroup = settings.templateResourceGroup;

  const stateOf = (template: ImageTemplate | undefined): TemplateState => {
    if (!template) return { kind: "absent" };
    return isOurTemplate(originOf(template), settings) ? present(template) : { kind: "foreign", id: template.id ?? "" };
  };
  const read = async (name: string) => stateOf(await templates.get(resourceGroup, name).catch(unknownIfNotFound));

  return {
    create: (name, body) =>
      callAzure(async () => {
        // The poller is a promise of the operation's end: awaiting it, or returning it, would wait.
        const operation = templates.createOrUpdate(resourceGroup, name, body);
        await operation.submitted().catch(async (error: unknown) => {
          // Azure does not write a template twice: it may be there from a try whose answer was lost.
          if (errorAnswer(error)?.code !== "Conflict") throw error;
          const there = await read(name);
          // What has just been written may not be readable yet.
          if (there.kind === "absent") throw new StepDelayed(`${name} is there, and cannot be read yet.`, 0);
          if (there.kind === "foreign") throw new StepFailed(advise("template-name-taken", `${there.id} is there.`));
        });
      }),

    read: (name) => callAzure(() => read(name)),

    delete: (name) =>
      insistOn(async () => {
        const there = await read(name);
        if (there.kind !== "present") return there.kind;
        // Azure has taken it, and is at it.
        if (there.provisioning.state === "Deleting") return "accepted";
        const operation = templates.delete(resourceGroup, name);
        return operation.submitted().then(() => "accepted" as const, refusal);
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
        const there = await read(name);
        if (there.kind !== "present") return there.kind;
        const operation = templates.cancel(resourceGroup, name);
        return operation.submitted().then(() => "accepted" as const, refusal);
      }),

    artifactsOf: async (name) => {
      const made = await findInAzure(async () => {
        const ids: string[] = [];
        for await (const { artifactId, artifactUri } of templates.listRunOutputs(resourceGroup, name))
          ids.push(artifactId ?? artifactUri ?? "");
        return ids;
      });
      return made?.filter(Boolean) ?? [];
    },
  };
}

export function originOf({ name = "", tags, systemData }: ImageTemplate): TemplateOrigin {
  const { createdBy } = systemData ?? {};
  return { name, ...(tags ? { tags } : {}), ...(createdBy ? { createdBy } : {}) };
}

function present(template: ImageTemplate): TemplateState {
  const { provisioningState = "", provisioningError, lastRunStatus } = template;
  return {
    kind: "present",
    provisioning: {
      state: provisioningState,
      ...(provisioningError?.provisioningErrorCode ? { errorCode: provisioningError.provisioningErrorCode } : {}),
      ...(provisioningError?.message ? { errorMessage: toldShort(provisioningError.message) } : {}),
    },
    ...(lastRunStatus?.runState ? { run: { ...runOf(lastRunStatus), ...versionOf(template) } } : {}),
  };
}

function runOf({ runState, runSubState, startTime, endTime, message = "" }: ImageTemplateLastRunStatus): Run {
  return {
    state: runState ?? "",
    message: toldShort(message),
    ...(runSubState ? { phase: runSubState } : {}),
    ...(startTime ? { startedAt: startTime.toISOString() } : {}),
    // While a run goes on its end is in the year 1.
    ...(endTime && endTime.getUTCFullYear() > 1 ? { endedAt: endTime.toISOString() } : {}),
  };
}

/** Each run finds out anew what `latest` means, and the template tells. */
function versionOf({ source }: ImageTemplate): Pick<Run, "sourceVersion"> {
  return source && "exactVersion" in source && source.exactVersion ? { sourceVersion: source.exactVersion } : {};
}

function refusal(error: unknown): "refused" | "absent" {
  const answer = errorAnswer(error);
  // The text differs between the states it names; the code does not.
  if (answer?.code === "OperationNotAllowed") return "refused";
  if (answer?.statusCode === 404) return "absent";
  throw error;
}
