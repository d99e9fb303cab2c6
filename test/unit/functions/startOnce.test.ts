import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { closingActivities } from "../../../src/activities/closeBuild.ts";
import type { Archive } from "../../../src/azure/archive.ts";
import type { Ledger } from "../../../src/azure/ledger.ts";
import { archiveNames } from "../../../src/domain/archiveNames.ts";
import type { Refused } from "../../../src/http/door.ts";
import { startOnce } from "../../../src/functions/startOnce.ts";
import { fakeDurableClient } from "../../support/fakeDurableClient.ts";
import { memoryArchive } from "../../support/simulation/memoryArchive.ts";

const DAY = 24 * 3_600_000;
const BODY: object = { reason: "monthly", ticket: { system: "ServiceNow", number: "RITM1" } };

let archive: Archive;
let engine: ReturnType<typeof fakeDurableClient>;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout"], now: new Date("2027-01-15T02:00:00Z") });
  [archive, engine] = [await memoryArchive(), fakeDurableClient()];
});
afterEach(() => vi.useRealTimers());

const ask = ({ key = "k-1", caller = "key/one", body = BODY, image = "web-1", on = archive } = {}) =>
  startOnce(on, engine.client, { ...body, image, door: "http" }, { caller, key, body });

function askUnkeyed(_: string, on = archive) {
  return startOnce(on, engine.client, { image: "web-1", door: "http" }, undefined);
}

/** Asks, and lets the time go by that it waits. */
async function askPatiently(...asked: Parameters<typeof ask>) {
  const answer = ask(...asked);
  await vi.advanceTimersByTimeAsync(90_000);
  return answer;
}

/** An archive that fails where the build is about to be started, as if the host were killed there. */
const dyingAtStart = (): Archive => ({ ...archive, writeMark: () => Promise.reject(new Error("killed")) });

/** An archive whose first write below a prefix is sent again by the client, which finds its own one. */
function losingAnswer(prefix: string): Archive {
  let isLost = false;
  return {
    ...archive,
    async replaceJson(name, ...rest) {
      const isWritten = await archive.replaceJson(name, ...rest);
      if (isLost || !name.startsWith(prefix)) return isWritten;
      isLost = true;
      return false;
    },
  };
}

