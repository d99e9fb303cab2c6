import { ATTEMPTS } from "./buildId.ts";
import type { BuildRequest, ParameterValue } from "./buildRequest.ts";
import { destinationIdOf, destinationsOf } from "./destination.ts";
import { type Finding, StepFailed } from "./failure.ts";
import { planGrant, type Grant } from "./grant.ts";
import { imageTemplateOf, type ImageTemplateBody } from "./imageTemplate.ts";
import { sourceOf } from "./recipes/descent.ts";
import { valuesOf } from "./recipes/parameters.ts";
import { parameterSteps } from "./recipes/parameterStep.ts";
import type { Recipe } from "./recipes/schema.ts";
import { absoluteId, resourceGroupOf, sameId } from "./resourceId.ts";
import { absoluteSource, sourceIdOf } from "./source.ts";
import { subnetsOf, type Topology, virtualNetworkOf } from "./topology.ts";
import { outsideZone, type TrustZone } from "./trustZone.ts";

/** As image builder has it. */
const DEFAULT_PROXY_SIZE = "Standard_A1_v2";
/** Minutes beyond image builder's own timeout after which a run counts as lost. */
const GRACE_MINUTES = 30;
/** Minutes that all else takes at the most: attempts until the grants are effective, cancelling, archiving, deleting. */
const AROUND_THE_RUN_MINUTES = 300;

/** Code of the failure of an instance that has the id of a build of before. */
export const BUILD_REPEATED = "build-repeated";

/**
 * Everything about a build that is decided before anything is called: a reviewer can read here what is going to be
 * made, where, and under which name.
 */
export interface Plan {
  buildId: string;
  image: string;
  location: string;
  /** What the number of builds is bounded in: subscription and region. */
  place: string;
  templateResourceGroup: string;
  /** SHA-256 of the template without what names the build, hexadecimal: equal hashes are equal images to be. */
  templateHash: string;
  /** SHA-256 of the template itself: what lies in the archive between plan and use is what was planned. */
  sentHash: string;
  /** Those that were asked for, and the defaults of the others; absent where the recipe has none. */
  parameters?: Record<string, ParameterValue>;
  topology: Topology;
  /** Whether the trust zone asks for a subnet of its own. */
  networkRequired: boolean;
  /** Host names that the customizers reach. */
  egress: Recipe["egress"];
  /** Warnings that the recipe puts up with. */
  accept: Recipe["accept"];
  /** What of the recipe its trust zone does not allow; nothing is made where there is any. */
  findings: Finding[];
  /** A build in a network of image builder's own joins none. */
  grants: { imageCreation: Grant; networkJoin?: Grant };
  /** Images and image versions that a run makes; none where only the source is validated. */
  images: number;
  /** A new attempt takes new names, so that it never meets what is still being deleted. */
  attempts: Attempt[];
  /** Minutes after which a run that goes on is cancelled, counted from when it was asked for. */
  runMinutes: number;
  /** Seconds after which no grant is held any more, counted from when it is given. */
  grantSeconds: number;
  /** Seconds that the run is expected to take, from the image's own past. */
  expectedRunSeconds: number;
  propagationMinutes: number;
}

/** A plan with what may be long, and is therefore read from the archive where it is needed. */
export interface WholePlan extends Plan {
  /** What image builder is sent, but for the staging resource group, which each attempt has of its own. */
  template: ImageTemplateBody;
}

export interface Attempt {
  number: number;
  templateName: string;
  stagingResourceGroup: string;
}

export interface PlanContext {
  subscriptionId: string;
  installationId: string;
  templateResourceGroup: string;
  zone: TrustZone;
  /** Those that can be built, by name: one may be built on another. */
  recipes: ReadonlyMap<string, Recipe>;
  roles: { imageCreation: string; networkJoin: string };
  propagationMinutes: number;
  expectedRunSeconds: number;
  hash(text: string): string;
}

