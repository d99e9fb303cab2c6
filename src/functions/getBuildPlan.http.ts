import * as z from "zod";
import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { imageOfBuild } from "../domain/buildId.ts";
import { WholePlan } from "../domain/plan.ts";
import { problem } from "../domain/problem.ts";
import { answer } from "../http/answers.ts";
import { door, Refused } from "../http/door.ts";

const BuildPlan = z.strictObject({
  id: z.string(),
  image: z.string(),
  plannedAt: z.iso.datetime().describe("Of the build that was begun then; it keeps to this plan."),
  plan: WholePlan,
});
type BuildPlan = z.infer<typeof BuildPlan>;

const planUnknown = problem(404, "plan-unknown", "There is no build of that id, or it has not been planned yet.");

/** What a build does, as it was planned: with its own parameters, and by the recipe as it was then. */
export function getBuildPlan(archive: Archive) {
  return door({
    name: "getBuildPlan",
    method: "GET",
    route: "builds/{id}/plan",
    summary: "What a build does, as it was planned",
    role: "Reader",
    answers: { 200: { description: "The plan that the build keeps to.", body: BuildPlan } },
    refuses: { 404: ["plan-unknown"] },
    async handle({ param }) {
      const id = param("id");
      const image = imageOfBuild(id);
      const kept = image ? (await archive.readJson(archiveNames.plan(image, id)))?.value : undefined;
      if (!image || !kept) throw new Refused(planUnknown);
      const { begunAt: plannedAt, ...plan } = kept as BuildPlan["plan"] & { begunAt: string };
      return answer(200, { id, image, plannedAt, plan } satisfies BuildPlan);
    },
  });
}
