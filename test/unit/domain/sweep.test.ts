import { describe, expect, it } from "vitest";
import { roleAssignmentId } from "../../../src/domain/grant.ts";
import type { RoleAssignment } from "../../../src/domain/roleAssignment.ts";
import type { Observation } from "../../../src/domain/observation.ts";
import { planSweep } from "../../../src/domain/sweep.ts";
import { overdueActs } from "../../../src/domain/sweepAct.ts";
import type { Marks } from "../../../src/domain/sweepMarks.ts";
import { grantOf, samplePlan } from "../../support/plan.ts";

const OURSELVES = "99999999-3333-4444-8555-666666666666";
const NOW = "2026-01-15T12:00:00.000Z";
const EARLIER = "2026-01-15T11:00:00.000Z";
const LATER = "2026-01-15T13:00:00.000Z";
const BUILD = "aks-jumpbox-20260115-100000-aaaa";

const plan = samplePlan();
const grant = grantOf(plan, "network join");
const attempt = plan.attempts[0] as (typeof plan.attempts)[number];

const assignment = (changes: Partial<RoleAssignment> = {}): RoleAssignment => ({
  id: roleAssignmentId(grant),
  name: grant.name,
  scope: grant.scope,
  principalId: grant.principalId,
  roleDefinitionId: grant.roleDefinitionId,
  createdBy: OURSELVES,
  ...changes,
});

const lease = (holders: { buildId: string; until: string }[], state: "absent" | "present" = "present") => ({
  installationId: "test",
  grant,
  holders,
  assignment: state,
});

const seen = (changes: Partial<Observation> = {}): Observation => ({
  now: NOW,
  leases: [],
  assignments: [],
  templates: [],
  stagingGroups: [],
  images: [],
  queued: [],
  open: [],
  live: [],
  asking: [],
  unseen: [],
  ...changes,
});

const holder = { buildId: BUILD, until: LATER };
const release = (ends: object[]) => ({ kind: "release grant", id: roleAssignmentId(grant), grant, ends, seen: true });

const decide = (observation: Observation, since = {}, tries: Marks["tries"] = {}) =>
  planSweep(observation, { since, tries }, { graceMinutes: 30, servicePrincipals: [OURSELVES] });
/** The dead build is marked since then, and so is what is named. */
const dead = (since = EARLIER, ...ids: string[]) =>
  Object.fromEntries([`build ${BUILD}`, ...ids].map((key) => [key, since]));

const closings = (observation: Observation, since?: string) =>
  decide(observation, dead(since)).acts.filter(({ kind }) => kind === "close build");

describe("overdueActs", () => {
  it("ends a grant beyond its time, whoever holds it, and nobody's that has time left", () => {
    const late = { buildId: BUILD, until: EARLIER };
    const inTime = { buildId: "aks-jumpbox-20260115-110000-bbbb", until: LATER };
    expect(overdueActs([lease([late, inTime])], NOW)).toEqual([{ ...release([late]), seen: false }]);
    expect(overdueActs([lease([inTime])], NOW)).toEqual([]);
  });

  it("takes hundreds off one lease in acts of a bounded size", () => {
    const many = Array.from({ length: 300 }, (_, index) => ({ buildId: `build-${index}`, until: EARLIER }));
    const acts = overdueActs([lease(many)], NOW);
    expect(acts.flatMap((act) => (act.kind === "release grant" ? act.ends : []))).toEqual(many);
    expect(Math.max(...acts.map((act) => JSON.stringify(act).length))).toBeLessThan(4096);
  });
});

