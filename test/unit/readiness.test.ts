import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NotReady, type SettingFault } from "../../src/domain/notReady.ts";
import { whereReady } from "../../src/functions/whereReady.ts";
import { type GroundLook, readiness } from "../../src/readiness.ts";

const fault: SettingFault = { setting: "AZURE_SUBSCRIPTION_ID", state: "wrong", mend: "Takes a subscription." };
const RIGHT: GroundLook = { kind: "right" };
const WRONG: GroundLook = { kind: "wrong", faults: [fault] };

/** @param answers one a look; the last one stays. */
function asking(...answers: (GroundLook | Error)[]) {
  let looks = 0;
  const lookAtGround = async () => {
    const answer = answers[Math.min(looks++, answers.length - 1)];
    if (!answer || answer instanceof Error) throw answer ?? new Error("Nothing is said.");
    return answer;
  };
  return { lookAtGround, looks: () => looks };
}

const refusing = () => Promise.reject(new NotReady([fault]));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("whether the service may work", () => {
  it("is asked of nobody where its settings cannot be used", async () => {
    const { lookAtGround, looks } = asking(RIGHT);
    const { mayWork, known } = readiness({ faults: [fault], lookAtGround });
    await expect(mayWork()).rejects.toThrow(NotReady);
    expect([known(), looks()]).toEqual([[fault], 0]);
  });

  it("is asked of Azure once, however many want to know and however long it is", async () => {
    const { lookAtGround, looks } = asking(RIGHT, WRONG);
    const { mayWork } = readiness({ faults: [], lookAtGround });
    await Promise.all([mayWork(), mayWork(), mayWork()]);
    vi.advanceTimersByTime(86_400_000);
    expect([mayWork(), looks()]).toEqual([undefined, 1]);
  });

  it("is asked again after half a minute where Azure said no, since somebody may have mended it there", async () => {
    const { lookAtGround, looks } = asking(WRONG, RIGHT);
    const { mayWork, known } = readiness({ faults: [], lookAtGround });
    await expect(mayWork()).rejects.toMatchObject({ faults: [fault] });
    expect(known()).toEqual([fault]);
    vi.advanceTimersByTime(29_000);
    await expect(mayWork()).rejects.toThrow(NotReady);
    expect(looks()).toBe(1);
    vi.advanceTimersByTime(2_000);
    await mayWork();
    expect([known(), looks()]).toEqual([[], 2]);
  });

  it("is known once somebody has asked how the service is", async () => {
    const { lookAtGround, looks } = asking(RIGHT, WRONG);
    const { ask, mayWork } = readiness({ faults: [], lookAtGround });
    expect(await ask()).toEqual(RIGHT);
    expect(mayWork()).toBeUndefined();
    // Later something else may be seen: who asks is told, and who works meets it in its own steps.
    expect(await ask()).toEqual(WRONG);
    expect([mayWork(), looks()]).toEqual([undefined, 2]);
  });

  it("is not denied because Azure gives no answer", async () => {
    const { lookAtGround, looks } = asking(new Error("ECONNRESET"), WRONG);
    const { mayWork } = readiness({ faults: [], lookAtGround });
    await mayWork();
    await mayWork();
    expect(looks()).toBe(1);
    vi.advanceTimersByTime(31_000);
    await expect(mayWork()).rejects.toThrow(NotReady);
  });
});

describe("a tick of a timer", () => {
  it("is left out where the service may not work, and the log has one line that says what to mend", async () => {
    const lines: string[] = [];
    const tick = vi.fn(async () => {});
    await whereReady(refusing, { error: (line: string) => void lines.push(line) }, tick);
    expect(tick).not.toHaveBeenCalled();
    expect(lines).toEqual([expect.stringMatching(/AZURE_SUBSCRIPTION_ID \(wrong\)[^\n]*\/api\/health/)]);
    await whereReady(() => undefined, { error: () => {} }, tick);
    expect(tick).toHaveBeenCalledOnce();
  });
});
