import { advise } from "../domain/advice.ts";
import { StepDelayed, StepFailed, StepThrottled } from "../domain/failure.ts";
import { retryAfterSeconds } from "../domain/retryAfter.ts";

/** What the SDKs throw when Azure answers with an error; they have no class of it in common. */
interface ErrorAnswer {
  statusCode: number;
  code?: string;
  message: string;
  /** What Azure asks to wait before the next request; undefined where it does not. */
  retryAfterSeconds?: number;
}

/** @returns undefined where the error is no answer of Azure's: a lost connection, a fault of ours. */
export function errorAnswer(error: unknown): ErrorAnswer | undefined {
  if (!(error instanceof Error) || !("statusCode" in error) || typeof error.statusCode !== "number") return undefined;
  // Storage names the code in a header too, also where the answer has no body.
  const code = "code" in error && typeof error.code === "string" ? error.code : headerOf(error, "x-ms-error-code");
  const wait = retryAfterSeconds(headerOf(error, "retry-after"), new Date());
  return {
    statusCode: error.statusCode,
    message: error.message,
    ...(code ? { code } : {}),
    ...(wait === undefined ? {} : { retryAfterSeconds: wait }),
  };
}

/** Azure's code, or else one that says how it was answered. */
export function codeOf({ code, statusCode }: ErrorAnswer): string {
  return code ?? `http-${statusCode}`;
}

function headerOf(error: Error, name: string): string | undefined {
  const { response } = error as { response?: { headers?: { get?: (name: string) => string | undefined } } };
  return response?.headers?.get?.(name);
}

function isNotFound(error: unknown): boolean {
  return errorAnswer(error)?.statusCode === 404;
}

/** Codes of refusals that pass by themselves: something else is under way, or a fresh thing is not known everywhere. */
const PASSING = new Set(["AnotherOperationInProgress", "PrincipalNotFound", "RetryableError"]);

/** Whether the same call may succeed when it is made again; a lost connection and a token that has expired count so. */
export function isTransient(error: unknown): boolean {
  const answer = errorAnswer(error);
  if (!answer || PASSING.has(answer.code ?? "")) return true;
  return [401, 408, 429].includes(answer.statusCode) || answer.statusCode >= 500;
}

/**
 * Runs a call of an SDK, once. What Azure refuses for good becomes a StepFailed with advice; what may pass is thrown
 * with the time that Azure asks for, and whoever called the step repeats it.
 */
export async function callAzure<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const answer = errorAnswer(error);
    if (!answer) throw error;
    if (isTransient(error)) throw passing(answer, error);
    throw new StepFailed(advise(codeOf(answer), answer.message));
  }
}

/**
 * Runs a call of the clean-up. Nothing that Azure says to it is final, since what is left behind stays: every refusal
 * is thrown for repetition, with its code in the text.
 */
export async function insistOn<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const answer = errorAnswer(error);
    throw answer ? passing(answer, error) : error;
  }
}

function passing(answer: ErrorAnswer, cause: unknown): StepDelayed {
  const { statusCode, message, retryAfterSeconds = 0 } = answer;
  const Delayed = statusCode === 429 ? StepThrottled : StepDelayed;
  return new Delayed(`${codeOf(answer)}: ${message}`, retryAfterSeconds, { cause });
}

/** As `callAzure`; what Azure does not know is undefined. */
export async function findInAzure<T>(call: () => Promise<T>): Promise<T | undefined> {
  return callAzure(() => call().catch(unknownIfNotFound));
}

/** For `catch`: what Azure does not know is undefined. */
export function unknownIfNotFound(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
  return undefined;
}
