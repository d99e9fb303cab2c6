import { beforeEach, describe, expect, it } from "vitest";
import { serviceIdentity } from "../../local/landscape.ts";
import { roleAssignments } from "../../src/azure/roleAssignments.ts";
import { archiveNames } from "../../src/domain/archiveNames.ts";
import { leaseEntity } from "../../src/entities/lease.ts";
import { grant, HOUR, inHours, type LeaseGround, leaseGround, ONE, OTHER } from "../support/simulation/leaseGround.ts";

let lease: LeaseGround;
beforeEach(async () => (lease = await leaseGround()));

/** What a description says of when the grant ends, in milliseconds since 1970. */
const untilIn = (description: string) => Date.parse(description.split("until ")[1] ?? "");

describe("a lease", () => {
  it("is granted by the first and revoked by the last, and read back by id and by principal", async () => {
    expect(await lease.join(ONE)).toMatchObject({ kind: "granted" });
    expect(await lease.join(OTHER)).toMatchObject({ kind: "granted" });
    expect(lease.held()).toHaveLength(1);
    expect(await lease.leave(ONE)).toEqual({ kind: "stays", holders: 1 });
    expect(lease.held()).toHaveLength(1);

    expect(await lease.leave(OTHER)).toMatchObject({ kind: "revoked" });
    expect(lease.held()).toEqual([]);
    const deletion = lease.requests("DELETE");
    expect(deletion).toHaveLength(1);
    const after = lease.requests("GET").filter(({ time }) => time >= (deletion[0]?.time ?? ""));
    expect(after.some(({ path }) => path.includes(grant.name))).toBe(true);
    expect(after.some(({ path }) => path.includes("principalId"))).toBe(true);
  });

  it("tells on the assignment who has made it and until when the last holder needs it", async () => {
    await lease.join(ONE, HOUR);
    const first = lease.held()[0]?.properties.description ?? "";
    expect(first).toMatch(/^Goldsmith test, until /);
    await lease.join(OTHER, 2 * HOUR);
    const second = lease.held()[0]?.properties.description ?? "";
    expect(untilIn(second) - untilIn(first)).toBeGreaterThan(0.9 * HOUR * 1000);
    // Who needs it for less does not shorten it.
    await lease.join("third-20300101-000000-cccc", 60);
    expect(lease.held()[0]?.properties).toEqual({ ...lease.held()[0]?.properties, description: second });
    expect(lease.held()[0]?.properties.principalType).toBe("ServicePrincipal");
  });

  it("has its entry in the ledger before the assignment is asked for", async () => {
    let known: unknown;
    const { put } = roleAssignments(lease.assignmentsAs(serviceIdentity));
    const watched = {
      ...roleAssignments(lease.assignmentsAs(serviceIdentity)),
      put: async (...given: Parameters<typeof put>) => {
        known = (await lease.archive.readJson(archiveNames.lease(grant.name)))?.value;
        return put(...given);
      },
    };
    const { operations } = leaseEntity({
      roleAssignments: watched,
      archive: lease.archive,
      settings: { installationId: "test", servicePrincipals: [serviceIdentity.principalId], acceptedGrants: [] },
    });
    await operations.join(lease.state, { grant, buildId: ONE, seconds: HOUR });
    expect(known).toMatchObject({ installationId: "test", grant: { name: grant.name }, holders: [{ buildId: ONE }] });
  });

  it("joined twice by one build is left once", async () => {
    await lease.join(ONE);
    await lease.join(ONE);
    expect(lease.state.holders).toHaveLength(1);
    const left = await lease.leave(ONE);
    expect(left).toMatchObject({ kind: "revoked" });
    // Asked again, as after a lost answer, it still knows when that was read back.
    expect(await lease.leave(ONE)).toEqual({ ...left, kind: "absent" });
  });

  it("gives a build that asks again, as after a crash, no more time by it", async () => {
    const first = await lease.join(ONE, HOUR);
    const { description } = lease.held()[0]?.properties ?? {};
    expect(await lease.join(ONE, 3 * HOUR)).toMatchObject({ until: (first as { until: string }).until });
    expect(lease.held()[0]?.properties.description).toBe(description);
  });

  it("counts as held while Azure still lists it, whatever it says by id", async () => {
    await lease.join(ONE);
    const path = `roleAssignments/${grant.name}`;
    lease.cloud.addFault({ method: "DELETE", path, kind: "respond", status: 403, code: "Denied" });
    lease.cloud.addFault({ method: "GET", path, kind: "respond", status: 404, code: "RoleAssignmentNotFound" });
    await expect(lease.leave(ONE)).rejects.toThrow("Denied");
    lease.cloud.clearFaults();
    expect(await lease.leave(ONE)).toMatchObject({ kind: "revoked" });
    expect(lease.held()).toEqual([]);
  });

  it("is deleted by its name where it may not be read any more, and stays in doubt until it is read back", async () => {
    await lease.join(ONE);
    lease.cloud.addFault({ method: "GET", path: "roleAssignments", kind: "respond", status: 403, code: "Denied" });
    await expect(lease.leave(ONE)).rejects.toThrow("Denied");
    expect(lease.held()).toEqual([]);
    lease.cloud.clearFaults();
    expect(await lease.leave(ONE)).toMatchObject({ kind: "absent", readBackAt: expect.any(String) });
  });

  it("is revoked although nobody could say whether it had been granted", async () => {
    lease.cloud.addFault({ method: "PUT", path: "roleAssignments", kind: "loseReply", count: 1 });
    await expect(lease.join(ONE)).rejects.toThrow();
    expect(lease.held()).toHaveLength(1);
    expect(await lease.leave(ONE)).toMatchObject({ kind: "revoked" });
    expect(lease.held()).toEqual([]);
  });

  it("adopts its own assignment where the answer to the request was lost", async () => {
    lease.cloud.addFault({ method: "PUT", path: "roleAssignments", kind: "loseReply", count: 1 });
    await expect(lease.join(ONE)).rejects.toThrow();
    expect(await lease.join(ONE)).toMatchObject({ kind: "granted" });
    expect(lease.held()).toHaveLength(1);
  });

  it("is known from the ledger where the engine has lost it", async () => {
    await lease.join(ONE);
    await lease.join(OTHER);
    lease.state = await lease.initially();
    expect(await lease.leave(ONE)).toEqual({ kind: "stays", holders: 1 });
    expect(await lease.leave(OTHER)).toMatchObject({ kind: "revoked" });
  });

  it("is not revoked while Azure refuses it, and still knows that nobody holds it", async () => {
    await lease.join(ONE);
    const refusal = { kind: "respond", status: 403, code: "AuthorizationFailed" } as const;
    lease.cloud.addFault({ method: "DELETE", path: "roleAssignments", ...refusal, count: 1 });
    await expect(lease.leave(ONE)).rejects.toThrow("AuthorizationFailed");
    expect(lease.state.holders).toEqual([]);
    expect(await lease.leave(ONE)).toMatchObject({ kind: "revoked" });
  });
});

describe("sweeping a lease", () => {
  it("ends it for whose time is over, and only when nobody else holds it", async () => {
    await lease.join(ONE, HOUR);
    await lease.join(OTHER, 3 * HOUR);
    expect(await lease.sweep(inHours(2))).toEqual({ kind: "stays", holders: 1 });
    expect(lease.held()).toHaveLength(1);
    expect(await lease.sweep(inHours(4))).toMatchObject({ kind: "revoked" });
    expect(lease.held()).toEqual([]);
  });

  it("ends it for the dead", async () => {
    await lease.join(ONE);
    expect(await lease.sweep(inHours(0), [ONE])).toMatchObject({ kind: "revoked" });
  });

  it("takes away an assignment of ours that has come back", async () => {
    await lease.join(ONE);
    await lease.leave(ONE);
    await roleAssignments(lease.assignmentsAs(serviceIdentity)).put(
      grant,
      "Goldsmith test, until 2020-01-01T00:00:00.000Z",
    );
    expect(await lease.sweep(inHours(0))).toMatchObject({ kind: "revoked" });
    expect(lease.held()).toEqual([]);
  });
});
