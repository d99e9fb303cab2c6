import * as z from "zod";

/** Pieces of what bodies must look like. Fields that a shape does not name are let through. */

type Fields = z.core.$ZodLooseShape;

export const text = z.string().optional();
export const flag = z.boolean().optional();
export const date = z.iso.datetime({ offset: true }).optional();
export const strings = z.array(z.string()).optional();

export const object = <T extends Fields>(fields: T) => z.looseObject(fields);
export const part = <T extends Fields>(fields: T) => z.looseObject(fields).optional();
export const list = <T extends Fields>(fields: T) => z.array(z.looseObject(fields)).optional();

export const anything = part({});
export const reference = part({ id: z.string() });
export const references = list({ id: z.string() });

/** A body that needs no properties; those that it has look like this. */
export const body = <T extends Fields>(properties: T) => object({ properties: part(properties) });
/** A body that needs properties. */
export const fullBody = <T extends Fields>(properties: T) => object({ properties: object(properties) });

/** Azure takes its words in any case, and gives them back in its own. */
export const word = (...words: string[]) =>
  z
    .string()
    .transform((said) => words.find((one) => one.toLowerCase() === said.toLowerCase()))
    .refine((known) => known !== undefined, { error: `is none of ${words.join(", ")}` });
