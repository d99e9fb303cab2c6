import * as z from "zod";
import { buildOfAttempt } from "./buildId.ts";
import { component } from "./component.ts";
import type { Destination } from "./destination.ts";
import { sentTarget } from "./recipes/distribute.ts";
import { Recipe } from "./recipes/schema.ts";
import { azureSource } from "./recipes/source.ts";
import { allTags } from "./recipes/tags.ts";
import { sameId } from "./resourceId.ts";
import type { Source } from "./source.ts";
import type { Topology } from "./topology.ts";

const { customize, optimize, validate, errorHandling, additionalDataDisks } = Recipe.shape;
const tags = z.record(z.string(), z.string());
const subnetId = z.string();

/** The body of a PUT of an image template, API version 2025-10-01, as far as recipes use it. */
export const ImageTemplateBody = component(
  "ImageTemplateBody",
  z.strictObject({
    location: z.string(),
    tags,
    identity: z.strictObject({
      type: z.literal("UserAssigned"),
      userAssignedIdentities: z.record(z.string(), z.record(z.string(), z.never())),
    }),
    source: azureSource,
    customize: customize.unwrap().exactOptional(),
    optimize,
    validate,
    distribute: z.array(sentTarget),
    errorHandling,
    vmProfile: z.strictObject({
      vmSize: z.string(),
      osDiskSizeGB: z.number(),
      userAssignedIdentities: z.array(z.string()).exactOptional(),
      vnetConfig: z
        .union([
          z.strictObject({ subnetId, proxyVmSize: z.string() }),
          z.strictObject({ subnetId, containerInstanceSubnetId: z.string() }),
        ])
        .exactOptional(),
    }),
    additionalDataDisks,
    buildTimeoutInMinutes: z.number(),
    managedResourceTags: tags,
  }),
);
export type ImageTemplateBody = z.infer<typeof ImageTemplateBody>;

/** What Azure tells of a template's origin. */
export interface TemplateOrigin {
  name: string;
  tags?: Record<string, string>;
  /** Client id of the application that made it; absent where Azure does not tell. */
  createdBy?: string;
}

/**
 * Whether a template is ours by its name, its tags and its creator; one of an unknown creator is not. The fourth part of the proof is whoever asks: the
 * name is that of an attempt in a plan that was kept before anything was made. Further tags, which a policy may add,
 * do not matter.
 */
export function isOurTemplate(
  { name, tags = {}, createdBy }: TemplateOrigin,
  { installationId, servicePrincipals }: { installationId: string; servicePrincipals: readonly string[] },
): boolean {
  return (
    tags["goldsmith-installation"] === installationId &&
    buildOfAttempt(name.toLowerCase())?.buildId === tags["goldsmith-build"] &&
    createdBy !== undefined &&
    servicePrincipals.some((one) => sameId(one, createdBy))
  );
}

export function imageTemplateOf(
  recipe: Recipe,
  ids: {
    buildId: string;
    installationId: string;
    identityId: string;
    topology: Topology;
    source: Source;
    destinations: readonly Destination[];
    vmIdentities: readonly string[];
  },
): ImageTemplateBody {
  const own = { "goldsmith-build": ids.buildId, "goldsmith-installation": ids.installationId };
  const tags = allTags(recipe.tags, own);
  const { customize, optimize, validate, errorHandling, additionalDataDisks } = recipe;
  return {
    location: recipe.location,
    tags,
    identity: { type: "UserAssigned", userAssignedIdentities: { [ids.identityId]: {} } },
    source: ids.source,
    ...(customize.length > 0 ? { customize: customize.map(sent) } : {}),
    ...(optimize
      ? { optimize: { ...optimize, ...(optimize.workload ? { workload: sent(optimize.workload) } : {}) } }
      : {}),
    ...(validate ? { validate: { ...validate, ...trialsOf(validate) } } : {}),
    distribute: ids.destinations.map((target) => ({
      ...target,
      artifactTags: allTags(recipe.tags, target.artifactTags, own),
    })),
    ...(errorHandling ? { errorHandling } : {}),
    vmProfile: {
      vmSize: recipe.vmProfile.vmSize,
      osDiskSizeGB: recipe.vmProfile.osDiskSizeGB,
      ...(ids.vmIdentities.length > 0 ? { userAssignedIdentities: [...ids.vmIdentities] } : {}),
      ...networkOf(ids.topology),
    },
    ...(additionalDataDisks ? { additionalDataDisks } : {}),
    buildTimeoutInMinutes: recipe.buildTimeoutInMinutes,
    managedResourceTags: allTags(recipe.tags, recipe.managedResourceTags, own),
  };
}

function trialsOf({ inVMValidations }: NonNullable<Recipe["validate"]>) {
  return inVMValidations ? { inVMValidations: inVMValidations.map(sent) } : {};
}

/** Without what a recipe tells the service alone. */
function sent<Step extends object>(step: Step): Step {
  return "unchecked" in step ? (({ unchecked: _, ...rest }) => rest as Step)(step) : step;
}

function networkOf(topology: Topology): Pick<ImageTemplateBody["vmProfile"], "vnetConfig"> {
  if (topology.kind === "none") return {};
  const { kind: _, ...vnetConfig } = topology;
  return { vnetConfig };
}
