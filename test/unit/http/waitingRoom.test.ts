import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { waitingRoom } from "../../../src/http/waitingRoom.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

/** Something that is looked at, and whether it has been answered by now. */
function watched() {
  let state = "old";
  let looks = 0;
  return {
    change: (to: string) => void (state = to),
    looks: () => looks,
    look: () => Promise.resolve((looks++, state)),
  };
}
const isNew = (seen: string, first: string) => seen !== first;

async function isAnswered(answer: Promise<unknown>): Promise<boolean> {
  let answered = false;
  void answer.then(() => (answered = true));
  await vi.advanceTimersByTimeAsync(0);
  return answered;
}

describe("a request that waits", () => {
  it("is answered with what is new within a second of it", async () => {
    const thing = watched();
    const answer = waitingRoom()(thing.look, isNew, 30);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await isAnswered(answer)).toBe(false);
    thing.change("new");
    await vi.advanceTimersByTimeAsync(1000);
    expect(await isAnswered(answer)).toBe(true);
    expect(await answer).toBe("new");
    expect(thing.looks()).toBe(12);
  });

  it("is answered when its time is over, and never looks more than once a second", async () => {
    const thing = watched();
    const answer = waitingRoom()(thing.look, isNew, 30);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await answer).toBe("old");
    expect(thing.looks()).toBe(31);
  });

  it("is answered at once where it does not want to wait, or too many wait already", async () => {
    const lookUntil = waitingRoom(2);
    const waiting = [1, 2].map(() => lookUntil(watched().look, isNew, 30));
    await vi.advanceTimersByTimeAsync(0);
    const thing = watched();
    expect(await lookUntil(thing.look, isNew, 30)).toBe("old");
    expect(thing.looks()).toBe(1);
    await vi.advanceTimersByTimeAsync(30_000);
    await Promise.all(waiting);
    const next = lookUntil(thing.look, isNew, 1);
    expect(await isAnswered(next)).toBe(false);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await next).toBe("old");
  });

  it("gives its place back where looking fails", async () => {
    const lookUntil = waitingRoom(1);
    let looks = 0;
    const failing = lookUntil(() => (looks++ ? Promise.reject(new Error("gone")) : Promise.resolve("old")), isNew, 30);
    const failed = expect(failing).rejects.toThrow("gone");
    await vi.advanceTimersByTimeAsync(1000);
    await failed;
    expect(await isAnswered(lookUntil(watched().look, isNew, 30))).toBe(false);
  });
});
