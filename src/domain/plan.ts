import * as z from "zod";
import { ATTEMPTS } from "./buildId.ts";
import { accountOfContainer, containerAmong } from "./blobUrl.ts";
import { type BuildRequest, ParameterValue } from "./buildRequest.ts";
import { component } from "./component.ts";
import { type Destination, destinationIdOf, destinationsOf, isSharedImage, isVhd } from "./destination.ts";
import { type Failure, Finding, StepFailed } from "./failure.ts";
import { Grant } from "./grant.ts";
import { ImportedImage, importedImageId } from "./importedImage.ts";
import { ImageTemplateBody, imageTemplateOf } from "./imageTemplate.ts";
import { keptScriptsIn } from "./keptScript.ts";
import { plannedGrants, tooManyGrants } from "./plannedGrants.ts";
import { sourceOf } from "./recipes/descent.ts";
import { fieldOf } from "./recipes/fault.ts";
import { plainSecretsIn } from "./recipes/plainSecrets.ts";
import { valuesOf } from "./recipes/parameters.ts";
import { parameterSteps } from "./recipes/parameterStep.ts";
import { Recipe } from "./recipes/schema.ts";
import { secretReferences, vaultHosts } from "./recipes/secrets.ts";
import { aroundSecrets } from "./recipes/secretSteps.ts";
import { allTags } from "./recipes/tags.ts";
import { absoluteId } from "./resourceId.ts";
import { absoluteSource, atVersion, nameOfSource, sourceIdOf } from "./source.ts";
import { millisecondsOf } from "./schedule/duration.ts";
import { subnetsOf, Topology, virtualNetworkOf } from "./topology.ts";
import { outsideZone, type TrustZone } from "./trustZone.ts";

/** Of what is wrong that one failure tells. */
const MOST_PLACES = 10;
/** As image builder has it. */
const DEFAULT_PROXY_SIZE = "Standard_A1_v2";
/** Minutes beyond image builder's own timeout after which a run counts as lost. */
const GRACE_MINUTES = 30;
/** Minutes that all else takes at the most: attempts until the grants are effective, cancelling, archiving, deleting. */
const AROUND_THE_RUN_MINUTES = 300;

/** Code of the failure of an instance that has the id of a build of before. */
export const BUILD_REPEATED = "build-repeated";

export const Attempt = component(
  "Attempt",
  z.strictObject({ number: z.int(), templateName: z.string(), stagingResourceGroup: z.string() }),
);
export type Attempt = z.infer<typeof Attempt>;

const { egress, accept } = Recipe.shape;

/**
 * Everything about a build that is decided before anything is called: a reviewer can read here what is going to be
 * made, where, and under which name.
 */
export const Plan = z.strictObject({
  buildId: z.string(),
  image: z.string(),
  location: z.string(),
  place: z.string().describe("What the number of builds is bounded in: subscription and region."),
  templateResourceGroup: z.string(),
  source: z
    .string()
    .describe("What the recipe begins with: the name of its image; or the URL of the VHD that is imported."),
  templateHash: z
    .string()
    .describe(
      "SHA-256 of the template without what names the build and a version decided upon, hexadecimal: equal hashes are equal images to be.",
    ),
  sentHash: z
    .string()
    .describe("SHA-256 of the template itself: what lies in the archive between plan and use is what was planned."),
  parameters: z
    .record(z.string(), ParameterValue)
    .exactOptional()
    .describe("Those that were asked for, and the defaults of the others; absent where the recipe has none."),
  topology: Topology,
  networkRequired: z.boolean().describe("Whether the trust zone asks for a subnet of its own."),
  egress: egress.unwrap().describe("Host names that the customizers reach."),
  vaults: z
    .array(z.string())
    .exactOptional()
    .describe("Host names that the build VM asks for the recipe's secrets, at port 443; absent where it has none."),
  accept: accept.unwrap().describe("Warnings that the recipe puts up with."),
  findings: z
    .array(Finding)
    .describe("What of the recipe its trust zone does not allow; nothing is made where there is any."),
  builderPrincipalId: z.string().describe("Object id of the identity that image builder acts as."),
  importedImage: ImportedImage.exactOptional().describe(
    "Made of a VHD before the template, which begins with it; absent where the recipe names no VHD.",
  ),
  approvalSeconds: z
    .int()
    .exactOptional()
    .describe("For which the build waits for somebody to approve it; absent where the recipe does not ask for that."),
  publishSeconds: z
    .int()
    .exactOptional()
    .describe(
      "For which what was made waits for somebody to approve that it becomes the latest; absent where the recipe does not ask for that.",
    ),
  scriptContainer: z
    .string()
    .exactOptional()
    .describe(
      "Id of the container that scripts and files beside the recipe are put into before the template is made; absent where none is too long to stand in it.",
    ),
  grants: z.array(Grant).describe("In the order in which they are given."),
  images: z.int().describe("Images and image versions that a run makes; none where only the source is validated."),
  attempts: z
    .array(Attempt)
    .describe("A new attempt takes new names, so that it never meets what is still being deleted."),
  runMinutes: z
    .number()
    .describe("Minutes after which a run that goes on is cancelled, counted from when it was asked for."),
  grantSeconds: z.number().describe("Seconds after which no grant is held any more, counted from when it is given."),
  expectedRunSeconds: z.number().describe("Seconds that the run is expected to take, from the image's own past."),
  propagationMinutes: z.number(),
});
export type Plan = z.infer<typeof Plan>;

