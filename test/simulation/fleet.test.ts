import { beforeAll, describe, expect, it } from "vitest";
import { builderIdentity } from "../../local/landscape.ts";
import type { Receipt } from "../../src/domain/receipt.ts";
import { type Fleet, type FleetBuild, simulateFleet } from "../support/simulation/fleet.ts";
import { brokenFleetInvariants } from "../support/simulation/fleetInvariants.ts";
import { warmUp } from "../support/simulation/simulation.ts";
import { fleetTimelineOf } from "../support/simulation/timeline.ts";

beforeAll(warmUp, 60_000);

/** An image version that a build has made. */
const versionOf = (tag: string) => ({
  id: "/x/versions/1",
  type: "x/images/versions",
  tags: { "goldsmith-build": tag },
});

describe("a fleet of twenty images on three networks and two galleries, a tenth of Azure's answers faulty", () => {
  it("keeps its promises in each of five worlds", async () => {
    const ended = new Set<string>();
    for (const seed of [1, 2, 3, 4, 5]) {
      const fleet = await simulateFleet(seed);
      expect(brokenFleetInvariants(fleet), `seed ${seed}`).toEqual([]);
      for (const build of fleet.builds) ended.add(`${build.ended?.how ?? "left alone"} ${build.receipt?.outcome.kind}`);
    }
    // What the worlds are made for has happened in them.
    expect([...ended]).toEqual(
      expect.arrayContaining(["left alone built", "cancelled cancelled", "terminated failed", "cancelled built"]),
    );
  });

  it("goes the same way twice from the same seed, event for event", async () => {
    expect(fleetTimelineOf(await simulateFleet(6))).toBe(fleetTimelineOf(await simulateFleet(6)));
  });

  describe("is seen to break a promise", () => {
    let fleet: Fleet;
    let built: FleetBuild & { receipt: Receipt };
    beforeAll(async () => {
      fleet = await simulateFleet(7);
      expect(brokenFleetInvariants(fleet)).toEqual([]);
      built = fleet.builds.find(({ receipt }) => receipt?.outcome.kind === "built") as typeof built;
    }, 120_000);

    const broken = (changes: Partial<Fleet>) => brokenFleetInvariants({ ...fleet, ...changes });
    const telling = (changes: Partial<Receipt>) =>
      broken({
        builds: fleet.builds.map((one) =>
          one.id === built.id ? { ...one, receipt: { ...built.receipt, ...changes } } : one,
        ),
      });
    /** The same fleet in a cloud that tells of itself something else. */
    const inCloud = (changes: Partial<Record<"state" | "requests", object>>) => {
      const { state, requests } = fleet.world.cloud;
      const cloud = {
        ...fleet.world.cloud,
        state: () => ({ ...state(), ...changes.state }),
        requests: () => ({ ...requests(), ...changes.requests }),
      };
      return broken({ world: { ...fleet.world, cloud } });
    };
    const state = () => fleet.world.cloud.state();
    const requests = () => fleet.world.cloud.requests().requests;

    it("by what is left", () => {
      const grant = { id: "/grants/one", properties: { principalId: builderIdentity.principalId } };
      expect(inCloud({ state: { roleAssignments: [...state().roleAssignments, grant] } })).toEqual([
        "G: the grant /grants/one is left",
      ]);
      const template = { id: "/templates/one", type: "Microsoft.VirtualMachineImages/imageTemplates" };
      expect(inCloud({ state: { resources: [...state().resources, template] } })).toEqual([
        "O: the template /templates/one is left",
      ]);
      expect(inCloud({ state: { resourceGroups: [...state().resourceGroups, { name: "rg-left" }] } })).toEqual([
        "O: the group rg-left is left",
      ]);
      const others = state().roleAssignments.slice(1);
      expect(inCloud({ state: { roleAssignments: others } })).toEqual([
        `O: ${others.length} standing role assignments are left`,
      ]);
    });

    it("by image versions that its receipt does not tell of, or tells of and are not", () => {
      const two = [...state().resources, versionOf(built.id)];
      expect(inCloud({ state: { resources: two } })).toEqual([`T: ${built.id} is built, with 2 image versions`]);
      expect(telling({ outcome: { kind: "refused", findings: [] } })).toEqual([
        `T: ${built.id} hides an image version`,
      ]);
      const outcome = { kind: "built" as const, imageVersions: ["/another"], runSeconds: 1 };
      expect(telling({ outcome })).toEqual([`T: ${built.id} tells of another version`]);
    });

    it("by what its receipt says of log, leftovers and grants, or where there is none", () => {
      const without = fleet.builds.map((one) => (one.id === built.id ? { ...one, receipt: undefined } : one));
      expect(broken({ builds: without })).toEqual([`T: ${built.id} has no receipt`]);
      expect(telling({ log: { kind: "none" } })).toEqual([`L: ${built.id} is built, with no word of its log`]);
      const files = [{ name: "other.log", url: "", bytes: 1, sha256: "" }];
      expect(telling({ log: { kind: "archived", files } })).toEqual([`L: ${built.id} has not kept other.log`]);
      expect(telling({ cleanUp: { kind: "leftovers", leftovers: [] } })).toEqual([
        `T: ${built.id} lists leftovers, and nothing is left`,
      ]);
      const [grant] = built.receipt.grants.filter(({ grantedAt }) => grantedAt);
      const { releasedAt: _, ...held } = grant ?? ({} as never);
      const [, other] = built.receipt.grants;
      expect(telling({ grants: other ? [held, other] : [held] })).toEqual([
        `T: ${built.id} says of its ${held.role} neither that it was let go nor that it is left`,
      ]);
      expect(telling({ grants: [] })).toEqual([
        expect.stringMatching(/^T: .*roleassignments.*, and does not say so$/),
        expect.stringMatching(/^T: .*roleassignments.*, and does not say so$/),
      ]);
    });

    it("by runs that are asked for twice", () => {
      const isRun = ({ method, path }: { method: string; path: string }) =>
        method === "POST" && path.includes(`/${built.id}-a`) && path.includes("/run?");
      const run = requests().find((request) => isRun(request) && !request.notExecuted);
      const again = (more: object) => inCloud({ requests: { requests: [...requests(), { ...run, ...more }] } });
      expect(again({})).toEqual([`R: ${built.id} asked twice for a run of one template`, `R: ${built.id} had 2 runs`]);
      const elsewhere = { path: run?.path.replace(/-a\d+/, "-a9") };
      expect(again(elsewhere)).toEqual([`R: ${built.id} had 2 runs`]);
      expect(again({ ...elsewhere, notExecuted: true })).toEqual([]);
    });

    it("by a grant that somebody takes away from it", () => {
      const [grant] = built.receipt.grants.filter(({ grantedAt, releasedAt }) => grantedAt && releasedAt);
      const time = new Date(Date.parse(grant?.grantedAt ?? "") + 60_000).toISOString();
      const deletion = { kind: "arm", method: "DELETE", path: `/roleAssignments/${grant?.name}`, status: 200, time };
      expect(inCloud({ requests: { requests: [...requests(), deletion] } })).toContainEqual(
        expect.stringContaining(`of ${built.id} was taken away at ${time}`),
      );
    });

    it("by a history that is too long", () => {
      expect(broken({ longest: { events: 301, bytes: 1 } })).toEqual(["a history of 301 events and 1 bytes"]);
    });
  });
});