describe("planSweep", () => {
  it("does nothing to a grant that a live build holds in its time", () => {
    const observation = seen({ leases: [lease([holder])], assignments: [assignment()], live: [BUILD] });
    const nothing = { acts: [], marks: { since: {}, tries: {} }, orphans: [], foreign: [], unseen: [], stuck: [] };
    expect(decide(observation)).toEqual({ now: NOW, ...nothing });
  });

  it("marks a dead build first, and ends its grant after the grace period", () => {
    const observation = seen({ leases: [lease([holder])], assignments: [assignment()] });
    const first = decide(observation);
    expect(first.acts).toEqual([]);
    const later = decide({ ...observation, now: "2026-01-15T12:30:00.000Z" }, first.marks.since);
    expect(later.acts).toEqual([release([holder])]);
  });

  it("ends at once what a dead build takes again after its grace period", () => {
    const first = decide(seen({ open: [BUILD] }), dead());
    expect(decide(seen({ leases: [lease([holder])], assignments: [assignment()] }), first.marks.since).acts).toEqual([
      release([holder]),
    ]);
  });

  it("forgets a mark whose cause has gone", () => {
    const observation = seen({ leases: [lease([holder])], live: [BUILD] });
    expect(decide(observation, dead()).marks.since).toEqual({});
  });

  it("ends a grant that nobody holds, also one that came back after it was read back as gone", () => {
    const observation = seen({ leases: [lease([], "absent")], assignments: [assignment()] });
    expect(decide(observation, { [grant.name]: EARLIER }).acts).toEqual([release([])]);
  });

  it.each([
    ["made by somebody else", { createdBy: "11111111-3333-4444-8555-666666666666" }],
    ["of an unknown maker", { createdBy: undefined as never }],
    ["of another name", { name: "11111111-2222-5333-8444-555555555555", id: "/other" }],
    ["on another scope", { scope: `${grant.scope}2`, id: "/other" }],
  ])("only lists an assignment that is %s", (_, changes) => {
    const foreign = assignment(changes);
    const observation = seen({ leases: [lease([], "absent")], assignments: [foreign] });
    const decided = decide(observation, { [grant.name]: EARLIER });
    expect(decided).toMatchObject({ acts: [], foreign: [foreign.id] });
  });

  it("only lists an assignment of our name and maker that the ledger does not know", () => {
    expect(decide(seen({ assignments: [assignment()] }))).toMatchObject({ acts: [], foreign: [assignment().id] });
  });

  const ours = { id: "/templates/ours", buildId: BUILD, attempt };
  const group = { id: attempt.stagingResourceGroup, buildId: BUILD, attempt };

  it("deletes the template of a dead build after the grace period, and only lists a lookalike", () => {
    const templates = [ours, { id: "/templates/lookalike", buildId: BUILD }];
    expect(decide(seen({ templates })).acts).toEqual([]);
    expect(decide(seen({ templates }), dead())).toMatchObject({
      acts: [{ kind: "remove template", id: "/templates/ours", buildId: BUILD, attempt, hasTime: true }],
      foreign: ["/templates/lookalike"],
    });
    expect(decide(seen({ templates, live: [BUILD] }), dead()).acts).toEqual([]);
  });

  const image = { id: "/images/ours", vhd: "https://account.blob.core.windows.net/vhds/x.vhd" };
  const imported = { id: image.id, buildId: BUILD, image };

  it("deletes the imported image of a dead build once its template is gone, and only lists a lookalike", () => {
    const images = [imported, { id: "/images/lookalike", buildId: BUILD }];
    expect(decide(seen({ images })).acts).toEqual([]);
    expect(decide(seen({ images, live: [BUILD] }), dead()).acts).toEqual([]);
    expect(decide(seen({ images, templates: [ours] }), dead()).acts).toMatchObject([{ kind: "remove template" }]);
    expect(decide(seen({ images }), dead())).toMatchObject({
      acts: [{ kind: "remove image", id: image.id, buildId: BUILD, image }],
      foreign: ["/images/lookalike"],
    });
  });

  it("closes no dead build while its image is there or could not be looked for, and lists it when it gives up", () => {
    const unseen = [{ what: "images" as const, id: "rg-templates", error: "no" }];
    expect(closings(seen({ open: [BUILD] }))).toHaveLength(1);
    expect(closings(seen({ open: [BUILD], images: [imported] }))).toEqual([]);
    expect(closings(seen({ open: [BUILD], unseen }))).toEqual([]);
    expect(closings(seen({ open: [BUILD], images: [imported] }), "2026-01-13T00:00:00.000Z")).toMatchObject([
      { leftovers: [{ id: image.id, command: `az resource delete --ids ${image.id}` }] },
    ]);
  });

  it("reports an orphaned staging group with the command, and one that goes with its template not", () => {
    const marks = dead(EARLIER, group.id);
    expect(decide(seen({ stagingGroups: [group] }), marks).orphans).toEqual([
      expect.objectContaining({ command: expect.stringMatching(/^az group delete .*-staging --yes$/) }),
    ]);
    expect(decide(seen({ stagingGroups: [group], templates: [ours] }), marks).orphans).toEqual([]);
  });

  it("takes a dead build's turn after the grace period", () => {
    expect(decide(seen({ queued: [BUILD] })).acts).toEqual([]);
    expect(decide(seen({ queued: [BUILD] }), dead()).acts).toEqual([{ kind: "give turn back", id: BUILD }]);
    expect(decide(seen({ queued: [BUILD], live: [BUILD] }), dead()).acts).toEqual([]);
  });

  it("first stops what goes on asking on behalf of a dead build", () => {
    const asking = [{ buildId: BUILD, instanceId: `${BUILD}-turn` }];
    expect(decide(seen({ queued: [BUILD], asking }), dead()).acts).toEqual([
      { kind: "stop asking", id: `${BUILD}-turn` },
      { kind: "give turn back", id: BUILD },
    ]);
    expect(decide(seen({ queued: [BUILD], asking })).acts).toEqual([]);
  });

  it("closes a dead build after the grace period, once nothing of it is left that can be removed", () => {
    const close = { kind: "close build", id: BUILD, leftovers: [] };
    const open = [BUILD];
    const acts = (more: Partial<Observation>) => decide(seen({ open, ...more }), dead()).acts.map(({ kind }) => kind);
    expect(decide(seen({ open })).acts).toEqual([]);
    expect(decide(seen({ open }), dead()).acts).toEqual([close]);
    expect(acts({ live: [BUILD] })).toEqual([]);
    expect(acts({ templates: [ours] })).toEqual(["remove template"]);
    expect(acts({ queued: [BUILD] })).toEqual(["give turn back"]);
    expect(acts({ leases: [lease([holder])] })).toEqual(["release grant"]);
    expect(acts({ asking: [{ buildId: BUILD, instanceId: `${BUILD}-turn` }] })).toEqual(["stop asking"]);
  });

  it("closes one whose staging group only a person may remove with that as its leftover, and not before it is sure", () => {
    const observation = seen({ open: [BUILD], stagingGroups: [group] });
    const first = decide(observation, dead());
    expect(first.acts).toEqual([]);
    const later = decide({ ...observation, now: "2026-01-15T12:30:00.000Z" }, first.marks.since);
    expect(later.acts).toEqual([
      { kind: "close build", id: BUILD, leftovers: [expect.objectContaining({ id: group.id })] },
    ]);
  });

  it("asks for a log and an image that Azure does not tell for some hours, and then does without", () => {
    const early = decide(seen({ templates: [ours] }), dead());
    const late = decide(seen({ templates: [ours] }), dead("2026-01-15T05:00:00.000Z"));
    expect([early, late].map(({ acts }) => acts[0])).toMatchObject([{ hasTime: true }, { hasTime: false }]);
  });

  it("closes a build after two days without a command for a grant that another build holds as well", () => {
    const other = { ...holder, buildId: "night-two-20260115-000000-bbbb" };
    const observation = seen({ open: [BUILD], live: [other.buildId], leases: [lease([holder, other])] });
    const closed = decide(observation, dead("2026-01-13T12:00:00.000Z")).acts.at(-1);
    const { leftovers = [] } = closed?.kind === "close build" ? closed : {};
    expect(leftovers).toEqual([
      { id: roleAssignmentId(grant), why: expect.stringContaining("Other builds may hold it") },
    ]);
  });

  it("closes a build after two days with all that is still there, and what Azure said to it last", () => {
    const observation = seen({
      open: [BUILD],
      templates: [ours],
      stagingGroups: [group],
      leases: [lease([holder])],
    });
    const tries = { "remove template /templates/ours": { sweeps: 200, last: "failed: ScopeLocked" } };
    const closed = decide(observation, dead("2026-01-13T12:00:00.000Z"), tries).acts.at(-1);
    expect(closed).toMatchObject({
      kind: "close build",
      leftovers: [
        { id: roleAssignmentId(grant), command: expect.stringContaining("az role assignment delete --ids /sub") },
        {
          id: "/templates/ours",
          why: expect.stringContaining("ScopeLocked"),
          command: "az resource delete --ids /templates/ours",
        },
        { id: group.id, command: expect.stringContaining("az group delete") },
      ],
    });
  });

  it("counts the sweeps in which something was due, and tells of what stays", () => {
    const observation = seen({ templates: [ours] });
    let { marks, stuck } = decide(observation, dead());
    for (let sweep = 0; sweep < 2; sweep++) {
      expect(stuck).toEqual([]);
      ({ marks, stuck } = decide(observation, marks.since, marks.tries));
    }
    expect(stuck).toEqual([]);
    ({ stuck } = decide(observation, marks.since, marks.tries));
    expect(stuck).toEqual([{ what: "remove template", id: "/templates/ours", sweeps: 3 }]);
    expect(decide(seen(), marks.since, marks.tries).marks).toEqual({ since: {}, tries: {} });
  });

  it("counts grants beyond their time as well, which it does not end itself", () => {
    const late = { buildId: BUILD, until: EARLIER };
    const observation = seen({ leases: [lease([late])], assignments: [assignment()], live: [BUILD] });
    const { acts, marks } = decide(observation);
    expect(acts).toEqual([]);
    const tried = Object.fromEntries(Object.keys(marks.tries).map((key) => [key, { sweeps: 3, last: "failed" }]));
    expect(decide(observation, {}, tried).stuck).toMatchObject([{ what: "release grant", sweeps: 3, last: "failed" }]);
  });
});

