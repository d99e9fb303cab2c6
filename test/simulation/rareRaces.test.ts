import { beforeAll, describe, expect, it } from "vitest";
import { archiveNames } from "../../src/domain/archiveNames.ts";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import { ownOf } from "../support/faults/ours.ts";
import { HOUR, MINUTE, onStage } from "../support/faults/stage.ts";
import { MOMENTS, PATHS } from "../support/faults/strikes.ts";
import { terminate, until } from "../support/faults/sweeping.ts";
import { warmUp } from "../support/simulation/simulation.ts";
import type { World } from "../support/simulation/world.ts";

beforeAll(warmUp, 120_000);

/** A cloud that gets the request to run only when it is asked to delete the template. */
function withLateRun(world: World): World {
  let held: Parameters<World["cloud"]["answer"]>[0] | undefined;
  let isSent = false;
  const answer: World["cloud"]["answer"] = async (call) => {
    const { pathname } = call.url;
    if (!held && call.method === "POST" && pathname.endsWith("/run")) {
      held = call;
      return { status: 503, headers: {}, body: "" };
    }
    if (held && !isSent && call.method === "DELETE" && pathname.includes("/imageTemplates/")) {
      isSent = true;
      await world.cloud.answer(held);
    }
    return world.cloud.answer(call);
  };
  return { ...world, cloud: { ...world.cloud, answer } };
}

describe("a build", () => {
  it("ends a run that begins as its template is being deleted, tells of its log, and begins no other", async () => {
    const evidence = await onStage({ wrapWorld: withLateRun }, (stage) => stage.ask());
    expect(brokenPromises(evidence)).toEqual([]);
    expect(evidence.builds[0]?.receipt).toMatchObject({
      outcome: { kind: "failed", failure: { code: "run-late" } },
      cleanUp: { kind: "clean" },
    });
    // Ended as it began, it may not have written any.
    expect(evidence.builds[0]?.receipt?.log.kind).not.toBe("none");
  });

  it("takes no assignment for its own that somebody else makes under its name just before it does", async () => {
    let id = "";
    const evidence = await onStage({}, (stage) =>
      stage.when(MOMENTS["granting image creation"], {
        async before() {
          const own = ownOf(stage.first()).grants.find(({ role }) => role === "image creation");
          if (!own) throw new Error("The build has no such grant.");
          const { principalId, roleDefinitionId } = own;
          id = own.id;
          const properties = { roleDefinitionId, principalId, principalType: "ServicePrincipal" };
          await stage.asOperator("PUT", id, "2022-04-01", { properties });
        },
      }),
    );
    expect(evidence.builds[0]?.receipt).toMatchObject({
      outcome: { kind: "failed", failure: { code: "standing-grant" } },
      cleanUp: { kind: "clean" },
    });
    expect(JSON.stringify(evidence.after.roleAssignments).toLowerCase()).toContain(id);
  });

  it("that was terminated makes no template any more once it is closed", async () => {
    const evidence = await onStage({}, async (stage) => {
      const headers = { "Retry-After": "9000" };
      stage.fault({ method: "PUT", path: PATHS.template, status: 429, code: "TooManyRequests", headers, count: 1 });
      const id = await stage.ask();
      await stage.sleep(5 * MINUTE);
      await terminate(stage, id);
      await stage.sleep(5 * HOUR);
    });
    const puts = evidence.answers.filter(({ method, path }) => method === "PUT" && path.includes("/imageTemplates/"));
    expect(puts.map(({ status }) => status)).toEqual([429]);
    expect(brokenPromises(evidence)).toEqual([]);
  });

  it("is cancelled, with its reason, though its instances cannot be woken for two minutes", async () => {
    const deaf: { until: number; clock?: { now(): number } } = { until: 0 };
    const evidence = await onStage(
      {
        wrapFunctions: (functions) => ({
          ...functions,
          callActivity: async (activity) =>
            activity.name === "wake" && (deaf.clock?.now() ?? 0) < deaf.until
              ? { Result: JSON.stringify({ kind: "passing", message: "out of reach" }) }
              : functions.callActivity(activity),
        }),
      },
      async (stage) => {
        await stage.ask();
        await stage.sleep(10 * MINUTE);
        const { clock } = stage.host;
        Object.assign(deaf, { clock, until: clock.now() + 2 * MINUTE * 1000 });
        await stage.cancel();
      },
    );
    expect(evidence.builds[0]?.receipt?.outcome.kind).toBe("cancelled");
    expect(brokenPromises(evidence)).toEqual([]);
  });

  it("is soon in no ledger any more, though the archive was out as it let go", async () => {
    await onStage({}, async (stage) => {
      const { archive } = stage.world;
      const one = await stage.ask("night-one");
      await stage.sleep(10 * MINUTE);
      stage.fault({ scenario: "run-hangs" });
      const two = await stage.ask("night-two");
      stage.when({ method: "GET", path: /-staging$/ }, { before: () => stage.storageDown(100) });
      await stage.ended(one);
      const names = archive.names("archive").filter((name) => name.startsWith(archiveNames.leases));
      expect(names).not.toEqual([]);
      const isNamed = () => names.some((name) => archive.text("archive", name)?.includes(one));
      await until(stage, 120, () => !isNamed());
      expect(isNamed()).toBe(false);
      await stage.post(`/api/builds/${two}/cancel`);
    });
  });
});
