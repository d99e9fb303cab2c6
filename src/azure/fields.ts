/** Fields of answers, each of which may be missing or null. */
import * as z from "zod";

export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);
export const texts = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);
export const list = <Schema extends z.ZodType>(one: Schema) =>
  z
    .array(one)
    .nullish()
    .transform((value) => value ?? []);
export const reference = z
  .object({ id: z.string() })
  .nullish()
  .transform((value) => value?.id);
