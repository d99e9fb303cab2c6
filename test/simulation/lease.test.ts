import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { beforeEach, describe, expect, it } from "vitest";
import { signingKey } from "../../local/azure/entra/signingKey.ts";
import { createInProcessCloud, type InProcessCloud } from "../../local/azure/inProcessCloud.ts";
import { spedUpClock } from "../../local/clock/spedUpClock.ts";
import {
  builderIdentity,
  landscape,
  landscapeSettings,
  operatorIdentity,
  serviceIdentity,
} from "../../local/landscape.ts";
import type { Archive } from "../../src/azure/archive.ts";
import { ledger } from "../../src/azure/ledger.ts";
import { roleAssignments } from "../../src/azure/roleAssignments.ts";
import { archiveNames } from "../../src/domain/archiveNames.ts";
import { planGrant } from "../../src/domain/grant.ts";
import type { AcceptedGrant } from "../../src/domain/standingGrant.ts";
import { leaseEntity, type LeaseState } from "../../src/entities/lease.ts";
import { memoryArchive, memoryArchives } from "../support/simulation/memoryArchive.ts";
import { httpClientOf } from "../support/simulation/transport.ts";

const key = signingKey();
const { subscriptionId } = landscape;
const scope = `/subscriptions/${subscriptionId}/resourceGroups/rg-images`;
const [ONE, OTHER] = ["one-20300101-000000-aaaa", "other-20300101-000000-bbbb"];
const HOUR = 3600;

const grantOf = (installationId: string) =>
  planGrant(installationId, subscriptionId, {
    role: "image creation",
    scope,
    principalId: builderIdentity.principalId,
    roleDefinition: landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE,
  });
const grant = grantOf("test");

let cloud: InProcessCloud;
let archive: Archive;
let state: LeaseState;
let isArchiveOut: boolean;

beforeEach(async () => {
  isArchiveOut = false;
  cloud = createInProcessCloud({ clock: spedUpClock(), landscape, seed: 1, key });
  archive = await memoryArchive();
  noArchive = (await memoryArchives())("gone");
  state = { holders: [], assignment: "absent" };
});

/** Its container is gone: not one document of it could be asked for. */
let noArchive: Archive;

/** The real SDK, signed in as somebody, on the local Azure in this process. */
function assignmentsAs(identity: typeof serviceIdentity): AuthorizationManagementClient {
  return new AuthorizationManagementClient(
    {
      getToken: async () => {
        const { token, expiresOn } = await cloud.token(identity, "https://management.azure.com", 3600);
        return { token, expiresOnTimestamp: expiresOn * 1000 };
      },
    },
    subscriptionId,
    {
      endpoint: cloud.url,
      httpClient: httpClientOf(({ method, url, headers, body }) => cloud.answer({ method, url, headers, body })),
      retryOptions: { maxRetries: 0 },
    },
  );
}

const leaseOf = (installationId = "test", acceptedGrants: AcceptedGrant[] = []) =>
  leaseEntity({
    roleAssignments: roleAssignments(assignmentsAs(serviceIdentity)),
    archive: isArchiveOut ? noArchive : archive,
    settings: { installationId, servicePrincipals: [serviceIdentity.principalId], acceptedGrants },
  }).operations;

const join = (buildId: string, seconds = HOUR) => leaseOf().join(state, { grant, buildId, seconds });
const leave = (buildId: string) => leaseOf().leave(state, { grant, buildId });

interface Shown {
  id: string;
  name: string;
  properties: { principalId: string; description: string | null; principalType: string };
}
const held = () =>
  (cloud.state().roleAssignments as unknown as Shown[]).filter(
    ({ properties }) => properties.principalId === builderIdentity.principalId,
  );
const idOf = (name: string) => held().find((one) => one.name === name)?.id ?? "";
const entry = () => ledger(archive, "test").readLease(grant.name);
const requests = (method: string) =>
  cloud.requests().requests.filter((one) => one.method === method && one.path.includes("roleAssignments"));

/** Somebody else gives the builder the same. */
const foreignGrant = (name: string, description: string) =>
  assignmentsAs(operatorIdentity).roleAssignments.create(scope, name, {
    roleDefinitionId: grant.roleDefinitionId,
    principalId: builderIdentity.principalId,
    principalType: "ServicePrincipal",
    description,
  });