/** A plan with what may be long, and is therefore read from the archive where it is needed. */
export const WholePlan = component(
  "Plan",
  Plan.extend({
    template: ImageTemplateBody.describe(
      "What image builder is sent, but for the staging resource group, which each attempt has of its own, and the source's version where one is approved.",
    ),
  }),
);
export type WholePlan = z.infer<typeof WholePlan>;

export interface PlanContext {
  subscriptionId: string;
  installationId: string;
  templateResourceGroup: string;
  zone: TrustZone;
  /** Those that can be built, by name: one may be built on another. */
  recipes: ReadonlyMap<string, Recipe>;
  /** Without a role of source reading, sources lie where images are written to. */
  roles: { imageCreation: string; networkJoin: string; sourceReading?: string };
  /** Id of the one that the service puts scripts into. */
  scriptContainer?: string | undefined;
  propagationMinutes: number;
  expectedRunSeconds: number;
  hash(text: string): string;
}

/** @throws StepFailed where the recipe does not take the parameters of the request, or the template would hold a secret. */
export function planBuild(request: BuildRequest, recipe: Recipe, context: PlanContext): WholePlan {
  const { subscriptionId, installationId } = context;
  const topology = topologyOf(recipe, subscriptionId);
  const network = virtualNetworkOf(topology);
  const templateGroup = `/subscriptions/${subscriptionId}/resourceGroups/${context.templateResourceGroup}`;
  const sourceFor = (buildId: string) =>
    absoluteSource(sourceOf(recipe, context.recipes, importedImageId(templateGroup, buildId)), subscriptionId);
  const source = sourceFor(request.buildId);
  const imported = importOf(request.buildId, recipe, templateGroup, context);
  const { userAssignedIdentities = [] } = recipe.vmProfile;
  const vmIdentities = userAssignedIdentities.map((id) => absoluteId(id, subscriptionId));
  const { approval } = recipe;
  const approvalSeconds = approval && millisecondsOf(approval.expires) / 1000;
  const targets = destinationsOf(recipe.distribute, recipe.location, subscriptionId);
  const destinations = approval?.before === "publish" ? targets.map(hidden) : targets;
  const imageIds = destinations.filter((target) => !isVhd(target)).map(destinationIdOf);
  const disks = destinations.filter(isVhd).map(({ uri }) => ({
    uri,
    container: containerAmong(context.zone.destinations, uri),
  }));
  const { principalId } = context.zone.builder;
  const runMinutes = recipe.buildTimeoutInMinutes + GRACE_MINUTES;
  const parameters = parametersOf(request, recipe);
  const secrets = secretReferences(recipe, subscriptionId);
  const customize = [...parameterSteps(parameters, recipe.customize), ...aroundSecrets(secrets, recipe.customize)];
  const templateOf = (buildId: string, version?: string) =>
    imageTemplateOf(
      { ...recipe, customize },
      {
        buildId,
        installationId,
        identityId: context.zone.builder.identityId,
        topology,
        source: atVersion(sourceFor(buildId), version),
        destinations,
        vmIdentities,
      },
    );
  const template = templateOf(request.buildId, request.sourceVersion);
  refuseSecrets(template, recipe);
  const { scriptContainer } = context;
  const containers = disks.flatMap(({ container }) => container ?? []);
  const grants = plannedGrants({ imageIds, containers, source, template, network }, context);
  return {
    buildId: request.buildId,
    image: recipe.name,
    location: recipe.location,
    place: `${subscriptionId}/${recipe.location}`,
    templateResourceGroup: context.templateResourceGroup,
    template,
    source: imported?.vhd ?? nameOfSource(source),
    sentHash: context.hash(JSON.stringify(template)),
    // The same for each build of one recipe: the tags name the build, and so does the image that a VHD is imported to; a
    // version that was decided upon is a matter of the source.
    templateHash: context.hash(JSON.stringify(templateOf("")) + (imported ? diskOf(imported) : "")),
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    topology,
    networkRequired: context.zone.networkRequired,
    egress: recipe.egress,
    ...(secrets.length > 0 ? { vaults: vaultHosts(secrets) } : {}),
    accept: recipe.accept,
    findings: [
      ...outsideZone(recipe.zone, context.zone, {
        subnetIds: subnetsOf(topology),
        vmIdentities,
        destinationIds: [...imageIds, ...disks.map(({ uri, container }) => container ?? uri)],
        // What a VHD is imported to is the build's own.
        ...(imported ? { vhd: imported.vhd } : { sourceId: sourceIdOf(source) }),
      }),
      ...tooManyGrants(grants),
    ],
    builderPrincipalId: principalId,
    ...(imported ? { importedImage: imported } : {}),
    ...(approvalSeconds && approval.before === "build" ? { approvalSeconds } : {}),
    ...(approvalSeconds && approval.before === "publish" ? { publishSeconds: approvalSeconds } : {}),
    ...(scriptContainer && keptScriptsIn(template, scriptContainer).length > 0 ? { scriptContainer } : {}),
    grants,
    images: recipe.validate?.sourceValidationOnly ? 0 : destinations.length,
    attempts: Array.from({ length: ATTEMPTS }, (_, index) => attemptOf(request.buildId, subscriptionId, index + 1)),
    runMinutes,
    grantSeconds: (runMinutes + AROUND_THE_RUN_MINUTES) * 60,
    expectedRunSeconds: context.expectedRunSeconds,
    propagationMinutes: context.propagationMinutes,
  };
}

