import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Archive } from "../../../src/azure/archive.ts";
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

/** Asks, and lets the time go by that it waits. */
async function askPatiently(...asked: Parameters<typeof ask>) {
  const answer = ask(...asked);
  await vi.advanceTimersByTimeAsync(90_000);
  return answer;
}

/** An archive that fails where the build is about to be started, as if the host were killed there. */
const dyingAtStart = (): Archive => ({ ...archive, writeMark: () => Promise.reject(new Error("killed")) });

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

it("gives two requests of a second that draw the same id each an own build", async () => {
  const drawn = [1, 1, 2];
  vi.spyOn(crypto, "getRandomValues").mockImplementation((array) => {
    (array as Uint8Array).fill(drawn.shift() ?? 3);
    return array;
  });
  const unkeyed = () => startOnce(archive, engine.client, { image: "web-1", door: "http" }, undefined);
  const [one, other] = [await unkeyed(), await unkeyed()];
  vi.restoreAllMocks();
  expect(one).not.toBe(other);
  expect(engine.started()).toEqual([one, other]);
});
