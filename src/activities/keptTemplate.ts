import * as z from "zod";
import type { Archive } from "../azure/archive.ts";
import { advise } from "../domain/advice.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { StepFailed } from "../domain/failure.ts";
import type { ImageTemplateBody } from "../domain/imageTemplate.ts";
import type { Plan } from "../domain/plan.ts";
import { sha256 } from "../sha256.ts";

/** The template of a plan, as it lies in the archive. @throws StepFailed where it is not what was planned. */
export async function keptTemplate(
  archive: Archive,
  { image, buildId, sentHash }: Pick<Plan, "image" | "buildId" | "sentHash">,
): Promise<ImageTemplateBody> {
  const kept = await archive.readJson(archiveNames.plan(image, buildId));
  const { data } = z.object({ template: z.unknown() }).safeParse(kept?.value);
  const text = JSON.stringify(data?.template) ?? "";
  if (sha256(text) === sentHash) return data?.template as ImageTemplateBody;
  throw new StepFailed(advise("plan-changed", "The plan in the archive is not the one that the build was begun with."));
}
