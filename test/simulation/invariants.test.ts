import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { builderIdentity, landscapeSettings } from "../../local/landscape.ts";
import type { Outcome, Receipt } from "../../src/domain/receipt.ts";
import { ids } from "../support/cloudTemplates.ts";
import { brokenInvariants } from "../support/simulation/invariants.ts";
import {
  openSimulation,
  receiptOf,
  type Simulated,
  type Simulation,
  startBuild,
  warmUp,
} from "../support/simulation/simulation.ts";
import { troublesOf } from "../support/simulation/troubles.ts";
import { ARCHIVE_ORIGIN } from "../support/simulation/world.ts";

const AUTHORIZATION = "2022-04-01";
const GROUPS = "2021-04-01";
const COMPUTE = "2023-07-03";
const IMAGE_BUILDER = "2024-02-01";
const GUID = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";

/** A build that kept every promise; each test breaks one in the world, or has the receipt tell something else. */
let kept: Simulated & { receipt: Receipt };
let simulation: Simulation;
let restore: () => void;

beforeAll(async () => {
  await warmUp();
  simulation = await openSimulation(1);
  const { world, host } = simulation;
  const buildId = await startBuild(host, 1);
  const { runtimeStatus: status } = await host.instance(buildId);
  const receipt = receiptOf(world, "aks-jumpbox", buildId);
  if (!receipt) throw new Error("The build has no receipt.");
  const { requests } = structuredClone(world.cloud.requests());
  restore = world.cloud.snapshot();
  // That empties the log of requests, so what the build asked for is put before it.
  restore();
  const log = () => ({ ...world.cloud.requests(), requests: [...requests, ...world.cloud.requests().requests] });
  const remembering = { ...world, cloud: { ...world.cloud, requests: log } };
  const troubles = troublesOf(1);
  kept = { seed: 1, buildId, troubles, receipt, status, sweeps: [], world: remembering, milliseconds: 0 };
}, 60_000);
afterEach(() => restore());
afterAll(() => simulation.close());

const broken = (changes: Partial<Simulated> = {}) => brokenInvariants({ ...kept, ...changes });
const telling = (changes: Partial<Receipt>) => broken({ receipt: { ...kept.receipt, ...changes } });

/** The subscription's owner does something. */
async function owner(method: string, path: string, apiVersion: string, body?: object): Promise<number | undefined> {
  const { cloud, operatorToken } = simulation.world;
  const answer = await cloud.answer({
    method,
    url: new URL(`${path}?api-version=${apiVersion}`, cloud.url),
    headers: { authorization: `Bearer ${operatorToken}`, "content-type": "application/json" },
    body: Buffer.from(body ? JSON.stringify(body) : ""),
  });
  return answer?.status;
}

const leave = {
  grant: () =>
    owner("PUT", ids.assignment(ids.imageGroup, GUID), AUTHORIZATION, {
      properties: {
        roleDefinitionId: ids.role(landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE),
        principalId: builderIdentity.principalId,
        principalType: "ServicePrincipal",
      },
    }),
  group: () => owner("PUT", `${ids.subscription}/resourceGroups/forgotten`, GROUPS, { location: "westeurope" }),
  template: () =>
    owner("PUT", ids.template("forgotten"), IMAGE_BUILDER, {
      location: "westeurope",
      identity: { type: "UserAssigned", userAssignedIdentities: { [builderIdentity.id]: {} } },
      properties: {
        source: {
          type: "PlatformImage",
          publisher: "Canonical",
          offer: "ubuntu-24_04-lts",
          sku: "server",
          version: "latest",
        },
        distribute: [
          {
            type: "SharedImage",
            runOutputName: "gallery",
            galleryImageId: ids.definition,
            targetRegions: [{ name: "westeurope", replicaCount: 1 }],
          },
        ],
      },
    }),
};

async function secondVersion(): Promise<void> {
  const storageProfile = { source: { id: imageVersion() } };
  const version = { location: "westeurope", properties: { storageProfile } };
  expect(await owner("PUT", `${ids.definition}/versions/9.0.0`, COMPUTE, version)).toBe(201);
}

async function noVersion(): Promise<void> {
  expect(await owner("DELETE", imageVersion(), COMPUTE)).toBe(202);
  await simulation.host.clock.sleep(60_000);
}

const imageVersion = () => (kept.receipt.outcome as Extract<Outcome, { kind: "built" }>).imageVersions[0] ?? "";
const named = (imageVersions: string[]) => telling({ outcome: { kind: "built", imageVersions, runSeconds: 1 } });
const failed: Outcome = {
  kind: "failed",
  failure: { code: "x", message: "x", why: "x", mend: "x", owner: "operator" },
};

