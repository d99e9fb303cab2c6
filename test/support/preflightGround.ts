import { armReader, type ArmReader } from "../../src/azure/armReader.ts";
import { observeGround } from "../../src/azure/ground.ts";
import type { Finding } from "../../src/domain/failure.ts";
import { type WholePlan, planBuild } from "../../src/domain/plan.ts";
import { checkGround } from "../../src/domain/preflight/checkGround.ts";
import type { Recipe } from "../../src/domain/recipes/schema.ts";
import { readSettings } from "../../src/settings.ts";
import { builderIdentity, landscapeSettings, serviceIdentity } from "../../local/landscape.ts";
import type { TestCloud } from "./cloud.ts";
import { ids } from "./cloudTemplates.ts";
import { planContext, request, sampleRecipe } from "./plan.ts";

export const settings = readSettings({
  ...landscapeSettings,
  GOLDSMITH_INSTALLATION_ID: "test",
  GOLDSMITH_ARCHIVE: "UseDevelopmentStorage=true",
});
const [zone = planContext.zone] = settings.zones.values();

/** A plan of the sample recipe, in the landscape. */
export function landscapePlan(changes: Partial<Recipe> = {}, { roles } = settings): WholePlan {
  return planBuild(request, { ...sampleRecipe(), ...changes }, { ...planContext, ...settings, roles, zone });
}

/** The same where the settings have no role for sources elsewhere. */
export function planWithoutReading(source: Recipe["source"]): WholePlan {
  const { sourceReading: _, ...roles } = settings.roles;
  return landscapePlan({ source }, { ...settings, roles });
}

export const isolatedVm: Recipe["vmProfile"] = {
  vmSize: "Standard_D2s_v5",
  osDiskSizeGB: 0,
  vnetConfig: { subnetId: ids.subnet, containerInstanceSubnetId: `${ids.network}/subnets/snet-containers` },
};

/** The same in two subnets. */
export const isolatedLandscapePlan = () => landscapePlan({ vmProfile: isolatedVm });

/** Reads of the service's. */
export const readerOf = ({ url, service }: TestCloud): ArmReader => armReader(url, service.resources.pipeline);

/** What the preflight says of a build in a local Azure as it is. */
export async function predict(
  cloud: TestCloud,
  plan = landscapePlan(),
  reader: ArmReader = readerOf(cloud),
): Promise<Finding[]> {
  const { subscriptionId } = settings;
  const known = { subscriptionId, builderId: builderIdentity.id, servicePrincipalId: serviceIdentity.principalId };
  return checkGround(await observeGround(reader, plan, { ...known, ledger: async () => [], acceptedGrants: [] }));
}
