import type { Azure } from "../azure.ts";
import { lookUp } from "../store/lookUp.ts";
import type { StoredOperation } from "../store/state.ts";
import { notFound } from "./errors.ts";

/** @throws AzureError 404 where there is none, or none any more. */
export function existingOperation({ state }: Azure, guid: string): StoredOperation {
  const operation = lookUp(state.operations, guid.toLowerCase());
  if (operation) return operation;
  throw notFound("OperationNotFound", `The operation '${guid}' could not be found.`);
}
