import { beforeAll, describe, expect, it } from "vitest";
import { newBuildId } from "../../../src/domain/buildId.ts";
import { turnOf, type Turns } from "../../../src/domain/turns.ts";
import { type Asked, turnsEntity } from "../../../src/entities/turns.ts";

const WAITING = 500;
const RUNNING = 20;
const LONGEST_IMAGE_NAME = 24;
const guid = (n: number) => `11111111-2222-4333-8444-${String(n).padStart(12, "0")}`;

/** Of 25 images and 25 people, with names as long as they get. */
function turn(n: number) {
  const image = `image-${n % 25}-`.padEnd(LONGEST_IMAGE_NAME, "x");
  const buildId = newBuildId(image, new Date("2026-01-15T02:00:00Z"), [n, n >> 5, n >> 10, 0]);
  const plan = { buildId, image, place: `${guid(0)}/southafricanorth`, builderPrincipalId: guid(1) };
  return turnOf(plan, { door: "http", requester: `${guid(2)}/${guid(n % 25)}` });
}

describe("a queue of five hundred builds", () => {
  const state: Turns = { running: [], waiting: [] };
  const { ask, giveBack } = turnsEntity({ image: 1, identity: 40, region: RUNNING, subscription: 60 }, 24).operations;
  const answers: Asked[] = [];
  beforeAll(async () => {
    for (let n = 0; n < WAITING + RUNNING; n++) answers.push(await ask(state, turn(n)));
  });

  it("is kept in 160 KB, and tells each in a hundred bytes where it stands", () => {
    expect([state.running.length, state.waiting.length]).toEqual([RUNNING, WAITING]);
    expect(JSON.stringify(state).length).toBeLessThan(160 * 1024);
    for (const told of answers) expect(JSON.stringify(told).length).toBeLessThan(100);
  });

  it("has one build woken for each turn that is given back", async () => {
    for (let n = 0; n < 3; n++) {
      const buildIds = [state.running[0]?.buildId ?? ""];
      const { next } = await giveBack(state, { buildIds });
      expect(next).toHaveLength(1);
      expect(state.running.map(({ buildId }) => buildId)).toEqual(expect.arrayContaining(next));
    }
  });

  it("goes on with builds that asked before they named who asks and with which identity", async () => {
    const { requester: _, identity: __, ...before } = turn(0);
    const known: Turns = {
      running: [{ ...before, buildId: "a", image: "a" }],
      waiting: [{ ...before, buildId: "b", image: "a" }],
    };
    expect(await ask(known, { ...before, buildId: "b", image: "a" })).toEqual({
      ahead: 0,
      waitsFor: "image",
      mostHours: 24,
    });
    expect(await ask(known, turn(1))).toEqual({ ahead: 0 });
    expect(await giveBack(known, { buildIds: ["a"] })).toEqual({ next: ["b"] });
  });
});
