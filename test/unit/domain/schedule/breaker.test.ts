import { describe, expect, it } from "vitest";
import { advise } from "../../../../src/domain/advice.ts";
import { scheduledBuildId } from "../../../../src/domain/buildId.ts";
import type { Finding } from "../../../../src/domain/failure.ts";
import type { Outcome } from "../../../../src/domain/receipt.ts";
import { withEnd } from "../../../../src/domain/schedule/breaker.ts";
import { classOfFailure, failureOf } from "../../../../src/domain/schedule/failureClass.ts";
import { NOTHING_KNOWN, type ScheduleState } from "../../../../src/domain/schedule/state.ts";

const failed = (code: string, message = code): Outcome => ({ kind: "failed", failure: advise(code, message) });
const CUSTOMIZER = failed("PackerBuildFailed");
const THROTTLED = failed("TooManyRequests");
const BUILT: Outcome = { kind: "built", imageVersions: [], runSeconds: 60 };

const finding = (code: string, severity: Finding["severity"]) => ({ code, severity, mend: "m" }) as Finding;
const refused = (...findings: Finding[]): Outcome => ({ kind: "refused", findings });

/** Ends of builds of one night after another. */
function after(
  outcomes: readonly Outcome[],
  door: "http" | "schedule" = "schedule",
  from = NOTHING_KNOWN,
): ScheduleState {
  return outcomes.reduce((state, outcome) => {
    const due = new Date(Date.UTC(2027, 0, 1 + state.noted.length, 2));
    const receipt = {
      buildId: scheduledBuildId("one", due, "test"),
      image: "one",
      outcome,
      requested: { door },
      endedAt: new Date(due.getTime() + 1_800_000).toISOString(),
      templateHash: "hash",
    };
    return withEnd(state, { receipt, source: { version: "1" } });
  }, from);
}

describe("why a build has failed", () => {
  it.each([
    ["TooManyRequests", "", "transient"],
    ["InternalOperationError", "", "transient"],
    ["build-lost", "The build's instance ended before the build did.", "transient"],
    ["step-failed", "startRun: socket hang up", "transient"],
    ["queue-expired", "The build did not get its turn in 24 hours.", "transient"],
    ["ResourceDeploymentFailure", "QuotaExceeded: Cores", "quota"],
    ["run-failed", "Packer build command has failed: exit status 1", "customizer"],
    ["run-failed", "Timeout waiting for microservice to complete: 'context deadline exceeded'", "customizer"],
    ["AuthorizationFailed", "", "configuration"],
    ["RequestDisallowedByPolicy", "", "configuration"],
    ["ValidationFailed", "Field 'imageId' has a bad value", "configuration"],
    ["template-deleted", "", "platform"],
    ["SomethingNew", "nobody knows", "platform"],
  ])("is told by its code: %s %s", (code, message, expected) => {
    expect(classOfFailure(advise(code, message))).toBe(expected);
  });

  it("is none of one that somebody did not want, or did not decide on", () => {
    for (const code of ["approval-rejected", "approval-expired"]) {
      expect(failureOf(refused(finding(code, "blocks")))).toBeUndefined();
    }
  });

  it("is told of one that was refused by what blocks it", () => {
    expect(failureOf(refused(finding("cores-quota", "blocks")))?.class).toBe("quota");
    expect(failureOf(refused(finding("cores-quota", "warns"), finding("subnet-missing", "blocks")))).toEqual({
      class: "configuration",
      code: "subnet-missing",
      mend: "m",
    });
    expect(failureOf({ kind: "cancelled" })).toBeUndefined();
  });
});