const sweep = (now: string, dead: string[] = []) => leaseOf().sweep(state, { grant, now, dead, seen: true });
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR * 1000).toISOString();
/** What a description says of when the grant ends, in milliseconds since 1970. */
const untilIn = (description: string) => Date.parse(description.split("until ")[1] ?? "");

const FOREIGN = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";

describe("a lease", () => {
  it("is granted by the first and revoked by the last, and read back by id and by principal", async () => {
    expect(await join(ONE)).toMatchObject({ kind: "granted" });
    expect(await join(OTHER)).toMatchObject({ kind: "granted" });
    expect(held()).toHaveLength(1);
    expect(await leave(ONE)).toEqual({ kind: "stays", holders: 1 });
    expect(held()).toHaveLength(1);

    expect(await leave(OTHER)).toMatchObject({ kind: "revoked" });
    expect(held()).toEqual([]);
    const deletion = requests("DELETE");
    expect(deletion).toHaveLength(1);
    const after = requests("GET").filter(({ time }) => time >= (deletion[0]?.time ?? ""));
    expect(after.some(({ path }) => path.includes(grant.name))).toBe(true);
    expect(after.some(({ path }) => path.includes("principalId"))).toBe(true);
  });

  it("tells on the assignment who has made it and until when the last holder needs it", async () => {
    await join(ONE, HOUR);
    const first = held()[0]?.properties.description ?? "";
    expect(first).toMatch(/^Goldsmith test, until /);
    await join(OTHER, 2 * HOUR);
    const second = held()[0]?.properties.description ?? "";
    expect(untilIn(second) - untilIn(first)).toBeGreaterThan(0.9 * HOUR * 1000);
    // Who needs it for less does not shorten it.
    await join("third-20300101-000000-cccc", 60);
    expect(held()[0]?.properties).toEqual({ ...held()[0]?.properties, description: second });
    expect(held()[0]?.properties.principalType).toBe("ServicePrincipal");
  });

  it("has its entry in the ledger before the assignment is asked for", async () => {
    let known: unknown;
    const { put } = roleAssignments(assignmentsAs(serviceIdentity));
    const watched = {
      ...roleAssignments(assignmentsAs(serviceIdentity)),
      put: async (...given: Parameters<typeof put>) => {
        known = (await archive.readJson(archiveNames.lease(grant.name)))?.value;
        return put(...given);
      },
    };
    const { operations } = leaseEntity({
      roleAssignments: watched,
      archive,
      settings: { installationId: "test", servicePrincipals: [serviceIdentity.principalId], acceptedGrants: [] },
    });
    await operations.join(state, { grant, buildId: ONE, seconds: HOUR });
    expect(known).toMatchObject({ installationId: "test", grant: { name: grant.name }, holders: [{ buildId: ONE }] });
  });

  it("joined twice by one build is left once", async () => {
    await join(ONE);
    await join(ONE);
    expect(state.holders).toHaveLength(1);
    const left = await leave(ONE);
    expect(left).toMatchObject({ kind: "revoked" });
    // Asked again, as after a lost answer, it still knows when that was read back.
    expect(await leave(ONE)).toEqual({ ...left, kind: "absent" });
  });

  it("is revoked although nobody could say whether it had been granted", async () => {
    cloud.addFault({ method: "PUT", path: "roleAssignments", kind: "loseReply", count: 1 });
    await expect(join(ONE)).rejects.toThrow();
    expect(held()).toHaveLength(1);
    expect(await leave(ONE)).toMatchObject({ kind: "revoked" });
    expect(held()).toEqual([]);
  });

  it("adopts its own assignment where the answer to the request was lost", async () => {
    cloud.addFault({ method: "PUT", path: "roleAssignments", kind: "loseReply", count: 1 });
    await expect(join(ONE)).rejects.toThrow();
    expect(await join(ONE)).toMatchObject({ kind: "granted" });
    expect(held()).toHaveLength(1);
  });

  it("is known from the ledger where the engine has lost it", async () => {
    await join(ONE);
    await join(OTHER);
    const { initially } = leaseEntity({
      roleAssignments: roleAssignments(assignmentsAs(serviceIdentity)),
      archive,
      settings: { installationId: "test", servicePrincipals: [serviceIdentity.principalId], acceptedGrants: [] },
    });
    state = await initially(grant.name);
    expect(await leave(ONE)).toEqual({ kind: "stays", holders: 1 });
    expect(await leave(OTHER)).toMatchObject({ kind: "revoked" });
  });

  it("is not revoked while Azure refuses it, and still knows that nobody holds it", async () => {
    await join(ONE);
    const refusal = { kind: "respond", status: 403, code: "AuthorizationFailed" } as const;
    cloud.addFault({ method: "DELETE", path: "roleAssignments", ...refusal, count: 1 });
    await expect(leave(ONE)).rejects.toThrow("AuthorizationFailed");
    expect(state.holders).toEqual([]);
    expect(await leave(ONE)).toMatchObject({ kind: "revoked" });
  });
});

