import { describe, expect, it } from "vitest";
import { newApiKey } from "../../../src/auth/apiKeys.ts";
import { auditTrail } from "../../../src/auth/auditTrail.ts";
import { admitting, doorOf, keyCaller } from "../../support/admitting.ts";
import { serviceDoors } from "../../support/doors.ts";
import { memoryArchive } from "../../support/simulation/memoryArchive.ts";
import { OBJECT_ID, TENANT } from "../../support/entraTokens.ts";

const reader = keyCaller(["Reader"]);
const AT = new Date("2026-11-21T02:30:00.000Z");
const later = (seconds: number) => new Date(AT.getTime() + seconds * 1000);
const event = (image: string) => ({ what: "key-unknown", door: "aDoor", image });

describe("a refusal", () => {
  it("is kept with who, at which door, for which image, and why", async () => {
    const { ask, audited, logged } = await admitting({ caller: reader });
    await ask(doorOf("Builder"));
    const row = { what: "role-missing", door: "aDoor", image: "web-1", caller: "key/tester", name: "tester", times: 1 };
    expect(await audited("role-missing")).toMatchObject([{ count: 1, rows: [row] }]);
    expect(logged.join()).toContain('"what":"role-missing"');
  });

  it("is kept with whose an expired token is", async () => {
    const holder = `${TENANT}/${OBJECT_ID}`;
    const { ask, audited } = await admitting({ authenticated: { kind: "refused", reason: "token-expired", holder } });
    await ask(doorOf("Builder"));
    expect(await audited("token-expired")).toMatchObject([{ rows: [{ caller: holder }] }]);
  });

  it.each([
    ["the last of them", "6.6.6.6, 203.0.113.7:50123", true, "203.0.113.7"],
    ["one of version 6", "[2001:db8::7]:50123", true, "2001:db8::7"],
    ["none that is none", "hunter2", true, undefined],
    ["none where no platform adds to them", "203.0.113.7", false, undefined],
  ])("is kept with the address that the platform saw: %s", async (_, forwarded, forwardsAddress, address) => {
    const platform = { forwardsAddress, setsPrincipal: false };
    const { ask, audited } = await admitting({ caller: reader, platform });
    await ask(doorOf("Builder"), { headers: { "X-Forwarded-For": forwarded } });
    const [page] = await audited("role-missing");
    expect(page?.rows[0]?.address).toBe(address);
  });

  it("repeats no token, no key and no name that the caller made up", async () => {
    const key = newApiKey();
    const { ask, audited, logged } = await admitting({ authenticated: { kind: "refused", reason: "key-unknown" } });
    const headers = { "X-Goldsmith-Key": key, Authorization: "Bearer hunter2", "X-MS-CLIENT-PRINCIPAL-NAME": "root" };
    await ask(doorOf("Builder"), { headers, params: { image: "<script>" } });
    const told = JSON.stringify([logged, await audited("key-unknown"), await audited("principal-header-ignored")]);
    expect(told).toContain("key-unknown");
    for (const secret of [key, "hunter2", "root", "script"]) expect(told).not.toContain(secret);
  });

  it("is a refusal also where it cannot be kept, and that is logged", async () => {
    const archive = await memoryArchive();
    const broken = { ...archive, replaceJson: () => Promise.reject(new Error("no storage")) };
    const { ask, logged } = await admitting({ caller: reader, archive: broken });
    expect(await ask(doorOf("Builder"))).toMatchObject({ status: 403 });
    expect(logged.join()).toMatch(/audit was not kept.*no storage/);
  });
});

describe("an archive that cannot be written", () => {
  it("is tried again after a while, by which time it has all that happened meanwhile", async () => {
    const archive = await memoryArchive();
    let tried = 0;
    let isDown = true;
    const trail = auditTrail({
      ...archive,
      replaceJson: (...all) => {
        tried += 1;
        return isDown ? Promise.reject(new Error("no storage")) : archive.replaceJson(...all);
      },
    });
    await expect(trail(event("web-1"), AT)).rejects.toThrow("no storage");
    for (let second = 1; second < 10; second++) await trail(event(`web-${second}`), later(second));
    expect(tried).toBe(1);
    isDown = false;
    await trail(event("web-10"), later(10));
    const page = (await archive.readJson("audit/2026-11-21T02/key-unknown.json"))?.value;
    expect(page).toMatchObject({ count: 11, rows: { length: 10 } });
  });
});

