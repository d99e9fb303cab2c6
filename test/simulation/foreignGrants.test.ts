import { beforeEach, describe, expect, it } from "vitest";
import { builderIdentity, landscapeSettings, operatorIdentity } from "../../local/landscape.ts";
import { ledger } from "../../src/azure/ledger.ts";
import { archiveNames } from "../../src/domain/archiveNames.ts";
import { planGrant } from "../../src/domain/grant.ts";
import {
  inHours,
  FOREIGN,
  grant,
  grantOf,
  HOUR,
  type LeaseGround,
  leaseGround,
  ONE,
  OTHER,
  subscriptionId,
} from "../support/simulation/leaseGround.ts";

let lease: LeaseGround;
beforeEach(async () => (lease = await leaseGround()));

describe("somebody else's grant of the same role", () => {
  it("blocks the build, is named, and is left alone", async () => {
    await lease.foreignGrant(FOREIGN, "for ever");
    await expect(lease.join(ONE)).rejects.toMatchObject({ failure: { code: "standing-grant", owner: "identity" } });
    expect(await lease.leave(ONE)).toEqual({ kind: "absent" });
    expect(lease.held().map(({ name }) => name)).toEqual([FOREIGN]);
    expect(lease.held()[0]?.properties.description).toBe("for ever");
  });

  it("of another installation is told apart, on the same scope and builder", async () => {
    const theirs = grantOf("theirs");
    await lease
      .leaseOf("theirs")
      .join({ holders: [], assignment: "absent" }, { grant: theirs, buildId: ONE, seconds: HOUR });
    await expect(lease.join(OTHER)).rejects.toMatchObject({
      failure: { code: "another-installation", message: expect.stringContaining("installation theirs") },
    });
    expect(lease.held().map(({ name }) => name)).toEqual([theirs.name]);
  });

  it("under our own name is not adopted: neither ledger nor creator prove it ours", async () => {
    await lease.foreignGrant(grant.name, "Goldsmith test, until 2099-01-01T00:00:00.000Z");
    await expect(lease.join(ONE)).rejects.toMatchObject({ failure: { code: "another-installation" } });
    await ledger(lease.archive, "test").writeLease({
      installationId: "test",
      grant,
      holders: [],
      assignment: "unsure",
    });
    await expect(lease.join(ONE)).rejects.toMatchObject({ failure: { code: "another-installation" } });
    lease.state.assignment = "unsure";
    expect(await lease.leave(ONE)).toMatchObject({ kind: "foreign" });
    expect(lease.held()).toHaveLength(1);
  });

  it("in place of ours, which the lease believes to be there, is not taken away: its maker is another", async () => {
    await lease.join(ONE);
    const operator = lease.assignmentsAs(operatorIdentity);
    await operator.roleAssignments.delete(grant.scope, grant.name);
    await lease.foreignGrant(grant.name, "for ever");
    expect(await lease.leave(ONE)).toMatchObject({ kind: "foreign" });
    expect(lease.held()[0]?.properties.description).toBe("for ever");
    // And the ledger knows that nobody of ours holds it any more.
    expect((await lease.entry())?.holders).toEqual([]);
  });

  it("of our own name and maker is not taken away where neither the ledger nor the lease knows of it", async () => {
    await lease.join(ONE);
    await lease.archive.delete(archiveNames.lease(grant.name));
    lease.state = await lease.initially();
    expect(await lease.sweep(inHours(0))).toMatchObject({ kind: "foreign" });
    expect(lease.held()).toHaveLength(1);
  });

  it("is put up with until the date that the settings say, with nothing granted and nothing revoked", async () => {
    await lease.foreignGrant(FOREIGN, "for ever");
    const id = lease.held()[0]?.id ?? "";
    const accepting = (until: string) => lease.leaseOf("test", [{ id, until }]);
    expect(await accepting("2099-01-01T00:00:00Z").join(lease.state, { grant, buildId: ONE, seconds: HOUR })).toEqual({
      kind: "standing",
      id,
      acceptedUntil: "2099-01-01T00:00:00Z",
    });
    expect(await lease.leave(ONE)).toEqual({ kind: "absent" });
    expect(lease.held()).toHaveLength(1);
    await expect(
      accepting("2020-01-01T00:00:00Z").join(lease.state, { grant, buildId: ONE, seconds: HOUR }),
    ).rejects.toMatchObject({ failure: { code: "standing-grant" } });
  });
});

describe("several standing grants of the same role", () => {
  const ABOVE = "bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee";
  const until = "2099-01-01T00:00:00Z";
  const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-network`;
  const network = planGrant("test", subscriptionId, {
    role: "network join",
    scope: `${group}/providers/Microsoft.Network/virtualNetworks/vnet-builds`,
    principalId: builderIdentity.principalId,
    roleDefinition: landscapeSettings.GOLDSMITH_NETWORK_JOIN_ROLE,
  });
  const accepting = (...names: string[]) =>
    lease.leaseOf(
      "test",
      names.map((name) => ({ id: lease.idOf(name), until })),
    );

  beforeEach(async () => {
    for (const [place, name] of [
      [network.scope, FOREIGN],
      [group, ABOVE],
    ] as const) {
      await lease.assignmentsAs(operatorIdentity).roleAssignments.create(place, name, {
        roleDefinitionId: network.roleDefinitionId,
        principalId: builderIdentity.principalId,
        principalType: "ServicePrincipal",
      });
    }
  });

  it.each([
    [FOREIGN, ABOVE],
    [ABOVE, FOREIGN],
  ])("block where not each of them is accepted, whichever it is", async (accepted, other) => {
    const joins = accepting(accepted).join(lease.state, { grant: network, buildId: ONE, seconds: HOUR });
    await expect(joins).rejects.toMatchObject({
      failure: { code: "standing-grant", message: expect.stringContaining(lease.idOf(other)) },
    });
    expect(lease.held()).toHaveLength(2);
  });

  it("are all named where one blocks, and where all are accepted", async () => {
    const none = lease.leaseOf().join(lease.state, { grant: network, buildId: ONE, seconds: HOUR });
    await expect(none).rejects.toMatchObject({
      failure: { message: expect.stringMatching(new RegExp(`${FOREIGN}.*${ABOVE}|${ABOVE}.*${FOREIGN}`)) },
    });
    const joined = await accepting(FOREIGN, ABOVE).join(lease.state, { grant: network, buildId: ONE, seconds: HOUR });
    expect(joined).toMatchObject({ kind: "standing", acceptedUntil: until, others: [{ acceptedUntil: until }] });
    for (const name of [FOREIGN, ABOVE]) expect(JSON.stringify(joined)).toContain(lease.idOf(name));
  });
});
