import { type Arbitrary, array, assert, integer, nat, oneof, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import {
  admitted,
  ahead,
  type Limits,
  queued,
  type Turn,
  type Turns,
  waitsFor,
  withoutBuilds,
} from "../../../src/domain/turns.ts";

const of = (name: string, most: number) => nat(most).map((n) => `${name} ${n}`);
const asking = record({
  image: of("image", 5),
  identity: of("identity", 1),
  subscription: of("subscription", 1),
  region: of("region", 1),
  requester: of("requester", 2),
});
/** Somebody asks; or the build that runs and stands there ends. */
const steps = array(oneof({ weight: 3, arbitrary: asking }, { weight: 2, arbitrary: nat(20) }), {
  maxLength: 120,
  size: "max",
});
const limits: Arbitrary<Limits> = record({
  image: integer({ min: 1, max: 2 }),
  identity: integer({ min: 1, max: 4 }),
  region: integer({ min: 1, max: 4 }),
  subscription: integer({ min: 1, max: 6 }),
});
type AskedFor = Record<"image" | "identity" | "subscription" | "region" | "requester", string>;
type Step = (typeof steps extends Arbitrary<infer S> ? S : never) extends (infer One)[] ? One : never;

/** All states of the queue, with who is let in by each step. */
function statesOf(all: readonly Step[], most: Limits): { before: Turns; turns: Turns; admitted: Turn[] }[] {
  let turns: Turns = { running: [], waiting: [] };
  return all.map((step, n) => {
    const before =
      typeof step === "number"
        ? withoutBuilds(turns, [turns.running[step % turns.running.length]?.buildId ?? ""])
        : queued(turns, turnOf(step, `build ${n}`));
    const next = admitted(before, most);
    turns = next.turns;
    return { before, ...next };
  });
}

function turnOf({ subscription, region, ...step }: AskedFor, buildId: string): Turn {
  return { ...step, place: `${subscription}/${region}`, buildId };
}

function isFull(running: readonly Turn[], turn: Turn, most: Limits): boolean {
  const same = (by: (one: Turn) => string | undefined) => count(running, (one) => by(one) === by(turn));
  return (
    same(({ image }) => image) >= most.image ||
    same(({ identity }) => identity) >= most.identity ||
    same(({ place }) => place) >= most.region ||
    same(({ place }) => place.split("/")[0]) >= most.subscription
  );
}

const count = <T>(all: readonly T[], is: (one: T) => boolean) => all.filter((one) => is(one)).length;

describe("turns", () => {
  it("never exceed a limit", () => {
    assert(
      property(steps, limits, (all, most) => {
        for (const { running } of statesOf(all, most).map(({ turns }) => turns)) {
          for (const one of running)
            expect(
              isFull(
                running.filter((other) => other !== one),
                one,
                most,
              ),
            ).toBe(false);
        }
      }),
    );
  });

  it("let nobody wait for whom there is room, but for the place that is kept for one before", () => {
    assert(
      property(steps, limits, (all, most) => {
        for (const { turns } of statesOf(all, most)) {
          for (const [at, turn] of turns.waiting.entries()) {
            const kept = [undefined, ...turns.waiting.slice(0, at)];
            expect(kept.some((one) => isFull([...turns.running, ...(one ? [one] : [])], turn, most))).toBe(true);
            expect(waitsFor(turns, turn.buildId, most)).toBeDefined();
          }
        }
      }),
    );
  });

  it("come to everybody who needs room in several limits, though all who end ask again", () => {
    assert(
      property(steps, limits, asking, array(nat(20), { minLength: 1 }), (all, most, mine, order) => {
        let { turns } = statesOf(all, most).at(-1) ?? { turns: { running: [], waiting: [] } };
        turns = admitted(queued(turns, turnOf({ ...mine, image: "mine" }, "mine")), most).turns;
        let ended = 0;
        // With each round, in which all end that run, one more of those before it gets its turn, or has waited for its own
        // image until then and keeps its place from now on.
        for (let round = 2 * turns.waiting.length; round > 0; round--) {
          const run = [...turns.running];
          while (run.length > 0) {
            const [one] = run.splice((order[ended % order.length] ?? 0) % run.length, 1);
            if (!one) continue;
            const buildId = `again ${ended++}`;
            turns = queued(withoutBuilds(turns, [one.buildId]), { ...one, buildId, image: buildId });
            ({ turns } = admitted(turns, most));
          }
        }
        expect(turns.waiting.map(({ buildId }) => buildId)).not.toContain("mine");
      }),
    );
  });

  it.each(["image", "requester"] as const)("never let another %s have two before one that waits", (by) => {
    // One place, and of images where requesters are compared one: whoever waits could take any turn that comes.
    const wide = { identity: 500, region: 1, subscription: 500, image: 500 };
    assert(
      property(steps, (all) => {
        const same = all.map((step) =>
          typeof step === "number"
            ? step
            : { ...step, subscription: "s", region: "r", ...(by === "requester" ? { image: "one" } : {}) },
        );
        const since = new Map<string, string[]>();
        for (const { before, turns, admitted: letIn } of statesOf(same, wide)) {
          for (const waiting of new Set(before.waiting.map((turn) => turn[by] ?? ""))) {
            const others = since.get(waiting) ?? [];
            for (const turn of letIn) others.push(turn[by] ?? "");
            const gotIt = letIn.some((turn) => turn[by] === waiting);
            expect(new Set(others).size).toBe(others.length);
            since.set(waiting, gotIt ? [] : others);
          }
          for (const known of since.keys()) {
            if (!turns.waiting.some((turn) => turn[by] === known)) since.delete(known);
          }
        }
      }),
    );
  });

  it("come after as many others as was told, while nobody else asks", () => {
    assert(
      property(steps, (all) => {
        const one = { identity: 500, region: 500, subscription: 1, image: 500 };
        const same = all.map((step) => (typeof step === "number" ? step : { ...step, subscription: "s" }));
        let turns = statesOf(same, one).at(-1)?.turns ?? { running: [], waiting: [] };
        const told = new Map(turns.waiting.map(({ buildId }) => [ahead(turns, buildId), buildId]));
        const came: string[] = [];
        while (turns.waiting.length > 0) {
          const next = admitted({ ...turns, running: [] }, one);
          came.push(...next.admitted.map(({ buildId }) => buildId));
          turns = next.turns;
        }
        expect(came.map((_, n) => told.get(n))).toEqual(came);
      }),
    );
  });
});