describe("a schedule whose builds fail", () => {
  it("pauses after three in a row, and tells of the last one and its mend", () => {
    expect(after([CUSTOMIZER, CUSTOMIZER]).paused).toBeUndefined();
    const state = after([CUSTOMIZER, failed("AuthorizationFailed"), CUSTOMIZER]);
    expect(state.failures.map((one) => one.class)).toEqual(["customizer", "configuration", "customizer"]);
    expect(state.paused?.since).toBe("2027-01-03T02:30:00.000Z");
    expect(state.paused?.why).toMatch(
      /^3 builds in a row have failed, the last one one-20270103-.*customizer.*recipe's step/,
    );
  });

  it("pauses after as many as its recipe says", () => {
    expect(after([CUSTOMIZER], "schedule", { ...NOTHING_KNOWN, pauseAfter: 1 }).paused).toBeDefined();
  });

  it("counts anew after a success, and neither a cancelled build nor a person's own", () => {
    expect(after([CUSTOMIZER, CUSTOMIZER, BUILT, CUSTOMIZER, CUSTOMIZER]).paused).toBeUndefined();
    expect(after([CUSTOMIZER, { kind: "cancelled" }, CUSTOMIZER]).failures).toHaveLength(2);
    expect(after([CUSTOMIZER, CUSTOMIZER, CUSTOMIZER, CUSTOMIZER], "http").failures).toEqual([]);
  });

  it("goes on when a person's build of the image succeeds, and knows that image", () => {
    const paused = after([CUSTOMIZER, CUSTOMIZER, CUSTOMIZER]);
    const state = after([BUILT], "http", paused);
    expect(state).toMatchObject({ failures: [], transient: 0 });
    expect(state.paused).toBeUndefined();
    expect(state.lastBuilt).toMatchObject({
      at: "2027-01-04T02:00:00.000Z",
      templateHash: "hash",
      source: { version: "1" },
    });
  });

  it("tries again after 15 minutes, an hour and four hours what may be over by then, and counts the fourth", () => {
    const minutes: (number | undefined)[] = [];
    let state = NOTHING_KNOWN;
    for (let count = 0; count < 4; count++) {
      const { retry: _, ...before } = state;
      const ended = Date.UTC(2027, 0, 1 + state.noted.length, 2, 30);
      state = after([THROTTLED], "schedule", before);
      minutes.push(state.retry && (Date.parse(state.retry.at) - ended) / 60_000);
    }
    const least = [15, 60, 240];
    for (const [index, most] of [20, 80, 320].entries()) {
      expect(minutes[index]).toBeGreaterThanOrEqual(least[index] ?? 0);
      expect(minutes[index]).toBeLessThan(most);
    }
    expect(minutes[3]).toBeUndefined();
    expect(state.failures).toHaveLength(1);
    expect(after([THROTTLED], "schedule", state).retry).toMatchObject({ number: 1 });
  });

  it("tries those of many images again each at its own second", () => {
    const ats = Array.from({ length: 50 }, (_, index) => {
      const receipt = {
        buildId: `image-${index}-20270101-020000-aaaa`,
        image: `image-${index}`,
        outcome: THROTTLED,
        requested: { door: "schedule" as const },
        endedAt: "2027-01-01T03:00:00.000Z",
      };
      return withEnd(NOTHING_KNOWN, { receipt, source: undefined }).retry?.at;
    });
    expect(new Set(ats).size).toBeGreaterThan(40);
  });

  it("takes note of a build's end once, however often it is told", () => {
    const once = after([CUSTOMIZER]);
    const receipt = {
      buildId: once.noted[0] ?? "",
      image: "one",
      outcome: CUSTOMIZER,
      requested: { door: "schedule" as const },
      endedAt: "2027-01-01T03:00:00.000Z",
    };
    expect(withEnd(once, { receipt, source: undefined })).toEqual(once);
  });

  it("does not take a build that was asked for earlier for the last image", () => {
    const state = after([BUILT, BUILT]);
    const receipt = {
      buildId: scheduledBuildId("one", new Date(Date.UTC(2026, 11, 1)), "test"),
      image: "one",
      outcome: BUILT,
      requested: { door: "http" as const },
      endedAt: "2027-02-01T03:00:00.000Z",
    };
    expect(withEnd(state, { receipt, source: undefined }).lastBuilt).toEqual(state.lastBuilt);
  });
});
