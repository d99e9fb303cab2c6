import { codeOf, errorAnswer } from "../azure/azureError.ts";
import { StepDelayed, StepFailed } from "../domain/failure.ts";

/** The code that such a message begins with. */
export function codeIn(message: string): string | undefined {
  return /^(?<code>[A-Za-z][A-Za-z0-9-]{0,60}): /.exec(message)?.groups?.code;
}

/** The code of what has none, since there was no answer. */
export const NO_ANSWER = "no-answer";

/** The code of what may pass by itself; also where there has been no answer. */
export function passingCode(message: string): string {
  return codeIn(message) ?? NO_ANSWER;
}

/**
 * Why a step failed for good, in codes alone: of one that was repeated until there was no patience left, which one it
 * was, and what it was answered last.
 */
export function codesOf({ failure: { code, message } }: StepFailed): string {
  const { step, answer = "" } = /^(?<step>[\w.]+): (?<answer>[^]*)$/.exec(message)?.groups ?? {};
  return code === "step-failed" && step ? `${code}: ${step}: ${passingCode(answer)}` : code;
}

/**
 * Why something went wrong, as a line of the log may tell it: by its code alone where it has one, since what follows are
 * Azure's words, and else as a fault of ours, by where it happened.
 */
export function whyOf(error: unknown): { why: string; code?: string } {
  const code = codeBehind(error);
  if (code !== undefined) return { why: code, code };
  // What cannot be parsed is quoted in the message, and may be a body.
  if (error instanceof SyntaxError) return { why: [error.name, ...framesOf(error)].join("\n") };
  return { why: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

function codeBehind(error: unknown): string | undefined {
  if (error instanceof StepFailed) return error.failure.code;
  if (error instanceof StepDelayed) return codeIn(error.message);
  const answer = errorAnswer(error);
  return answer && codeOf(answer);
}

function framesOf({ stack = "" }: Error): string[] {
  return stack.split("\n").filter((line) => /^ +at /.test(line));
}
