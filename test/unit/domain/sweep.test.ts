import { describe, expect, it } from "vitest";
import { roleAssignmentId } from "../../../src/domain/grant.ts";
import type { RoleAssignment } from "../../../src/domain/roleAssignment.ts";
import { type Observation, planSweep } from "../../../src/domain/sweep.ts";
import { samplePlan } from "../../support/plan.ts";

const OURSELVES = "99999999-3333-4444-8555-666666666666";
const NOW = "2026-01-15T12:00:00.000Z";
const EARLIER = "2026-01-15T11:00:00.000Z";
const LATER = "2026-01-15T13:00:00.000Z";
const BUILD = "aks-jumpbox-20260115-100000-aaaa";

const plan = samplePlan();
const grant = plan.grants.networkJoin;
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
  queued: [],
  open: [],
  live: [],
  ...changes,
});

const release = (dead: string[]) => ({ kind: "release grant", id: roleAssignmentId(grant), grant, dead, seen: true });

const decide = (observation: Observation, marks = {}) =>
  planSweep(observation, marks, { graceMinutes: 30, servicePrincipals: [OURSELVES] });

describe("planSweep", () => {
  it("does nothing to a grant that a live build holds in its time", () => {
    const observation = seen({
      leases: [lease([{ buildId: BUILD, until: LATER }])],
      assignments: [assignment()],
      live: [BUILD],
    });
    expect(decide(observation)).toEqual({ now: NOW, acts: [], marks: {}, orphans: [], foreign: [] });
  });

  it("ends a grant beyond its time at once, although its build lives", () => {
    const observation = seen({
      leases: [lease([{ buildId: BUILD, until: EARLIER }])],
      assignments: [assignment()],
      live: [BUILD],
    });
    expect(decide(observation).acts).toEqual([release([])]);
  });

  it("marks a grant of a dead build first, and ends it after the grace period", () => {
    const observation = seen({ leases: [lease([{ buildId: BUILD, until: LATER }])], assignments: [assignment()] });
    const first = decide(observation);
    expect(first.acts).toEqual([]);
    const later = decide({ ...observation, now: "2026-01-15T12:30:00.000Z" }, first.marks);
    expect(later.acts).toEqual([release([BUILD])]);
  });

  it("forgets a mark whose cause has gone", () => {
    const observation = seen({ leases: [lease([{ buildId: BUILD, until: LATER }])], live: [BUILD] });
    expect(decide(observation, { [`${grant.name} ${BUILD}`]: EARLIER }).marks).toEqual({});
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

  it("deletes the template of a dead build after the grace period, and only lists a lookalike", () => {
    const templates = [
      { id: "/templates/ours", buildId: BUILD, attempt },
      { id: "/templates/lookalike", buildId: BUILD },
    ];
    expect(decide(seen({ templates })).acts).toEqual([]);
    const decided = decide(seen({ templates }), { "/templates/ours": EARLIER, "/templates/lookalike": EARLIER });
    expect(decided).toMatchObject({
      acts: [{ kind: "remove template", id: "/templates/ours", buildId: BUILD, attempt, hasTime: true }],
      foreign: ["/templates/lookalike"],
    });
    expect(decide(seen({ templates, live: [BUILD] }), { "/templates/ours": EARLIER }).acts).toEqual([]);
  });

  it("reports an orphaned staging group with the command, and one that goes with its template not", () => {
    const stagingGroups = [{ id: attempt.stagingResourceGroup, buildId: BUILD, attempt }];
    const marks = { [attempt.stagingResourceGroup]: EARLIER };
    expect(decide(seen({ stagingGroups }), marks).orphans).toEqual([
      expect.objectContaining({ command: expect.stringMatching(/^az group delete .*-staging --yes$/) }),
    ]);
    const templates = [{ id: "/templates/ours", buildId: BUILD, attempt }];
    expect(decide(seen({ stagingGroups, templates }), marks).orphans).toEqual([]);
  });

  it("takes a dead build's turn after the grace period", () => {
    expect(decide(seen({ queued: [BUILD] })).acts).toEqual([]);
    expect(decide(seen({ queued: [BUILD] }), { [`turn ${BUILD}`]: EARLIER }).acts).toEqual([
      { kind: "give turn back", id: BUILD },
    ]);
    expect(decide(seen({ queued: [BUILD], live: [BUILD] }), { [`turn ${BUILD}`]: EARLIER }).acts).toEqual([]);
  });

  it("closes a dead build after the grace period, once nothing of it is left that can be removed", () => {
    const marks = { [`build ${BUILD}`]: EARLIER };
    const close = { kind: "close build", id: BUILD, leftovers: [] };
    expect(decide(seen({ open: [BUILD] })).acts).toEqual([]);
    expect(decide(seen({ open: [BUILD] }), marks).acts).toEqual([close]);
    expect(decide(seen({ open: [BUILD], live: [BUILD] }), marks).acts).toEqual([]);

    const templates = [{ id: "/templates/ours", buildId: BUILD, attempt }];
    expect(decide(seen({ open: [BUILD], templates }), marks).acts).toEqual([]);
    expect(decide(seen({ open: [BUILD], queued: [BUILD] }), marks).acts).toEqual([]);
    const leases = [lease([{ buildId: BUILD, until: LATER }])];
    expect(decide(seen({ open: [BUILD], leases }), marks).acts).toEqual([]);
  });

  it("closes one whose staging group only a person may remove with that as its leftover", () => {
    const stagingGroups = [{ id: attempt.stagingResourceGroup, buildId: BUILD, attempt }];
    const marks = { [`build ${BUILD}`]: EARLIER, [attempt.stagingResourceGroup]: EARLIER };
    expect(decide(seen({ open: [BUILD], stagingGroups }), marks).acts).toEqual([
      { kind: "close build", id: BUILD, leftovers: [expect.objectContaining({ id: attempt.stagingResourceGroup })] },
    ]);
  });

  it("asks for a log and an image that Azure does not tell for some hours, and then does without", () => {
    const templates = [{ id: "/templates/ours", buildId: BUILD, attempt }];
    const early = decide(seen({ templates }), { "/templates/ours": EARLIER });
    const late = decide(seen({ templates }), { "/templates/ours": "2026-01-15T05:00:00.000Z" });
    expect([early, late].map(({ acts }) => acts[0])).toMatchObject([{ hasTime: true }, { hasTime: false }]);
  });
});