describe("a lease without an archive", () => {
  beforeEach(async () => {
    await join(ONE);
    await join(OTHER);
    isArchiveOut = true;
  });

  it("is left and revoked all the same, and the ledger is told with the next that comes", async () => {
    expect(await leave(ONE)).toEqual({ kind: "stays", holders: 1 });
    expect(await leave(OTHER)).toMatchObject({ kind: "revoked" });
    expect(held()).toEqual([]);
    // As long as it has them still, the sweeper comes back.
    expect((await entry())?.holders).toHaveLength(2);
    isArchiveOut = false;
    expect(await sweep(inHours(0), [ONE, OTHER])).toMatchObject({ kind: "absent" });
    expect(await entry()).toMatchObject({ holders: [], assignment: "absent" });
  });

  it("takes nobody else's away for ours", async () => {
    const operator = assignmentsAs(operatorIdentity);
    await operator.roleAssignments.delete(scope, grant.name);
    await foreignGrant(grant.name, "for ever");
    await leave(ONE);
    expect(await leave(OTHER)).toMatchObject({ kind: "foreign" });
    expect(held()).toHaveLength(1);
  });

  it("is swept, and knows when it was taken once a build comes to let go", async () => {
    expect(await sweep(inHours(2))).toMatchObject({ kind: "revoked" });
    const taken = await leave(ONE);
    expect(taken).toMatchObject({ kind: "taken", end: { takenBy: "sweeper", removedAt: state.readBackAt } });
    isArchiveOut = false;
    await sweep(inHours(2));
    // The archive knows the same now.
    expect(await leave(ONE)).toEqual(taken);
  });

  it("grants nothing: what is not in the ledger is not asked for", async () => {
    await expect(join("third-20300101-000000-cccc")).rejects.toThrow();
    expect(state.holders).toHaveLength(2);
  });
});