/** @throws StepFailed where the recipe does not take the parameters of the request. */
export function planBuild(request: BuildRequest, recipe: Recipe, context: PlanContext): WholePlan {
  const { subscriptionId, installationId } = context;
  const topology = topologyOf(recipe, subscriptionId);
  const network = virtualNetworkOf(topology);
  const source = absoluteSource(sourceOf(recipe, context.recipes), subscriptionId);
  const { userAssignedIdentities = [] } = recipe.vmProfile;
  const vmIdentities = userAssignedIdentities.map((id) => absoluteId(id, subscriptionId));
  const destinations = destinationsOf(recipe.distribute, recipe.location, subscriptionId);
  const destinationIds = destinations.map(destinationIdOf);
  const [imageGroup = ""] = destinationIds.map(resourceGroupOf);
  const grant = (role: Grant["role"], scope: string, roleDefinition: string) =>
    planGrant(installationId, subscriptionId, {
      role,
      scope,
      principalId: context.zone.builder.principalId,
      roleDefinition,
    });
  const runMinutes = recipe.buildTimeoutInMinutes + GRACE_MINUTES;
  const parameters = parametersOf(request, recipe);
  const customize = [...parameterSteps(parameters, recipe.customize), ...recipe.customize];
  const templateOf = (buildId: string) =>
    imageTemplateOf(
      { ...recipe, customize },
      {
        buildId,
        installationId,
        identityId: context.zone.builder.identityId,
        topology,
        source,
        destinations,
        vmIdentities,
      },
    );
  const template = templateOf(request.buildId);
  return {
    buildId: request.buildId,
    image: recipe.name,
    location: recipe.location,
    place: `${subscriptionId}/${recipe.location}`,
    templateResourceGroup: context.templateResourceGroup,
    template,
    sentHash: context.hash(JSON.stringify(template)),
    // The same for each build of one recipe: only the tags name the build.
    templateHash: context.hash(JSON.stringify(templateOf(""))),
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    topology,
    networkRequired: context.zone.networkRequired,
    egress: recipe.egress,
    accept: recipe.accept,
    findings: [
      ...outsideZone(recipe.zone, context.zone, {
        subnetIds: subnetsOf(topology),
        vmIdentities,
        destinationIds,
        sourceId: sourceIdOf(source),
      }),
      ...apart(destinationIds),
    ],
    grants: {
      imageCreation: grant("image creation", imageGroup, context.roles.imageCreation),
      // One on the virtual network holds for each of its subnets.
      ...(network ? { networkJoin: grant("network join", network, context.roles.networkJoin) } : {}),
    },
    images: recipe.validate?.sourceValidationOnly ? 0 : destinations.length,
    attempts: Array.from({ length: ATTEMPTS }, (_, index) => attemptOf(request.buildId, subscriptionId, index + 1)),
    runMinutes,
    grantSeconds: (runMinutes + AROUND_THE_RUN_MINUTES) * 60,
    expectedRunSeconds: context.expectedRunSeconds,
    propagationMinutes: context.propagationMinutes,
  };
}

function parametersOf({ image, parameters }: BuildRequest, recipe: Recipe): Record<string, ParameterValue> {
  const found = valuesOf(recipe.parameters, parameters);
  if (found.kind === "values") return found.values;
  throw new StepFailed({
    code: "parameters-refused",
    message: `The recipe of ${image} does not take these parameters: ${found.faults.join("; ")}.`,
    why: "A request sets only what the recipe has, and everything that has no default.",
    mend: "Ask again with the parameters that GET /api/images/{image} tells.",
    owner: "requester",
  });
}

/** The builder is leased image creation on one group: what it writes has to lie there together. */
function apart(destinationIds: readonly string[]): Finding[] {
  const [first = "", ...others] = destinationIds;
  return others
    .filter((id) => !sameId(resourceGroupOf(id), resourceGroupOf(first)))
    .map((resource) => ({
      code: "destinations-apart",
      severity: "blocks",
      resource,
      seen: `It is not in ${resourceGroupOf(first)}, as the first target of the recipe is.`,
      why: "The builder is leased what it needs on the resource group of one destination, and nothing elsewhere.",
      mend: "Name targets of one resource group in distribute, or make a recipe for each group.",
      owner: "requester",
    }));
}

/** The recipe's choice: by which subnets it names. */
function topologyOf({ vmProfile: { vnetConfig = {} } }: Recipe, subscriptionId: string): Topology {
  if (!vnetConfig.subnetId) return { kind: "none" };
  const subnetId = absoluteId(vnetConfig.subnetId, subscriptionId);
  return vnetConfig.containerInstanceSubnetId
    ? {
        kind: "isolated",
        subnetId,
        containerInstanceSubnetId: absoluteId(vnetConfig.containerInstanceSubnetId, subscriptionId),
      }
    : { kind: "private link", subnetId, proxyVmSize: vnetConfig.proxyVmSize ?? DEFAULT_PROXY_SIZE };
}

/** What attempt `number` of a build makes, under names that follow from the build's. */
export function attemptOf(buildId: string, subscriptionId: string, number: number): Attempt {
  const templateName = `${buildId}-a${number}`;
  return {
    number,
    templateName,
    stagingResourceGroup: `/subscriptions/${subscriptionId}/resourceGroups/${templateName}-staging`,
  };
}

/**
 * Seconds to wait before attempt `number`: 30, 60, 120, 240, 480, and in a longer propagation window than that of 15
 * minutes as much longer; together longer than the window.
 */
export function attemptPause(number: number, propagationMinutes: number): number {
  return Math.max(1, propagationMinutes / 15) * Math.min(480, 15 * 2 ** (number - 1));
}
