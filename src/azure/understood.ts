import type * as z from "zod";
import type { Observed } from "../domain/preflight/observed.ts";
import { unexpected } from "./armReader.ts";

/** What was read, as a schema has it; an answer that does not fit it is unreadable, and no exception. */
export function understood<T>(observed: Observed<unknown>, schema: z.ZodType<T>): Observed<T> {
  if (observed.kind !== "found") return observed;
  const parsed = schema.safeParse(observed.value);
  if (parsed.success) return { ...observed, value: parsed.data };
  const [issue] = parsed.error.issues;
  return { resource: observed.resource, ...unexpected(`${issue?.path.join(".")}: ${issue?.message}`) };
}
