import { RestError } from "@azure/core-rest-pipeline";
import { describe, expect, it } from "vitest";
import { callAzure } from "../../../src/azure/azureError.ts";
import { advise } from "../../../src/domain/advice.ts";
import { StepFailed } from "../../../src/domain/failure.ts";
import { codesOf, whyOf } from "../../../src/telemetry/whyOf.ts";

const WORDS = "words of Azure's";
const answered = (statusCode: number, code?: string) => new RestError(WORDS, { statusCode, ...(code && { code }) });

/** What a call of Azure throws that is answered so. */
async function thrownBy(answer: Error): Promise<unknown> {
  const refuse = async () => {
    throw answer;
  };
  return callAzure(refuse).catch((error: unknown) => error);
}

function thrownIn(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

describe("why something went wrong, as the log may tell it,", () => {
  it.each<[string, () => unknown, code: string]>([
    ["of a refusal", () => thrownBy(answered(403, "AuthorizationFailed")), "AuthorizationFailed"],
    ["of what may pass", () => thrownBy(answered(503, "ServerBusy")), "ServerBusy"],
    ["of an answer without a code", () => thrownBy(answered(502)), "http-502"],
    ["of an answer that nobody has looked at", () => answered(409, "Conflict"), "Conflict"],
    ["of a failure of the service's own", () => new StepFailed(advise("run-overdue", WORDS)), "run-overdue"],
  ])("%s is its code alone", async (_, make, code) => {
    expect(whyOf(await make())).toEqual({ why: code, code });
  });

  it("of a fault of ours is where it happened", () => {
    const { why, code } = whyOf(new TypeError("x is not a function"));
    expect(why).toMatch(/^TypeError: x is not a function\n +at .*whyOf\.test\.ts/);
    expect(code).toBeUndefined();
  });

  it("of a text that is no JSON has nothing of the text", () => {
    const error = thrownIn(() => JSON.parse("<b>words"));
    expect(String(error)).toContain("words");
    expect(whyOf(error).why).toMatch(/^SyntaxError\n +at /);
  });
});

describe("why a step failed for good, in codes,", () => {
  it.each([
    ["AuthorizationFailed", WORDS, "AuthorizationFailed"],
    ["step-failed", `planSweep: ServerBusy: ${WORDS}`, "step-failed: planSweep: ServerBusy"],
    ["step-failed", `lease.sweep: ${WORDS}`, "step-failed: lease.sweep: no-answer"],
    ["step-failed", WORDS, "step-failed"],
  ])("of %s with '%s' is '%s'", (code, message, codes) => {
    expect(codesOf(new StepFailed(advise(code, message)))).toBe(codes);
  });
});
