import { expect, it } from "vitest";
import { isAccountedFor, type Lease } from "../../../src/domain/lease.ts";
import { planOf } from "../../support/ground.ts";
import { grantOf } from "../../support/plan.ts";

const NOW = new Date("2026-11-21T04:00:00Z");
const [past, later] = ["2026-11-21T03:30:00.000Z", "2026-11-21T05:00:00.000Z"];
const lease = (changes: Partial<Lease>): Lease => ({
  grant: grantOf(planOf(), "image creation"),
  holders: [],
  assignment: "absent",
  ...changes,
});

it.each<[boolean, string, Partial<Lease>]>([
  [true, "while a build holds it", { holders: [{ buildId: "b", until: later }] }],
  [true, "while it is there", { assignment: "present" }],
  [true, "while its removal is not read back", { assignment: "unsure", holders: [{ buildId: "b", until: past }] }],
  [true, "while Azure may still list what is removed", { readBackAt: "2026-11-21T03:51:00.000Z" }],
  [false, "long after it was read back as gone", { readBackAt: past }],
  [false, "after the time of its last holder", { holders: [{ buildId: "b", until: past }] }],
])("accounts for a role assignment (%s) %s", (expected, _, changes) => {
  expect(isAccountedFor(lease(changes), NOW)).toBe(expected);
});
