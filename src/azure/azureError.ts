import { advise } from "../domain/advice.ts";
import { StepFailed } from "../domain/failure.ts";

/** What the SDKs throw when Azure answers with an error; they have no class of it in common. */
interface ErrorAnswer {
  statusCode: number;
  code?: string;
  message: string;
}

/** @returns undefined where the error is no answer of Azure's: a lost connection, a fault of ours. */
export function errorAnswer(error: unknown): ErrorAnswer | undefined {
  if (!(error instanceof Error) || !("statusCode" in error) || typeof error.statusCode !== "number") return undefined;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return { statusCode: error.statusCode, message: error.message, ...(code ? { code } : {}) };
}

export function isNotFound(error: unknown): boolean {
  return errorAnswer(error)?.statusCode === 404;
}

/** Whether the same call may succeed when it is made again; a lost connection counts as such. */
export function isTransient(error: unknown): boolean {
  const status = errorAnswer(error)?.statusCode;
  return status === undefined || status === 408 || status === 429 || status >= 500;
}

/**
 * Runs a call of an SDK. What Azure refuses for good becomes a StepFailed with advice; what may pass is thrown as it
 * is, for the engine to retry.
 */
export async function callAzure<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const answer = errorAnswer(error);
    if (!answer || isTransient(error)) throw error;
    throw new StepFailed(advise(answer.code ?? `http-${answer.statusCode}`, answer.message));
  }
}

/** As `callAzure`; what Azure does not know is undefined. */
export async function findInAzure<T>(call: () => Promise<T>): Promise<T | undefined> {
  return callAzure(() =>
    call().catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    }),
  );
}
