import { describe, expect, it } from "vitest";
import {
  admitted as admittedBy,
  queued,
  turnOf,
  type Turns,
  waitsFor,
  withoutBuilds,
} from "../../../src/domain/turns.ts";

const turn = (buildId: string, image = buildId, place = "here") => ({ buildId, image, place });
const of = (buildId: string, identity: string, place: string) => ({ ...turn(buildId, buildId, place), identity });
const admitted = (turns: Turns, region: number) =>
  admittedBy(turns, { image: 1, identity: 500, region, subscription: 500 });
const EMPTY: Turns = { running: [], waiting: [] };
const queue = (...turns: ReturnType<typeof turn>[]) => turns.reduce(queued, EMPTY);
const running = ({ turns }: ReturnType<typeof admitted>) => turns.running.map(({ buildId }) => buildId);

describe("the queue of builds", () => {
  it("lets as many run as there is room for, in the order in which they asked", () => {
    const first = admitted(queue(turn("a"), turn("b"), turn("c")), 2);
    expect(running(first)).toEqual(["a", "b"]);
    const second = admitted(withoutBuilds(first.turns, ["a"]), 2);
    expect(running(second)).toEqual(["b", "c"]);
    expect(second.admitted.map(({ buildId }) => buildId)).toEqual(["c"]);
  });

  it("builds one of an image at a time, and lets others by meanwhile", () => {
    const first = admitted(queue(turn("a1", "a"), turn("a2", "a"), turn("b")), 5);
    expect(running(first)).toEqual(["a1", "b"]);
    expect(running(admitted(withoutBuilds(first.turns, ["a1"]), 5))).toEqual(["b", "a2"]);
  });

  it("counts each subscription and region for itself", () => {
    const turns = queue(turn("a"), turn("b"), turn("c", "c", "there"));
    expect(running(admitted(turns, 1))).toEqual(["a", "c"]);
  });

  it("keeps what comes free for who needs more than that", () => {
    const most = { image: 1, identity: 1, region: 1, subscription: 500 };
    const { turns } = admittedBy(
      [
        of("a", "mine", "there"),
        of("b", "other", "here"),
        of("both", "mine", "here"),
        of("a2", "mine", "there"),
      ].reduce(queued, EMPTY),
      most,
    );
    const meanwhile = admittedBy(withoutBuilds(turns, ["a"]), most).turns;
    expect(running({ turns: meanwhile, admitted: [] })).toEqual(["b"]);
    expect(waitsFor(meanwhile, "a2", most)).toBe("identity");
    expect(running(admittedBy(withoutBuilds(meanwhile, ["b"]), most))).toEqual(["both"]);
  });

  it("takes who asks again for who asked before", () => {
    const { turns } = admitted(queue(turn("a"), turn("b")), 1);
    expect(queued(queued(turns, turn("a")), turn("b"))).toEqual(turns);
  });

  it("forgets who leaves, whether it ran or waited", () => {
    const { turns } = admitted(queue(turn("a"), turn("b"), turn("c")), 1);
    expect(withoutBuilds(turns, ["a", "b", "nobody"])).toEqual({ running: [], waiting: [turn("c")] });
  });

  it("tells requesters apart by who they are, and what nobody known has asked for by its door", () => {
    const plan = { buildId: "b", image: "i", place: "s/r", builderPrincipalId: "p" };
    expect(turnOf(plan, { door: "http", requester: "tenant/object" })).toHaveProperty("requester", "tenant/object");
    expect(turnOf(plan, { door: "schedule" })).toHaveProperty("requester", "schedule");
  });
});
