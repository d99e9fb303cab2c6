import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BuildRequest } from "../../src/domain/buildRequest.ts";
import type { Grant, LeasedRole } from "../../src/domain/grant.ts";
import { planBuild, type PlanContext, type WholePlan } from "../../src/domain/plan.ts";
import type { PlatformImageSource } from "../../src/domain/source.ts";
import type { SharedImageTarget } from "../../src/domain/recipes/distribute.ts";
import { faultText } from "../../src/domain/recipes/fault.ts";
import type { Recipe } from "../../src/domain/recipes/schema.ts";
import { parseRecipe } from "../../src/domain/recipes/recipeFile.ts";

/** The sample recipe as it is shipped. */
export function sampleRecipe(): Recipe {
  const file = "aks-jumpbox.yaml";
  const text = readFileSync(join(import.meta.dirname, "..", "..", "images", file), "utf8");
  const parsed = parseRecipe(file, text);
  if (parsed.kind === "faulty") throw new Error(parsed.faults.map(faultText).join("\n"));
  return parsed.recipe;
}

export const request: BuildRequest = {
  buildId: "aks-jumpbox-20260115-020000-test",
  image: "aks-jumpbox",
  door: "http",
  reason: "a test",
};

const subscriptionId = "11111111-2222-4333-8444-555555555555";

/** Where the service puts scripts, in tests that say so. */
export const SCRIPT_CONTAINER = `/subscriptions/${subscriptionId}/resourceGroups/rg-scripts/providers/Microsoft.Storage/storageAccounts/stscripts/blobServices/default/containers/kept`;

export const planContext: PlanContext = {
  subscriptionId,
  installationId: "test",
  templateResourceGroup: "rg-templates",
  zone: {
    builder: {
      identityId: `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/builder`,
      principalId: "22222222-3333-4444-8555-666666666666",
    },
    destinations: [`/subscriptions/${subscriptionId}/resourceGroups/rg-images`],
    sources: [],

    scriptContainers: [],
    subnets: [`/subscriptions/${subscriptionId}/resourceGroups/rg-network`],
    vmIdentities: [],
    networkRequired: false,
  },
  recipes: new Map(),
  roles: {
    imageCreation: "33333333-4444-4555-8666-777777777777",
    networkJoin: "44444444-5555-4666-8777-888888888888",
    sourceReading: "55555555-6666-4777-8888-999999999999",
  },
  propagationMinutes: 15,
  expectedRunSeconds: 1800,
  hash: (text) => createHash("sha256").update(text).digest("hex"),
};

/** Of the sample recipe, which is built in a subnet of the company's. */
export function samplePlan(changes: Partial<Recipe> = {}): WholePlan {
  return planBuild(request, { ...sampleRecipe(), ...changes }, planContext);
}

/** The first grant of a role that a build needs. */
export function grantOf({ grants }: Pick<WholePlan, "grants">, role: LeasedRole): Grant {
  const found = grants.find((grant) => grant.role === role);
  if (!found) throw new Error(`The plan has no grant of ${role}.`);
  return found;
}

/** The sample's source, which is of the marketplace. */
export function sampleSource(): PlatformImageSource {
  const { source } = sampleRecipe();
  if (source.type !== "PlatformImage") throw new Error("The sample recipe begins with another kind of source.");
  return source;
}

/** The sample's one target, which is in a gallery. */
export function sampleTarget(changes: Partial<SharedImageTarget> = {}): SharedImageTarget {
  const [target] = sampleRecipe().distribute;
  if (target?.type !== "SharedImage") throw new Error("The sample recipe ends in another kind of target.");
  return { ...target, ...changes };
}