describe("reading a log", () => {
  it("is kept with who did", async () => {
    const { ask, audited } = await admitting({ caller: keyCaller(["LogReader"]) });
    const params = { id: "web-1-20261121-020000-k3fq" };
    expect(await ask(doorOf("LogReader", { method: "GET", route: "builds/{id}/log" }), { params })).toMatchObject({
      kind: "in",
    });
    const row = { caller: "key/tester", image: "web-1", build: "web-1-20261121-020000-k3fq" };
    expect(await audited("log-read")).toMatchObject([{ rows: [row] }]);
  });
});

describe.each([
  ["cancelBuild", "Builder", "cancel-asked"],
  ["startSweep", "Operator", "sweep-asked"],
  ["resendNotice", "Operator", "resend-asked"],
] as const)("who comes in by %s", (name, role, act) => {
  it("is kept, with the build where it is of one", async () => {
    const { ask, audited } = await admitting({ caller: keyCaller([role]) });
    const door = (await serviceDoors()).find((one) => one.name === name);
    if (!door) throw new Error(`There is no ${name}.`);
    const id = "web-1-20261121-020000-k3fq";
    expect(await ask(door, { params: { id } })).toMatchObject({ kind: "in" });
    const row = { door: name, caller: "key/tester", ...(name === "cancelBuild" ? { build: id } : {}) };
    expect(await audited(act)).toMatchObject([{ count: 1, rows: [row] }]);
  });
});

describe("a flood", () => {
  it("is counted, and fills neither the archive nor its time", async () => {
    const archive = await memoryArchive();
    let writes = 0;
    const counted = {
      ...archive,
      replaceJson: (...all: Parameters<typeof archive.replaceJson>) => ((writes += 1), archive.replaceJson(...all)),
    };
    const trail = auditTrail(counted);
    for (let second = 0; second < 30; second++) {
      await Promise.all(
        Array.from({ length: 50 }, (_, one) =>
          trail({ what: "key-unknown", door: "aDoor", image: `web-${second * 50 + one}` }, later(second)),
        ),
      );
    }
    await trail({ what: "key-unknown", door: "aDoor" }, later(60));
    const names = await archive.names("audit/");
    expect(names).toEqual(["audit/2026-11-21T02/key-unknown.json"]);
    const page = (await archive.readJson(names[0] ?? ""))?.value as { count: number; rows: object[] };
    expect(page.count).toBe(30 * 50 + 1);
    expect(page.rows).toHaveLength(100);
    expect(writes).toBeLessThan(15);
  });

  it("of readings of logs hides none of them", async () => {
    const archive = await memoryArchive();
    const trail = auditTrail(archive);
    for (let one = 0; one < 300; one++)
      await trail({ what: "log-read", door: "getLog", caller: "key/tester", build: `web-${one}` }, later(one));
    const { value } = (await archive.readJson("audit/2026-11-21T02/log-read.json")) ?? {};
    expect((value as { rows: object[] }).rows).toHaveLength(300);
  });

  it("of the same is one row, and what was not written yet is when the hour is over", async () => {
    const archive = await memoryArchive();
    const trail = auditTrail(archive);
    for (let one = 0; one < 20; one++) await trail({ what: "key-unknown", door: "aDoor" }, later(one / 10));
    await trail({ what: "key-unknown", door: "aDoor" }, later(3600));
    const { value } = (await archive.readJson("audit/2026-11-21T02/key-unknown.json")) ?? {};
    expect(value).toEqual({
      count: 20,
      rows: [
        { what: "key-unknown", door: "aDoor", first: AT.toISOString(), last: later(1.9).toISOString(), times: 20 },
      ],
    });
  });

  it("at two instances is counted by both", async () => {
    const archive = await memoryArchive();
    const trails = [auditTrail(archive), auditTrail(archive)];
    const events = Array.from({ length: 10 }, (_, one) => ({
      what: "key-unknown",
      door: "aDoor",
      image: `web-${one}`,
    }));
    await Promise.all(trails.flatMap((trail) => events.map((event) => trail(event, AT))));
    expect((await archive.readJson("audit/2026-11-21T02/key-unknown.json"))?.value).toMatchObject({ count: 20 });
  });
});