/** The same target, whose version is made so that nobody takes it for the latest. */
function hidden(target: Destination): Destination {
  return isSharedImage(target) ? { ...target, excludeFromLatest: true } : target;
}

/** The managed image that the VHD is imported to which a recipe begins with. */
function importOf(
  buildId: string,
  { source, location, tags }: Recipe,
  templateGroup: string,
  { installationId, zone }: PlanContext,
): ImportedImage | undefined {
  if (source.type !== "Vhd") return undefined;
  const { vhd, osType, hyperVGeneration, keepImage } = source;
  return {
    id: importedImageId(templateGroup, buildId),
    location,
    tags: allTags(tags, { "goldsmith-build": buildId, "goldsmith-installation": installationId }),
    vhd,
    storageAccountId: accountOfContainer(containerAmong(zone.sources, vhd) ?? ""),
    osType,
    hyperVGeneration,
    keepImage,
  };
}

/** What of an import makes another image. */
function diskOf({ vhd, osType, hyperVGeneration }: ImportedImage): string {
  return JSON.stringify({ vhd, osType, hyperVGeneration });
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

/** The last look, at what would be sent: a finding would come when the plan is kept already. Tells where, never what. */
function refuseSecrets(template: ImageTemplateBody, { name, notSecret }: Recipe): void {
  const told = notSecret.map(({ text }) => text);
  const places = plainSecretsIn(template, told).map(({ path }) => fieldOf(path));
  if (places.length === 0) return;
  throw new StepFailed({
    code: "template-holds-secret",
    message: `The template of ${name} would hold what looks like a secret in plain text: ${places.slice(0, MOST_PLACES).join(", ")}.`,
    why: "Whoever may read the template, its history or its log would read the secret.",
    mend: "Read it on the build VM from Key Vault, as docs/recipes.md shows; or tell in the recipe's notSecret why it is none.",
    owner: "requester",
  });
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

/**
 * Whether image builder may have failed to fetch a script for want of the right to read it that the build has just leased:
 * then it says no more than that it could not.
 */
export function mayLackReading({ grants }: Pick<Plan, "grants">, { message }: Pick<Failure, "message">): boolean {
  const [uri] = /https:\/\/\S+/.exec(message) ?? [];
  if (!uri || !/is unavailable|PublicAccessNotPermitted|AuthorizationPermissionMismatch/.test(message)) return false;
  const scopes = grants.filter(({ role }) => role === "script reading").map(({ scope }) => scope);
  return containerAmong(scopes, uri) !== undefined;
}
