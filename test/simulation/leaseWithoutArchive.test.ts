import { beforeEach, describe, expect, it } from "vitest";
import { operatorIdentity } from "../../local/landscape.ts";
import { NOT_READ_BACK } from "../../src/domain/leftover.ts";
import { grant, inHours, type LeaseGround, leaseGround, ONE, OTHER } from "../support/simulation/leaseGround.ts";

let lease: LeaseGround;
beforeEach(async () => (lease = await leaseGround()));

describe("a lease without an archive", () => {
  beforeEach(async () => {
    await lease.join(ONE);
    await lease.join(OTHER);
    lease.isArchiveOut = true;
  });

  it("is left and revoked all the same, and the ledger is told with the next that comes", async () => {
    expect(await lease.leave(ONE)).toEqual({ kind: "stays", holders: 1 });
    expect(await lease.leave(OTHER)).toMatchObject({ kind: "revoked" });
    expect(lease.held()).toEqual([]);
    // As long as it has them still, the sweeper comes back.
    expect((await lease.entry())?.holders).toHaveLength(2);
    lease.isArchiveOut = false;
    expect(await lease.sweep(inHours(0), [ONE, OTHER])).toMatchObject({ kind: "absent" });
    expect(await lease.entry()).toMatchObject({ holders: [], assignment: "absent" });
  });

  it("takes nobody else's away for ours", async () => {
    const operator = lease.assignmentsAs(operatorIdentity);
    await operator.roleAssignments.delete(grant.scope, grant.name);
    await lease.foreignGrant(grant.name, "for ever");
    await lease.leave(ONE);
    expect(await lease.leave(OTHER)).toMatchObject({ kind: "foreign" });
    expect(lease.held()).toHaveLength(1);
  });

  it("is swept, and knows when it was taken once a build comes to let go", async () => {
    expect(await lease.sweep(inHours(2))).toMatchObject({ kind: "revoked" });
    const taken = await lease.leave(ONE);
    expect(taken).toMatchObject({ kind: "taken", end: { takenBy: "sweeper", removedAt: lease.state.readBackAt } });
    lease.isArchiveOut = false;
    await lease.sweep(inHours(2));
    // The archive knows the same now.
    expect(await lease.leave(ONE)).toEqual(taken);
  });

  it("is not begun anew where the engine has lost it, since nobody can say then who holds it", async () => {
    await expect(lease.initially()).rejects.toThrow(NOT_READ_BACK);
    lease.isArchiveOut = false;
    expect((await lease.initially()).holders).toHaveLength(2);
  });

  it("grants nothing: what is not in the ledger is not asked for", async () => {
    await expect(lease.join("third-20300101-000000-cccc")).rejects.toThrow();
    expect(lease.state.holders).toHaveLength(2);
  });
});
