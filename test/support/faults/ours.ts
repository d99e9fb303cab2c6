/** What the service may make in Azure for a build, derived from how the world was set up and from nothing it says. */
import { destinationIdOf } from "../../../src/domain/destination.ts";
import { v5 as uuidv5 } from "uuid";
import { builderIdentity, landscape, landscapeSettings, scriptContainer } from "../../../local/landscape.ts";
import { imageOfBuild } from "../../../src/domain/buildId.ts";
import type { Recipe } from "../../../src/domain/recipes/schema.ts";
import { LONG_SCRIPT, simulatedRecipes } from "../simulation/recipes.ts";
import { INSTALLATION } from "../simulation/simulation.ts";

/** Stands in the name of every role assignment of every installation, so that it can never be another. */
const NAMESPACE = "0b9f5a4e-6f0b-5d5f-9d3c-5a1f0c7e9b42";
/** As many as `docs/api.md` and the plan have. */
const ATTEMPTS = 6;

export interface OwnGrant {
  /** Lower case, as all ids here. */
  id: string;
  role: "image creation" | "source reading" | "script reading" | "network join";
  roleDefinitionId: string;
  principalId: string;
}

/** What may be a build's, by its id: each attempt has a template and a staging resource group. */
export interface Own {
  templates: string[];
  stagingGroups: string[];
  /** What a VHD is imported to; none where the recipe names none. */
  images: string[];
  /** Paths of what it puts into the container of scripts. */
  scripts: string[];
  grants: OwnGrant[];
}

const subscription = `/subscriptions/${landscape.subscriptionId}`;
const { GOLDSMITH_TEMPLATE_RESOURCE_GROUP: templateGroup } = landscapeSettings;

export function recipeOf(buildId: string): Recipe {
  const recipe = simulatedRecipes.get(imageOfBuild(buildId) ?? "");
  if (!recipe) throw new Error(`There is no recipe for ${buildId}.`);
  return recipe;
}

/** Of the definition or managed image that a target names. */
function idOf(target: Recipe["distribute"][number] | undefined): string {
  return target ? destinationIdOf(target) : "";
}

/** Where a recipe needs image creation, and where network join. */
export function grantScopesOf({ distribute, vmProfile }: Recipe): [imageCreation: string, networkJoin: string] {
  return [upTo(idOf(distribute[0]), "/providers/"), upTo(vmProfile.vnetConfig?.subnetId ?? "", "/subnets/")];
}

export function ownOf(buildId: string): Own {
  const [images, network] = grantScopesOf(recipeOf(buildId));
  const names = Array.from({ length: ATTEMPTS }, (_, index) => `${buildId}-a${index + 1}`);
  const group = `${subscription}/resourceGroups/${templateGroup}`;
  const templates = `${group}/providers/Microsoft.VirtualMachineImages/imageTemplates`;
  const hasScript = recipeOf(buildId).name === LONG_SCRIPT.image;
  const imports = recipeOf(buildId).source.type === "Vhd";
  return {
    templates: names.map((name) => `${templates}/${name}`.toLowerCase()),
    stagingGroups: names.map((name) => `${subscription}/resourceGroups/${name}-staging`.toLowerCase()),
    images: imports ? [`${group}/providers/Microsoft.Compute/images/${buildId}-source`.toLowerCase()] : [],
    scripts: hasScript ? [`/stgoldsmithscripts/scripts/${LONG_SCRIPT.blob}`] : [],
    grants: [
      grant("image creation", images),
      ...(imports ? [grant("source reading", group)] : []),
      ...(hasScript ? [grant("script reading", scriptContainer.id)] : []),
      grant("network join", network),
    ],
  };
}

/** Everything that may be one of these builds'. */
export function ownOfAll(buildIds: readonly string[]): Own {
  const all = buildIds.map(ownOf);
  const grants = all.flatMap((own) => own.grants);
  return {
    templates: all.flatMap((own) => own.templates),
    stagingGroups: all.flatMap((own) => own.stagingGroups),
    images: all.flatMap((own) => own.images),
    scripts: all.flatMap((own) => own.scripts),
    grants: [...new Map(grants.map((one) => [one.id, one])).values()],
  };
}

function grant(role: OwnGrant["role"], scope: string): OwnGrant {
  const { principalId } = builderIdentity;
  const definition = {
    "image creation": landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE,
    "source reading": landscapeSettings.GOLDSMITH_SOURCE_READING_ROLE,
    // Azure's own Storage Blob Data Reader.
    "script reading": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    "network join": landscapeSettings.GOLDSMITH_NETWORK_JOIN_ROLE,
  }[role];
  const name = uuidv5([INSTALLATION, scope, principalId, definition].join("|").toLowerCase(), NAMESPACE);
  return {
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`.toLowerCase(),
    role,
    roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${definition}`.toLowerCase(),
    principalId,
  };
}

/** The part of an id before its first such segment, with the subscription that recipes leave out. */
function upTo(id: string, segment: string): string {
  const whole = id.toLowerCase().startsWith("/subscriptions/") ? id : `${subscription}${id}`;
  return whole.slice(0, whole.toLowerCase().indexOf(segment));
}
