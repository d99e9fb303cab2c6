import { beforeAll, describe, expect, it } from "vitest";
import { CONTRIBUTOR } from "../../local/azure/authorization/builtInRoles.ts";
import { builderIdentity } from "../../local/landscape.ts";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import { HOUR, onStage, type Stage } from "../support/faults/stage.ts";
import { MOMENTS } from "../support/faults/strikes.ts";
import { type Group, groupOf, sweepNow, terminate, until } from "../support/faults/sweeping.ts";
import { ids } from "../support/cloudTemplates.ts";
import type { Figure } from "../support/simulation/told.ts";
import { warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 60_000);

type Tags = Record<string, string>;

const put = (stage: Stage, id: string, tags: Tags) =>
  stage.asOperator("PUT", id, "2021-04-01", { location: "westeurope", tags });

/** A build dies in its run; once image builder has removed its group, somebody makes one of that name. */
async function takenOver(tagsOf: (made: Tags) => Tags) {
  let group: Group | undefined;
  let report: Record<string, unknown> = {};
  let figures: Figure[] = [];
  const evidence = await onStage({}, async (stage) => {
    stage.when(MOMENTS.running, { after: () => terminate(stage, stage.first()) });
    const id = await stage.ask();
    await until(stage, 120, () => groupOf(stage, id) !== undefined);
    group = groupOf(stage, id);
    await until(stage, 240, () => groupOf(stage, id) === undefined);
    await put(stage, group?.id ?? "", tagsOf(group?.tags ?? {}));
    await stage.sleep(3 * HOUR);
    report = await sweepNow(stage);
    figures = await stage.world.told.figures();
  });
  const leftovers = figures.filter(({ name }) => name === "goldsmith.leftovers").at(-1)?.value;
  return { evidence, report, leftovers, id: group?.id ?? "" };
}

describe("a resource group of the staging group's name", () => {
  it.each<[string, (made: Tags) => Tags]>([
    ["has no tags", () => ({})],
    ["has our template's tags, and no mark of image builder", (made) => withOnly(made, "goldsmith-")],
    ["has image builder's marks, and no tag of our template", (made) => withOnly(made, "createdBy", "image")],
    ["is marked as another template's", (made) => ({ ...made, imageTemplateName: "another" })],
    ["is marked as that of a template elsewhere", (made) => ({ ...made, imageTemplateResourceGroupName: "rg-x" })],
    ["is marked as one that image builder was given", (made) => ({ ...made, usedBy: "AzureVMImageBuilder" })],
  ])("is listed as somebody else's, without a command, where it %s", async (_, tagsOf) => {
    const { evidence, report, leftovers, id } = await takenOver(tagsOf);
    expect(leftovers).toBe(0);
    expect(report).toMatchObject({ report: { orphans: [], foreign: expect.arrayContaining([id]) } });
    expect(brokenPromises(evidence)).toEqual([]);
    expect(JSON.stringify(evidence.builds[0]?.receipt)).not.toContain("az group delete");
    expect(evidence.after.resourceGroups.map((one) => one.id)).toContain(id);
  });

  it("is listed with the command that removes it, and counted, where image builder made it for our template", async () => {
    const { evidence, report, leftovers, id } = await takenOver((made) => made);
    expect(evidence.after.resourceGroups.filter((one) => one.id === id)).toHaveLength(1);
    expect(leftovers).toBe(1);
    const name = id.split("/").at(-1) ?? "";
    const command = expect.stringMatching(new RegExp(`^az group delete .*--name ${name} --yes$`)) as string;
    expect(report).toMatchObject({ report: { orphans: [{ id, command }] } });
  });

  it("stays its owner's where it was there before the template, also when image builder has used it", async () => {
    let group = "";
    const evidence = await onStage({}, (stage) =>
      stage.when(MOMENTS["creating the template"], {
        async before() {
          group ||= `${ids.imageGroup.replace(/[^/]+$/, "")}${stage.first()}-a1-staging`;
          await put(stage, group, { owner: "somebody" });
          await letBuilderUse(stage, group);
        },
      }),
    );
    const [build] = evidence.builds;
    expect(build?.receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
    expect(JSON.stringify(evidence.runs)).toContain(`${build?.id}-a1`);
    expect(build?.receipt?.timeline).toContainEqual(
      expect.objectContaining({ event: "left alone", detail: expect.stringContaining("-a1-staging") }),
    );
    expect(brokenPromises(evidence)).toEqual([]);
    expect(evidence.after.resourceGroups.map((one) => one.id)).toContain(group);
  });
});

/** Image builder takes only a group in which its identity may make what a build needs. */
async function letBuilderUse(stage: Stage, group: string): Promise<void> {
  const { principalId } = builderIdentity;
  const definitions = "/providers/Microsoft.Authorization/roleDefinitions";
  const roleDefinitionId = `${group.split("/resourceGroups/")[0]}${definitions}/${CONTRIBUTOR}`;
  const id = `${group}/providers/Microsoft.Authorization/roleAssignments/aaaaaaaa-bbbb-4ccc-8ddd-ffffffffffff`;
  const properties = { roleDefinitionId, principalId, principalType: "ServicePrincipal" };
  await stage.asOperator("PUT", id, "2022-04-01", { properties });
}

/** Those of the tags whose names begin so. */
function withOnly(tags: Tags, ...begins: string[]): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([name]) => begins.some((begin) => name.startsWith(begin))));
}
