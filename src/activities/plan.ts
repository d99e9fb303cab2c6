import { isDeepStrictEqual } from "node:util";
import type { Archive } from "../azure/archive.ts";
import { readImageHistory } from "../azure/imageHistories.ts";
import { advise } from "../domain/advice.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import type { BuildRequest } from "../domain/buildRequest.ts";
import { StepFailed } from "../domain/failure.ts";
import { BUILD_REPEATED, planBuild, type Plan, type WholePlan } from "../domain/plan.ts";
import { expectedSeconds } from "../domain/pollCadence.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { faultText } from "../domain/recipes/fault.ts";
import type { Recipe } from "../domain/recipes/schema.ts";
import type { TrustZone } from "../domain/trustZone.ts";
import type { Engine } from "../durable/activities.ts";
import { readInstance } from "../durable/instances.ts";
import type { Settings } from "../settings.ts";
import { sha256 } from "../sha256.ts";

/** Fixes everything about a build, and keeps nothing. */
export function planner(catalogue: AskCatalogue, settings: Settings, archive: Archive) {
  return async (request: BuildRequest): Promise<WholePlan> => {
    const { recipes, broken } = await catalogue();
    const recipe = recipes.get(request.image);
    const faults = broken.get(request.image);
    if (faults) {
      throw new StepFailed({
        code: "recipe-broken",
        message: `The recipe of ${request.image} is broken: ${faults.map(faultText).join("; ")}`,
        why: "The recipe was whole when the build was asked for, and has been changed since.",
        mend: "Mend what is named, and ask again once the service has it.",
        owner: "requester",
      });
    }
    if (!recipe) {
      throw new StepFailed({
        code: "recipe-not-found",
        message: `There is no recipe for the image ${request.image}.`,
        why: "The recipe was there when the build was asked for, and has been removed since.",
        mend: `Add ${request.image}.yaml to the recipes again, or ask for another image.`,
        owner: "requester",
      });
    }
    const { runSeconds } = await readImageHistory(archive, recipe.name);
    return planBuild(request, recipe, {
      ...settings,
      recipes,
      zone: zoneOf(recipe, settings),
      expectedRunSeconds: expectedSeconds(runSeconds),
      hash: sha256,
    });
  };
}

export function planActivities(makePlan: ReturnType<typeof planner>, archive: Archive) {
  return {
    /**
     * Fixes everything about a build, and keeps it in the archive where a reviewer can read it. Delivered a second time,
     * it answers the same, and takes nothing that others may have written there meanwhile.
     *
     * @throws StepFailed with the code `build-repeated` where an instance of before has had the build's id, and with
     * `plan-changed` where what is kept is not what is planned.
     */
    async planBuild(request: BuildRequest, { client }: Engine): Promise<Plan> {
      const { image, buildId } = request;
      const instance = await readInstance(client, buildId);
      if (!instance) throw new Error(`The engine does not know of ${buildId} yet.`);
      const begunAt = new Date(instance.createdTime).toISOString();
      if (await archive.readJson(archiveNames.receipt(image, buildId))) throw repeated(buildId);

      const name = archiveNames.plan(image, buildId);
      const made: KeptPlan = { ...(await makePlan(request)), begunAt };
      if (!(await archive.replaceJson(name, made, undefined))) {
        const kept = (await archive.readJson(name))?.value as Partial<KeptPlan> | undefined;
        if (Date.parse(kept?.begunAt ?? "") < Date.parse(begunAt)) throw repeated(buildId);
        if (!isSame(kept, made)) throw new StepFailed(advise("plan-changed", `${name} is not what was planned.`));
      }
      const { template: _, begunAt: __, ...plan } = made;
      return plan;
    },
  };
}

interface KeptPlan extends WholePlan {
  /** When the instance was made that the plan is of, ISO 8601: an instance that has its id again is another. */
  begunAt: string;
}

/** Whether it is the same plan; other builds of the image may have taught us meanwhile how long a run takes. */
function isSame(kept: Partial<KeptPlan> | undefined, made: KeptPlan): boolean {
  const inArchive: unknown = JSON.parse(JSON.stringify({ ...made, expectedRunSeconds: kept?.expectedRunSeconds }));
  return isDeepStrictEqual(kept, inArchive);
}

function repeated(buildId: string): StepFailed {
  return new StepFailed(advise(BUILD_REPEATED, `An instance of before has begun ${buildId} already.`));
}

function zoneOf({ name, zone }: Recipe, { zones }: Settings): TrustZone {
  const found = zones.get(zone);
  if (found) return found;
  throw new StepFailed({
    code: "zone-unknown",
    message: `The recipe of ${name} names the trust zone ${zone}, which the settings do not have.`,
    why: "A zone says which identity builds, and what its builds may use.",
    mend: "Add the zone to GOLDSMITH_TRUST_ZONES, or name another one in the recipe.",
    owner: "operator",
  });
}
