import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NotReady, type SettingFault } from "../../src/domain/notReady.ts";
import { BEGINNING, OF_TEMPLATES, type Work, workOf } from "../../src/domain/work.ts";
import { whereReady } from "../../src/functions/whereReady.ts";
import { type GroundLook, readiness } from "../../src/readiness.ts";
import { registeredNames } from "../support/registered.ts";

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

const wrong = (setting: string): SettingFault => ({ setting, state: "wrong", mend: "" });

const HIDDEN: GroundLook = { kind: "hidden", faults: [fault] };

const refusing = () => Promise.reject(new NotReady([fault]));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("whether the service may work", () => {
  it("is asked of nobody where its settings cannot be used", async () => {
    const { lookAtGround, looks } = asking(RIGHT);
    const { mayWork, known } = readiness({ faults: [fault], lookAtGround });
    await expect(mayWork("begins")).rejects.toThrow(NotReady);
    expect([known(), looks()]).toEqual([[fault], 0]);
  });

  it("is asked of Azure once, however many want to know and however long it is", async () => {
    const { lookAtGround, looks } = asking(RIGHT, WRONG);
    const { mayWork } = readiness({ faults: [], lookAtGround });
    await Promise.all([mayWork("begins"), mayWork("begins"), mayWork("begins")]);
    vi.advanceTimersByTime(86_400_000);
    expect([mayWork("begins"), looks()]).toEqual([undefined, 1]);
  });

  it("is asked again after half a minute where Azure said no, since somebody may have mended it there", async () => {
    const { lookAtGround, looks } = asking(WRONG, RIGHT);
    const { mayWork, known } = readiness({ faults: [], lookAtGround });
    await expect(mayWork("begins")).rejects.toMatchObject({ faults: [fault] });
    expect(known()).toEqual([fault]);
    vi.advanceTimersByTime(29_000);
    await expect(mayWork("begins")).rejects.toThrow(NotReady);
    expect(looks()).toBe(1);
    vi.advanceTimersByTime(2_000);
    await mayWork("begins");
    expect([known(), looks()]).toEqual([[], 2]);
  });

  it("is known once somebody has asked how the service is", async () => {
    const { lookAtGround, looks } = asking(RIGHT, WRONG);
    const { ask, mayWork } = readiness({ faults: [], lookAtGround });
    expect(await ask()).toEqual(RIGHT);
    expect(mayWork("begins")).toBeUndefined();
    // Later something else may be seen: who asks is told, and who works meets it in its own steps.
    expect(await ask()).toEqual(WRONG);
    expect([mayWork("begins"), looks()]).toEqual([undefined, 2]);
  });

  it("is denied to what begins something where Azure shows nothing, and not to what ends what there is", async () => {
    const { mayWork, known } = readiness({ faults: [], lookAtGround: asking(HIDDEN).lookAtGround });
    await expect(mayWork("begins")).rejects.toMatchObject({ faults: [fault] });
    await expect(mayWork("ends")).resolves.toBeUndefined();
    await expect(mayWork("templates")).resolves.toBeUndefined();
    expect(known()).toEqual([fault]);
  });

  it("tells what Azure shows to be wrong whenever that changes, and not each time", async () => {
    const told: (readonly SettingFault[])[] = [];
    const { lookAtGround } = asking(WRONG, HIDDEN, new Error("ECONNRESET"), HIDDEN, RIGHT, WRONG);
    const { ask } = readiness({ faults: [], lookAtGround, onFaults: (faults) => void told.push(faults) });
    for (let looks = 0; looks < 6; looks++) await ask();
    expect(told).toEqual([[fault], [fault]]);
  });

  it("is not denied because Azure gives no answer", async () => {
    const { lookAtGround, looks } = asking(new Error("ECONNRESET"), WRONG);
    const { mayWork } = readiness({ faults: [], lookAtGround });
    await mayWork("begins");
    await mayWork("begins");
    expect(looks()).toBe(1);
    vi.advanceTimersByTime(31_000);
    await expect(mayWork("begins")).rejects.toThrow(NotReady);
  });
});

describe("what a setting that is wrong keeps from being done", () => {
  const WORKS: Work[] = ["begins", "templates", "ends"];

  /** @returns what is done all the same. */
  async function doneWith(setting: string, foundBy: "settings" | "Azure"): Promise<Work[]> {
    const faults = [wrong(setting)];
    const { mayWork } =
      foundBy === "Azure"
        ? readiness({ faults: [], lookAtGround: asking({ kind: "wrong", faults }).lookAtGround })
        : readiness({ faults, lookAtGround: asking(RIGHT).lookAtGround });
    const done = await Promise.allSettled(WORKS.map(async (work) => mayWork(work)));
    return WORKS.filter((_, at) => done[at]?.status === "fulfilled");
  }

  it.each(["GOLDSMITH_ALLOWED_ORIGINS", "GOLDSMITH_CALLBACK_SECRET_TICKETS", "GOLDSMITH_TRUST_ZONES"])(
    "is only what begins something: %s",
    async (setting) => expect(await doneWith(setting, "settings")).toEqual(["templates", "ends"]),
  );

  it.each(["settings", "Azure"] as const)("is no revocation, where the template group is wrong, say %s", async (by) =>
    expect(await doneWith("GOLDSMITH_TEMPLATE_RESOURCE_GROUP", by)).toEqual(["ends"]),
  );

  it.each(["settings", "Azure"] as const)("is all, where nobody knows what is ours, say %s", async (by) => {
    expect(await doneWith("GOLDSMITH_SERVICE_PRINCIPAL_ID", by)).toEqual([]);
  });

  it("is told of steps by names that there are", async () => {
    const { activities, entities } = await registeredNames();
    const unknown = [...BEGINNING, ...OF_TEMPLATES].filter(
      (name) => !activities.includes(name) && !entities.includes(name.replace(/\..*/, "")),
    );
    expect(unknown).toEqual([]);
    expect(["lease.leave", "lease.sweep", "findOverdue", "overdueByLeases"].map(workOf)).toEqual(Array(4).fill("ends"));
  });
});

describe("what is known of the settings", () => {
  it("is nothing until Azure has answered, who is asked for it, and then stays known while it is asked again", async () => {
    const { lookAtGround, looks } = asking(WRONG);
    const { known } = readiness({ faults: [], lookAtGround });
    expect([known(), known()]).toEqual([undefined, undefined]);
    await vi.advanceTimersByTimeAsync(1);
    expect([known(), looks()]).toEqual([[fault], 1]);
    await vi.advanceTimersByTimeAsync(31_000);
    expect([known(), looks()]).toEqual([[fault], 2]);
  });

  it("keeps no probe waiting for an Azure that cannot answer", async () => {
    const { known } = readiness({ faults: [], lookAtGround: asking(new Error("ECONNRESET")).lookAtGround });
    known();
    await vi.advanceTimersByTimeAsync(1);
    expect(known()).toEqual([]);
  });
});

describe("a tick of a timer", () => {
  it("is left out where the service may not work, and the log has one line that says what to mend", async () => {
    const lines: string[] = [];
    const tick = vi.fn(async () => {});
    await whereReady(refusing, "begins", { error: (line: string) => void lines.push(line) }, tick);
    expect(tick).not.toHaveBeenCalled();
    expect(lines).toEqual([expect.stringMatching(/AZURE_SUBSCRIPTION_ID \(wrong\)[^\n]*\/api\/health/)]);
    await whereReady(() => undefined, "begins", { error: () => {} }, tick);
    expect(tick).toHaveBeenCalledOnce();
  });
});
