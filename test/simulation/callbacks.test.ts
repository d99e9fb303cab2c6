import { beforeAll, describe, expect, it } from "vitest";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import { HOUR, MINUTE, onStage } from "../support/faults/stage.ts";
import { MOMENTS } from "../support/faults/strikes.ts";
import { get, terminate, until } from "../support/faults/sweeping.ts";
import { ACCEPTED, ticketSystem } from "../support/simulation/receiver.ts";
import { TICKETS, UNSWEPT, warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 60_000);

const typesOf = (told: readonly { event: { type: string } }[]) => told.map(({ event }) => event.type);
const WHOLE = ["goldsmith.build.accepted", "goldsmith.build.started", "goldsmith.build.finished"];

describe("who is told of a build", () => {
  it("gets its events in order, each once and signed, with the ticket and what was built", async () => {
    const tickets = ticketSystem();
    const ticket = { system: "ServiceNow", number: "RITM0012345" };
    let id = "";
    const evidence = await onStage(tickets, async (stage) => {
      id = await tickets.ask(stage, undefined, { ticket });
    });
    expect(brokenPromises(evidence)).toEqual([]);
    expect(tickets.unverified).toEqual([]);
    expect(typesOf(tickets.told)).toEqual(WHOLE);
    const outcome = evidence.builds[0]?.receipt?.outcome;
    expect(outcome).toMatchObject({ kind: "built", imageVersions: [expect.any(String)] });
    const imageVersions = outcome?.kind === "built" ? outcome.imageVersions : [];
    expect(tickets.told.at(-1)?.event).toMatchObject({
      subject: id,
      data: { buildId: id, ticket, state: "built", outcome: { kind: "built", imageVersions } },
    });
  });

  it("gets only those events that were asked for, and waits for no other receiver", async () => {
    const tickets = ticketSystem(({ path }) => (path === "/down" ? undefined : ACCEPTED));
    await onStage({ ...tickets, env: UNSWEPT }, async (stage) => {
      const id = await tickets.ask(stage, [{ url: `${TICKETS}/down` }, { url: `${TICKETS}/up`, events: ["finished"] }]);
      await stage.ended(id);
      await stage.sleep(MINUTE);
      expect(typesOf(tickets.taken())).toEqual(["goldsmith.build.finished"]);
    });
  });

  it("is tried again after an error, under the same id, and gets later events after that one", async () => {
    const tickets = ticketSystem(
      ({ told }) =>
        [
          { status: 500, headers: {} },
          { status: 301, headers: {} },
        ][told.length] ?? ACCEPTED,
    );
    await onStage(tickets, (stage) => tickets.ask(stage));
    expect(tickets.told.map(({ status }) => status)).toEqual([500, 301, 204, 204, 204]);
    expect(new Set(tickets.told.slice(0, 3).map(({ id }) => id)).size).toBe(1);
    expect(typesOf(tickets.taken())).toEqual(WHOLE);
    expect(tickets.unverified).toEqual([]);
  });

  it("is not asked earlier than it wants, nor later than an hour whatever it wants", async () => {
    const waits = ["600", "86400"];
    const tickets = ticketSystem(({ told }) =>
      told.length < waits.length ? { status: 429, headers: { "retry-after": waits[told.length] ?? "" } } : ACCEPTED,
    );
    await onStage(tickets, (stage) => tickets.ask(stage));
    const [first = 0, second = 0, third = 0] = tickets.told.map(({ at }) => at / 1000);
    expect(second - first).toBeGreaterThanOrEqual(599);
    expect(third - second).toBeGreaterThanOrEqual(HOUR - 1);
    expect(third - second).toBeLessThan(HOUR + 5 * MINUTE);
  });

  it("gets all of it after hours of being down, while the build has long ended", async () => {
    let isDown = true;
    const tickets = ticketSystem(() => (isDown ? undefined : ACCEPTED));
    const evidence = await onStage(tickets, async (stage) => {
      const id = await tickets.ask(stage);
      await stage.ended(id);
      await stage.sleep(9 * HOUR);
      expect(tickets.taken()).toEqual([]);
      isDown = false;
    });
    expect(brokenPromises(evidence)).toEqual([]);
    expect(typesOf(tickets.taken())).toEqual(WHOLE);
  });

  it("is given up after a day, and at once where it says 410; later events are tried all the same, each for its own day", async () => {
    const tickets = ticketSystem(({ told }) => (told.length === 0 ? { status: 410, headers: {} } : undefined));
    await onStage({ ...tickets, env: UNSWEPT }, async (stage) => {
      const id = await tickets.ask(stage);
      await stage.ended(id);
      await until(stage, 60 * 60, () => deadOf(stage.world.archive, id).length === WHOLE.length);
      expect(deadOf(stage.world.archive, id).map(({ attempts }) => attempts.length)).toEqual([1, 35, 35]);
    });
    const [gone, started] = tickets.told;
    const last = tickets.told.findLast(({ event }) => event.type === "goldsmith.build.started");
    expect(gone?.event.type).toBe("goldsmith.build.accepted");
    expect((last?.at ?? 0) - (started?.at ?? 0)).toBeGreaterThanOrEqual(23 * HOUR * 1000);
    expect((last?.at ?? 0) - (started?.at ?? 0)).toBeLessThan(26 * HOUR * 1000);
  });

  it("gets a dead letter that an operator sends anew, with the id that it had", async () => {
    let isGone = true;
    const tickets = ticketSystem(() => (isGone ? { status: 410, headers: {} } : ACCEPTED));
    await onStage(tickets, async (stage) => {
      const id = await tickets.ask(stage, [{ url: `${TICKETS}/hook`, events: ["finished"] }]);
      await stage.ended(id);
      await until(stage, 10, () => tickets.told.length > 0);
      await stage.sleep(MINUTE);
      isGone = false;
      const { body } = await get(stage, "/api/notices?state=dead");
      expect(body).toEqual({
        more: 0,
        notices: [
          expect.objectContaining({
            id: `${id}-0-finished`,
            buildId: id,
            event: "finished",
            tried: 1,
            last: { at: expect.any(String), status: 410 },
          }),
        ],
      });
      expect(await stage.post(`/api/notices/${id}-0-finished/resend`)).toBe(202);
      await until(stage, 10, () => tickets.taken().length > 0);
      expect((await get(stage, "/api/notices")).body).toEqual({ notices: [], more: 0 });
      expect(await stage.post(`/api/notices/${id}-0-finished/resend`)).toBe(404);
    });
    expect(tickets.taken()).toHaveLength(1);
    expect(new Set(tickets.told.map(({ id }) => id)).size).toBe(1);
  });

  it("is told of the end of a build that the sweeper has closed", async () => {
    const tickets = ticketSystem();
    await onStage(tickets, async (stage) => {
      stage.when(MOMENTS.running, { after: () => terminate(stage, stage.first()) });
      await tickets.ask(stage);
    });
    expect(typesOf(tickets.told)).toEqual(WHOLE);
    expect(tickets.told.at(-1)?.event.data).toMatchObject({
      state: "failed",
      outcome: { failure: { code: "build-lost" } },
    });
  });

  it("is told by the sweeper's next tick where an operator has ended the instance that delivers", async () => {
    let isDown = true;
    const tickets = ticketSystem(() => (isDown ? undefined : ACCEPTED));
    await onStage(tickets, async (stage) => {
      const id = await tickets.ask(stage);
      await stage.ended(id);
      await terminate(stage, `${id}-notify-0`);
      isDown = false;
      await until(stage, 11, () => tickets.taken().length === WHOLE.length);
      expect(typesOf(tickets.taken())).toEqual(WHOLE);
    });
  });

  it("gets the same id where every activity is delivered twice, and after a host was killed", async () => {
    const tickets = ticketSystem();
    const evidence = await onStage({ ...tickets, delivers: "twice" }, async (stage) => {
      stage.when(MOMENTS.running, { after: () => stage.kill(60) });
      await tickets.ask(stage).catch(() => undefined);
    });
    expect(brokenPromises(evidence)).toEqual([]);
    const firsts = [...new Map(tickets.told.map((one) => [one.id, one])).values()];
    expect(typesOf(firsts)).toEqual(WHOLE);
    expect(tickets.unverified).toEqual([]);
  });

  it("is written down without any key", async () => {
    const tickets = ticketSystem();
    await onStage(tickets, async (stage) => {
      const id = await tickets.ask(stage);
      await stage.ended(id);
      await stage.sleep(MINUTE);
      const { archive } = stage.world;
      const notices = archive.names("archive").filter((name) => name.startsWith("notices/"));
      expect(notices.every((name) => name.startsWith(`notices/delivered/${id}/0-`))).toBe(true);
      expect(notices).toHaveLength(WHOLE.length);
      const kept = archive
        .names("archive")
        .map((name) => archive.text("archive", name))
        .join();
      const histories = JSON.stringify([...stage.host.hub.instances.values()]);
      expect(`${kept}${histories}`).not.toMatch(/whsec_|v1,/);
    });
  });
});

function deadOf(
  archive: { names(container: string): string[]; text(container: string, name: string): string | undefined },
  id: string,
) {
  const names = archive.names("archive").filter((name) => name.startsWith(`notices/dead/${id}/`));
  return names.map((name) => JSON.parse(archive.text("archive", name) ?? "") as { attempts: unknown[] });
}