describe("somebody else's grant of the same role", () => {
  it("blocks the build, is named, and is left alone", async () => {
    await foreignGrant(FOREIGN, "for ever");
    await expect(join(ONE)).rejects.toMatchObject({ failure: { code: "standing-grant", owner: "identity" } });
    expect(await leave(ONE)).toEqual({ kind: "absent" });
    expect(held().map(({ name }) => name)).toEqual([FOREIGN]);
    expect(held()[0]?.properties.description).toBe("for ever");
  });

  it("of another installation is told apart, on the same scope and builder", async () => {
    const theirs = grantOf("theirs");
    await leaseOf("theirs").join({ holders: [], assignment: "absent" }, { grant: theirs, buildId: ONE, seconds: HOUR });
    await expect(join(OTHER)).rejects.toMatchObject({
      failure: { code: "another-installation", message: expect.stringContaining("installation theirs") },
    });
    expect(held().map(({ name }) => name)).toEqual([theirs.name]);
  });

  it("under our own name is not adopted: neither ledger nor creator prove it ours", async () => {
    await foreignGrant(grant.name, "Goldsmith test, until 2099-01-01T00:00:00.000Z");
    await expect(join(ONE)).rejects.toMatchObject({ failure: { code: "another-installation" } });
    await ledger(archive, "test").writeLease({ installationId: "test", grant, holders: [], assignment: "unsure" });
    await expect(join(ONE)).rejects.toMatchObject({ failure: { code: "another-installation" } });
    state.assignment = "unsure";
    expect(await leave(ONE)).toMatchObject({ kind: "foreign" });
    expect(held()).toHaveLength(1);
  });

  it("in place of ours, which the lease believes to be there, is not taken away: its maker is another", async () => {
    await join(ONE);
    const operator = assignmentsAs(operatorIdentity);
    await operator.roleAssignments.delete(scope, grant.name);
    await foreignGrant(grant.name, "for ever");
    expect(await leave(ONE)).toMatchObject({ kind: "foreign" });
    expect(held()[0]?.properties.description).toBe("for ever");
    // And the ledger knows that nobody of ours holds it any more.
    expect((await entry())?.holders).toEqual([]);
  });

  it("of our own name and maker is not taken away where the ledger does not know of it", async () => {
    await join(ONE);
    await archive.delete(archiveNames.lease(grant.name));
    expect(await leave(ONE)).toMatchObject({ kind: "foreign" });
    expect(held()).toHaveLength(1);
  });

  it("is put up with until the date that the settings say, with nothing granted and nothing revoked", async () => {
    await foreignGrant(FOREIGN, "for ever");
    const id = held()[0]?.id ?? "";
    const accepting = (until: string) => leaseOf("test", [{ id, until }]);
    expect(await accepting("2099-01-01T00:00:00Z").join(state, { grant, buildId: ONE, seconds: HOUR })).toEqual({
      kind: "standing",
      id,
      acceptedUntil: "2099-01-01T00:00:00Z",
    });
    expect(await leave(ONE)).toEqual({ kind: "absent" });
    expect(held()).toHaveLength(1);
    await expect(
      accepting("2020-01-01T00:00:00Z").join(state, { grant, buildId: ONE, seconds: HOUR }),
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
    leaseOf(
      "test",
      names.map((name) => ({ id: idOf(name), until })),
    );

  beforeEach(async () => {
    for (const [place, name] of [
      [network.scope, FOREIGN],
      [group, ABOVE],
    ] as const) {
      await assignmentsAs(operatorIdentity).roleAssignments.create(place, name, {
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
    const joins = accepting(accepted).join(state, { grant: network, buildId: ONE, seconds: HOUR });
    await expect(joins).rejects.toMatchObject({
      failure: { code: "standing-grant", message: expect.stringContaining(idOf(other)) },
    });
    expect(held()).toHaveLength(2);
  });

  it("are all named where one blocks, and where all are accepted", async () => {
    const none = leaseOf().join(state, { grant: network, buildId: ONE, seconds: HOUR });
    await expect(none).rejects.toMatchObject({
      failure: { message: expect.stringMatching(new RegExp(`${FOREIGN}.*${ABOVE}|${ABOVE}.*${FOREIGN}`)) },
    });
    const joined = await accepting(FOREIGN, ABOVE).join(state, { grant: network, buildId: ONE, seconds: HOUR });
    expect(joined).toMatchObject({ kind: "standing", acceptedUntil: until, others: [{ acceptedUntil: until }] });
    for (const name of [FOREIGN, ABOVE]) expect(JSON.stringify(joined)).toContain(idOf(name));
  });
});

describe("sweeping a lease", () => {
  it("ends it for whose time is over, and only when nobody else holds it", async () => {
    await join(ONE, HOUR);
    await join(OTHER, 3 * HOUR);
    expect(await sweep(inHours(2))).toEqual({ kind: "stays", holders: 1 });
    expect(held()).toHaveLength(1);
    expect(await sweep(inHours(4))).toMatchObject({ kind: "revoked" });
    expect(held()).toEqual([]);
  });

  it("ends it for the dead", async () => {
    await join(ONE);
    expect(await sweep(inHours(0), [ONE])).toMatchObject({ kind: "revoked" });
  });

  it("takes away an assignment of ours that has come back", async () => {
    await join(ONE);
    await leave(ONE);
    await roleAssignments(assignmentsAs(serviceIdentity)).put(grant, "Goldsmith test, until 2020-01-01T00:00:00.000Z");
    expect(await sweep(inHours(0))).toMatchObject({ kind: "revoked" });
    expect(held()).toEqual([]);
  });
});
