/** An error of the worker itself, not of the app's code. */
export class AzFuncSystemError extends Error {
  isAzureFunctionsSystemError = true;
}

export class AzFuncRangeError extends RangeError {
  isAzureFunctionsSystemError = true;
}

export class ReadOnlyError extends TypeError {
  isAzureFunctionsSystemError = true;

  constructor(property: string) {
    super(`Cannot assign to read only property '${property}'`);
  }
}

/** What the host is told of an error: it is all that is left of it. */
export interface RpcException {
  message: string;
  stack: string;
}

/** Anything can be thrown. */
export function rpcExceptionOf(thrown: unknown): RpcException {
  const error = thrown instanceof Error ? thrown : new Error(messageOf(thrown));
  return { message: error.message, stack: error.stack ?? "" };
}

function messageOf(thrown: unknown): string {
  if (thrown === undefined || thrown === null) return "Unknown error";
  return typeof thrown === "object" ? JSON.stringify(thrown) : `${thrown as string | number | boolean}`;
}