describe("the invariants of a build", () => {
  it("hold of one that kept its promises", () => {
    expect(broken()).toEqual([]);
  });

  it("see one that has not ended, and one without a receipt", () => {
    expect(broken({ status: "Failed" })).toEqual(["T: the build ended as Failed, without a kept receipt"]);
    expect(broken({ receipt: undefined })).toEqual(["T: the build ended as Completed, without a kept receipt"]);
  });

  it.each(Object.keys(leave) as (keyof typeof leave)[])("see a %s that is left and not listed", async (what) => {
    expect(await leave[what]()).toBe(201);
    const [sentence, ...others] = broken();
    expect(sentence).toMatch(new RegExp(`^G, T: left are .*(${GUID}|/forgotten); the receipt lists nothing$`));
    expect(others).toEqual([]);
  });

  it("see a leftover that is listed and not there, unless nobody could read whether it is", async () => {
    const leftovers = [{ id: `${ids.subscription}/resourceGroups/nowhere`, why: "it is not there", command: "none" }];
    expect(telling({ cleanUp: { kind: "leftovers", leftovers } })).toEqual([
      `G, T: left are nothing; the receipt lists ${leftovers[0]?.id}`,
    ]);
    const inDoubt = leftovers.map((one) => ({ ...one, why: "Whether it is gone could not be read back: 403" }));
    expect(telling({ cleanUp: { kind: "leftovers", leftovers: inDoubt } })).toEqual([]);
    await leave.group();
    const listed = [{ ...leftovers[0], id: `${ids.subscription}/resourceGroups/forgotten`, why: "", command: "" }];
    expect(telling({ cleanUp: { kind: "leftovers", leftovers: listed } })).toEqual([]);
  });

  it("see a grant that is neither revoked nor listed", () => {
    const grants = kept.receipt.grants.map(({ removedAt: _, ...grant }) => grant);
    expect(telling({ grants })).toEqual([
      "G: a grant is neither revoked nor listed",
      expect.stringMatching(/^T: .* image creation that it was let go, and not what became of it$/),
      expect.stringMatching(/^T: .* network join that it was let go, and not what became of it$/),
    ]);
  });

  it("see a grant that the receipt does not name, and a removal that it dates before it", () => {
    const [first, second] = kept.receipt.grants;
    if (!first || !second) throw new Error("The build has had no two grants.");
    expect(telling({ grants: [first] })).toEqual([
      expect.stringMatching(/^T: .*roleassignments.*, and does not say so$/),
    ]);
    const early = { ...second, removedAt: new Date(Date.parse(second.grantedAt ?? "") + 60_000).toISOString() };
    expect(telling({ grants: [first, early] })).toEqual([
      expect.stringMatching(/^T: .* network join that it was gone at .*, when it was there$/),
    ]);
  });

  it("see a second run that reached image builder, and not one that a fault kept from it", async () => {
    const { cloud } = simulation.world;
    const run = `${ids.template("any")}/run`;
    cloud.addFault({ kind: "loseReply", path: "/run$", count: 2 });
    cloud.addFault({ kind: "reset", path: "/run$", count: 1 });
    for (let n = 0; n < 3; n++) await owner("POST", run, IMAGE_BUILDER);
    // With the build's own.
    expect(broken()).toEqual(["R: image builder was asked for 3 runs"]);
  });

  it("see two image versions of one build", async () => {
    await secondVersion();
    expect(broken()).toEqual(
      expect.arrayContaining(["R: 2 image versions of one build", "T: built, with 2 image versions"]),
    );
  });

  it("see one that says built and has built nothing", async () => {
    await noVersion();
    expect(broken()).toEqual(["T: built, with 0 image versions", "T: it names another version"]);
    expect(named([])).toEqual(["T: built, with 0 image versions"]);
  });

  it("see one that names another version, and not one that names none", () => {
    expect(named([`${ids.definition}/versions/7.7.7`])).toEqual(["T: it names another version"]);
    expect(named([])).toEqual([]);
  });

  it("see one that says failed and hides what it has built, and not one that names it", () => {
    expect(telling({ outcome: failed })).toEqual(["T: failed, and hides an image version"]);
    expect(telling({ outcome: { ...failed, imageVersions: [imageVersion()] } })).toEqual([]);
  });

  it("see one that says failed and names a version that is not there", () => {
    const imageVersions = [imageVersion(), `${ids.definition}/versions/7.7.7`];
    expect(telling({ outcome: { ...failed, imageVersions } })).toEqual(["T: it names another version"]);
  });

  it("see a log that nobody speaks of, and one that is not where the receipt says", () => {
    expect(telling({ log: { kind: "none" } })).toEqual(["L: built, and no word of its log"]);
    const files = [{ name: "validation.log", url: "", bytes: 1, sha256: "" }];
    expect(telling({ log: { kind: "archived", files } })).toEqual(["L: validation.log is not in the archive"]);
    const url = new URL(`${ARCHIVE_ORIGIN}/account/archive/builds/aks-jumpbox/${kept.buildId}/customization.log`);
    simulation.world.archive.answer({ method: "DELETE", url, headers: {}, body: Buffer.alloc(0) });
    expect(broken()).toEqual(["L: customization.log is not in the archive"]);
  });

  it("see a standing role assignment that is gone", async () => {
    const state = simulation.world.cloud.state() as unknown as { roleAssignments: { id: string }[] };
    const standing = state.roleAssignments.length;
    expect(await owner("DELETE", state.roleAssignments[0]?.id ?? "", AUTHORIZATION)).toBe(200);
    expect(broken().at(-1)).toBe(`O: of ${standing} standing role assignments ${standing - 1} are left`);
  });
});
