import { beforeAll, describe, expect, it } from "vitest";
import { type Role, ROLES } from "../../../src/domain/caller.ts";
import type { Door } from "../../../src/http/door.ts";
import { admitting, applicationCaller, keyCaller } from "../../support/admitting.ts";
import { serviceDoors } from "../../support/doors.ts";

/** What each door needs. A door that is not here fails the test: think of who may use it. */
const NEEDED: Record<string, Role | "anyone"> = {
  listImages: "Reader",
  getImage: "Reader",
  getPlan: "Reader",
  getSchedule: "Reader",
  startBuild: "Builder",
  receiveHook: "anyone",
  listBuilds: "Reader",
  getBuildPlan: "Reader",
  getLog: "LogReader",
  getEvents: "LogReader",
  getOpenApi: "anyone",
  getBuild: "Reader",
  cancelBuild: "Builder",
  approveBuild: "Approver",
  rejectBuild: "Approver",
  startSweep: "Operator",
  getSweep: "Reader",
  listNotices: "Operator",
  resendNotice: "Operator",
  receiveEvents: "EventSender",
  previewEvents: "Reader",
  getLiveness: "anyone",
  getReadiness: "anyone",
  getHealth: "anyone",
};

/** Doors at which a role that is limited to images does: each is of one image, or leaves out what is of others. */
const OF_AN_IMAGE = [
  "listImages",
  "getImage",
  "getPlan",
  "getSchedule",
  "startBuild",
  "listBuilds",
  "getBuild",
  "getBuildPlan",
  "getLog",
  "getEvents",
  "cancelBuild",
  "previewEvents",
  "approveBuild",
  "rejectBuild",
];

const OWN = { image: "web-1", id: "web-1-20261121-020000-k3fq" };
const OTHER = { image: "aks-jumpbox", id: "aks-jumpbox-20261121-020000-k3fq" };

let doors: readonly Door[];
beforeAll(async () => {
  doors = await serviceDoors();
}, 60_000);
const doorCalled = (name: string): Door => {
  const door = doors.find((one) => one.name === name);
  if (!door) throw new Error(`There is no door called ${name}.`);
  return door;
};

describe("the doors", () => {
  it("are those of the table, each with the role that it says", () => {
    expect(Object.fromEntries(doors.map(({ name, role }) => [name, role]))).toEqual(NEEDED);
  });
});

describe.each(Object.entries(NEEDED))("the door %s, which needs %s", (name, needed) => {
  it.each(ROLES)("lets %s in where that is its role, and nobody else", async (role) => {
    const { ask } = await admitting({ caller: applicationCaller([role]) });
    const asked = await ask(doorCalled(name), { params: OWN });
    if (needed === "anyone" || role === needed) expect(asked).toMatchObject({ kind: "in" });
    else expect(asked).toMatchObject({ kind: "refused", status: 403, role: needed });
  });
});

const CLOSED = Object.entries(NEEDED).filter(([, needed]) => needed !== "anyone");

describe.each(CLOSED)("the door %s, which needs %s,", (name) => {
  it("is closed to who has no role at all, or is not known", async () => {
    const roleless = await admitting({ caller: keyCaller([]) });
    expect(await roleless.ask(doorCalled(name), { params: OWN })).toMatchObject({ status: 403 });
    const unknown = await admitting({ authenticated: { kind: "refused", reason: "no-credentials" } });
    expect(await unknown.ask(doorCalled(name), { params: OWN })).toMatchObject({ status: 401 });
  });

  it("lets in who has the role for the image only where it is of that image", async () => {
    const { ask } = await admitting({ caller: keyCaller(ROLES, "web-*") });
    const isOfImage = OF_AN_IMAGE.includes(name);
    const asked = await ask(doorCalled(name), { params: OWN });
    expect(asked).toMatchObject(isOfImage ? { kind: "in" } : { kind: "refused", status: 403 });
    const isByPath = /\{image\}|^builds\/\{id\}/.test(doorCalled(name).route);
    if (isByPath) expect(await ask(doorCalled(name), { params: OTHER })).toMatchObject({ status: 403 });
  });
});