describe("a request with a key", () => {
  it("is answered with the build of the first one, whatever the order of its fields", async () => {
    const first = await ask();
    const again = await ask({ body: { ticket: { number: "RITM1", system: "ServiceNow" }, reason: "monthly" } });
    expect(again).toBe(first);
    expect(engine.started()).toEqual([first]);
    expect(engine.inputOf(first)).toMatchObject({ buildId: first, reason: "monthly" });
  });

  it("starts one build where several come at once", async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => (index === 0 ? ask() : askPatiently())),
    );
    expect(new Set(all).size).toBe(1);
    expect(engine.started()).toEqual([all[0]]);
    expect(await archive.names(archiveNames.open(""))).toEqual([archiveNames.open(all[0] ?? "")]);
  });

  it("is refused where something else was asked for by it: another body, another image", async () => {
    await ask();
    for (const other of [{ body: { ...BODY, reason: "other" } }, { image: "web-2" }]) {
      const refused = await ask(other).catch((error: unknown) => error);
      expect((refused as Refused).problem).toMatchObject({
        status: 409,
        type: "urn:goldsmith:problem:idempotency-key-reused",
      });
    }
    expect(engine.started()).toHaveLength(1);
  });

  it("is another one than the same of another caller", async () => {
    const one = await ask();
    expect(await ask({ caller: "key/two" })).not.toBe(one);
    expect(engine.started()).toHaveLength(2);
  });

  it("starts the build that the first one has claimed and not started, under the id that it had", async () => {
    await expect(ask({ on: dyingAtStart() })).rejects.toThrow("killed");
    const [open = ""] = await archive.names(archiveNames.open(""));
    const again = await askPatiently();
    expect(archiveNames.open(again)).toBe(open);
    expect(engine.started()).toEqual([again]);
  });

  it("starts it once where several come after the first one was killed", async () => {
    await expect(ask({ on: dyingAtStart() })).rejects.toThrow("killed");
    const all = await Promise.all([askPatiently(), askPatiently(), askPatiently()]);
    expect(new Set(all).size).toBe(1);
    expect(engine.started()).toEqual([all[0]]);
  });

  it.each([0, 1, 2])(
    "leaves no other build behind where the host is killed after %d conditional writes",
    async (most) => {
      let writes = 0;
      const replaceJson: Archive["replaceJson"] = (...written) =>
        ++writes > most ? Promise.reject(new Error("killed")) : archive.replaceJson(...written);
      await expect(ask({ on: { ...dyingAtStart(), replaceJson } })).rejects.toThrow("killed");
      const again = await askPatiently();
      expect(await archive.names(archiveNames.open(""))).toEqual([archiveNames.open(again)]);
      expect(engine.started()).toEqual([again]);
    },
  );

  it("is answered with a build that was closed before it was started, and does not start it any more", async () => {
    await expect(ask({ on: dyingAtStart() })).rejects.toThrow("killed");
    const [open = ""] = await archive.names(archiveNames.open(""));
    const buildId = open.slice(archiveNames.open("").length, -".json".length);
    vi.setSystemTime(Date.now() + 20 * 60_000);
    const engineOf = { client: engine.client, error: () => undefined };
    const ledger = { readPlan: () => Promise.resolve(undefined), readLease: () => Promise.resolve(undefined) };
    const closing = closingActivities(
      archive,
      ledger as unknown as Ledger,
      () => Promise.resolve(),
      () => {},
    );
    expect(await closing.closeBuild({ buildId, leftovers: [] }, engineOf)).toBe("closed");
    const listed = await archive.marks(archiveNames.allListed, { size: 5 });

    expect([await ask(), await ask()]).toEqual([buildId, buildId]);
    expect(engine.started()).toEqual([]);
    expect(await archive.names(archiveNames.open(""))).toEqual([]);
    expect(await archive.marks(archiveNames.allListed, { size: 5 })).toEqual(listed);
    expect(listed.marks).toMatchObject([{ facts: { state: "failed" } }]);
  });

  it.each([archiveNames.open(""), archiveNames.claims])(
    "starts one build where a write below %s is done and its answer is lost",
    async (prefix) => {
      const id = await ask({ on: losingAnswer(prefix) });
      expect(engine.started()).toEqual([id]);
      expect(await archive.names(archiveNames.open(""))).toEqual([archiveNames.open(id)]);
    },
  );

  it("finds a build that was started and has been purged since, and starts no other", async () => {
    const first = await ask();
    engine.purge(first);
    vi.setSystemTime(Date.now() + 6 * DAY);
    expect(await ask()).toBe(first);
    expect(engine.started()).toHaveLength(1);
  });

  it("means another build after seven days", async () => {
    const first = await ask();
    vi.setSystemTime(Date.now() + 7 * DAY);
    const later = await ask();
    expect(later).not.toBe(first);
    expect(engine.started()).toEqual([first, later]);
  });

  it("leaves neither the key nor what was asked for where it is kept", async () => {
    await ask({ key: "hunter2", body: { reason: "secret plan" } });
    const [name = ""] = await archive.names(archiveNames.claims);
    expect(`${name} ${JSON.stringify(await archive.readJson(name))}`).not.toMatch(/hunter2|secret plan/);
  });
});

describe("two requests of a second that draw the same id", () => {
  beforeEach(() => {
    const drawn = [1, 1, 2];
    vi.spyOn(crypto, "getRandomValues").mockImplementation((array) => {
      (array as Uint8Array).fill(drawn.shift() ?? 3);
      return array;
    });
  });
  afterEach(() => vi.restoreAllMocks());

  it.each([
    ["without a key", askUnkeyed],
    ["with a key each", (key: string) => ask({ key })],
  ])("have each an own build: %s", async (_, asking) => {
    const [one, other] = [await asking("k-1"), await asking("k-2")];
    expect(one).not.toBe(other);
    expect(engine.started()).toEqual([one, other]);
  });
});

it("starts one build of a request without a key where the answer is lost of keeping it", async () => {
  const id = await askUnkeyed("", losingAnswer(archiveNames.open("")));
  expect(engine.started()).toEqual([id]);
  expect(await archive.names(archiveNames.open(""))).toEqual([archiveNames.open(id)]);
});
