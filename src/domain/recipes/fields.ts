import { z } from "zod";
import { parseResourceId } from "../resourceId.ts";

/** A name of ours: it becomes part of build ids, template names and blob paths. */
export const imageName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
  .max(24);

export const idOf = (type: string) =>
  z
    .string()
    .refine(
      (id) =>
        parseResourceId(
          id.replace(/^\/resourceGroups\//i, `/subscriptions/${"0".repeat(36)}/resourceGroups/`),
        )?.type.toLowerCase() === type.toLowerCase(),
      { error: `is not the id of a ${type}; it may begin at /resourceGroups/` },
    );

export const tags = z.record(z.string().min(1).max(512), z.string().max(256));
export const region = z.string().regex(/^[a-z0-9]+$/, { error: "takes a region's name: westeurope, not West Europe" });

export const uri = z.string().refine((text) => URL.canParse(text), { error: "is not a URI" });
export const sha256Checksum = z
  .string()
  .regex(/^[0-9a-f]{64}$/, { error: "takes 64 hexadecimal digits in lower case" });
