import { afterEach, describe, expect, it } from "vitest";
import { builderIdentity, landscape, landscapeSettings } from "../../local/landscape.ts";
import type { SweepReport } from "../../src/domain/sweepReport.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

let stack: TestStack;
afterEach(() => stack.stop());

const SWEEPING = { "AzureWebJobs.sweepTimer.Disabled": "false", GOLDSMITH_SWEEP_GRACE_MINUTES: "5" };

/** An operator ends the build's instance, of which the build itself knows nothing. */
async function terminate(id: string): Promise<void> {
  const answer = await stack.request(`/runtime/webhooks/durabletask/instances/${id}/terminate?reason=test`, {
    method: "POST",
  });
  expect(answer.status).toBe(202);
}

async function sweep(query = ""): Promise<SweepReport> {
  const asked = await stack.request(`/api/sweep${query}`, { method: "POST" });
  expect(asked.status).toBe(202);
  for (;;) {
    const answer = (await (await stack.request(asked.headers.get("location") ?? "")).json()) as {
      state: string;
      report: SweepReport;
    };
    if (answer.state === "done") return answer.report;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 200));
}

describe("the sweeper", () => {
  it("finishes what a terminated build has left: run, log, template, grants, turn and receipt", async () => {
    stack = await TestStack.start({ env: SWEEPING });
    const id = await stack.startBuild();
    await stack.until(id, ({ phase }) => phase?.startsWith("running: customizing") ?? false);
    await terminate(id);
    expect(await stack.traces()).toMatchObject({ grants: 2, templates: 1 });

    await until(async () => (await stack.readBuild(id)).receipt !== undefined);
    const { receipt } = await stack.readBuild(id);
    expect(receipt).toMatchObject({
      outcome: { kind: "failed", failure: { code: "build-lost" } },
      cleanUp: { kind: "clean" },
      log: { kind: "archived" },
    });
    // The run may have ended before it was cancelled; its image must not be hidden.
    const versions = receipt?.outcome.kind === "failed" ? (receipt.outcome.imageVersions ?? []).length : Number.NaN;
    expect(await stack.traces()).toEqual({ ...NOTHING, versions });
    expect(await stack.archivedText(`builds/aks-jumpbox/${id}/customization.log`)).toContain("PACKER OUT");

    // The turn is free again.
    expect((await stack.receiptOf(await stack.startBuild())).outcome.kind).toBe("built");
  });

  it("leaves a live build alone, and tells in a dry run what it would do without doing it", async () => {
    stack = await TestStack.start({ env: { GOLDSMITH_SWEEP_GRACE_MINUTES: "0" } });
    const id = await stack.startBuild();
    await stack.until(id, ({ phase }) => phase?.startsWith("running: ") ?? false);
    expect(await sweep()).toMatchObject({ done: [], marks: {}, foreign: [] });

    await terminate(id);
    const { grants, templates, otherGroups } = await stack.traces();
    const { dryRun, done } = await sweep("?dryRun=true");
    expect(dryRun).toBe(true);
    // Image creation; network join is needed until the template and its staging group are gone.
    expect(done.map(({ what, result }) => `${what}: ${result}`).toSorted()).toEqual([
      "give turn back: would be done",
      "release grant: would be done",
      "remove template: would be done",
    ]);
    expect(done.flatMap(({ builds }) => builds ?? [])).toEqual([id, id]);
    // Its run goes on meanwhile, and may end.
    expect(await stack.traces()).toMatchObject({ grants, templates, otherGroups });
    expect((await stack.request("/api/sweep?dryRun=perhaps", { method: "POST" })).status).toBe(400);
  });

  it("lists somebody else's grants and templates that look like ours, and touches none", async () => {
    stack = await TestStack.start({ env: { GOLDSMITH_SWEEP_GRACE_MINUTES: "0" } });
    const { subscriptionId } = landscape;
    const scope = `/subscriptions/${subscriptionId}/resourceGroups/rg-images`;
    const assignment = `${scope}/providers/Microsoft.Authorization/roleAssignments/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee`;
    const role = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE}`;
    const { principalId } = builderIdentity;
    await stack.asOperator("PUT", `${assignment}?api-version=2022-04-01`, {
      properties: {
        roleDefinitionId: role,
        principalId,
        principalType: "ServicePrincipal",
        description: "Goldsmith local, until 2020-01-01T00:00:00.000Z",
      },
    });
    const report = await sweep();
    expect(report).toMatchObject({ done: [], foreign: [assignment] });
    expect(await stack.traces()).toMatchObject({ grants: 1 });

    // And a build does not use it either.
    const receipt = await stack.receiptOf(await stack.startBuild());
    expect(receipt).toMatchObject({
      outcome: {
        kind: "refused",
        findings: [expect.objectContaining({ code: "builder-standing-grant", resource: assignment })],
      },
      cleanUp: { kind: "clean" },
    });
    expect(await stack.traces()).toMatchObject({ grants: 1, templates: 0 });
  });
});
