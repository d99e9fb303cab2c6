import { uriOfScript } from "../../src/domain/keptScript.ts";
import { planBuild, type WholePlan } from "../../src/domain/plan.ts";
import { containerSubnetId } from "./ground.ts";
import { planContext, request, sampleRecipe, SCRIPT_CONTAINER } from "./plan.ts";

/** A plan of the sample recipe with a script that the service puts into its container. */
export function longScriptPlan({ isolated = false } = {}): WholePlan {
  const sha256Checksum = "a".repeat(64);
  const scriptUri = uriOfScript(SCRIPT_CONTAINER, { path: "scripts/long.sh", sha256: sha256Checksum });
  const recipe = sampleRecipe();
  const { proxyVmSize: _, ...vnetConfig } = recipe.vmProfile.vnetConfig ?? {};
  const vmProfile = isolated
    ? { ...recipe.vmProfile, vnetConfig: { ...vnetConfig, containerInstanceSubnetId: containerSubnetId } }
    : recipe.vmProfile;
  const customize = [{ type: "Shell" as const, name: "long", scriptUri, sha256Checksum }];
  return planBuild(
    request,
    { ...recipe, egress: [], customize, vmProfile },
    { ...planContext, scriptContainer: SCRIPT_CONTAINER },
  );
}