describe("planSweep, of what could not be looked at", () => {
  const ours = { id: "/templates/ours", buildId: BUILD, attempt };
  const group = { id: attempt.stagingResourceGroup, buildId: BUILD, attempt };
  const error = "AuthorizationFailed: no";

  it("ends no grant on that scope, and all else", () => {
    const observation = seen({
      leases: [{ ...lease([holder]), grant: { ...grant, role: "image creation" } }],
      templates: [ours],
      unseen: [{ what: "assignments", id: grant.scope.toUpperCase(), error }],
    });
    expect(decide(observation, dead()).acts.map(({ kind }) => kind)).toEqual(["remove template"]);
    expect(
      decide({ ...observation, unseen: [{ what: "assignments", id: "/other", error }] }, dead()).acts,
    ).toHaveLength(2);
  });

  it.each(["templates", "staging groups"] as const)(
    "closes no build while the %s are unknown, and keeps the marks",
    (what) => {
      const unseen = [{ what, id: "x", error }];
      const { acts, marks, orphans } = decide(seen({ open: [BUILD], unseen }), dead(EARLIER, group.id));
      expect([acts, orphans]).toEqual([[], []]);
      expect(marks.since).toEqual(dead(EARLIER, group.id));
    },
  );

  it("takes no group for orphaned whose template may be there", () => {
    const observation = seen({ stagingGroups: [group], unseen: [{ what: "templates", id: "x", error }] });
    expect(decide(observation, dead(EARLIER, group.id)).orphans).toEqual([]);
  });

  it("takes nobody for dead of whom nobody could tell, and does not begin the grace anew", () => {
    const unseen = [{ what: "instance" as const, id: BUILD, error }];
    const { acts, marks } = decide(seen({ open: [BUILD], live: [BUILD], unseen }), dead());
    expect(acts).toEqual([]);
    expect(marks.since).toEqual(dead());
  });
});
