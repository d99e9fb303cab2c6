import { z } from "zod";
import { line } from "../buildRequest.ts";
import { zoneName } from "../trustZone.ts";
import { customize } from "./customize.ts";
import { distribute } from "./distribute.ts";
import { egress } from "./egress.ts";
import { imageName, region, tags } from "./fields.ts";
import { source } from "./source.ts";
import { vm } from "./vm.ts";

/** What a person writes into `images/<name>.yaml`. Fields are Azure's where Azure has the thing. */
export const Recipe = z.strictObject({
  name: imageName,
  description: z.string().min(1).max(500),
  location: region,
  /** The trust zone whose builder builds it: what it may use is in the service's settings. */
  zone: zoneName.default("default"),
  source,
  customize,
  distribute,
  vm,
  /** Host names that the customizers reach, and at which ports. */
  egress,
  /** Warnings of the preflight that are put up with, each for a reason. */
  accept: z
    .array(
      z.strictObject({
        code: z.string().regex(/^[a-z0-9-]+$/, { error: "takes a code of docs/preflight.md" }),
        reason: line(300),
      }),
    )
    .max(50)
    .default([]),
  tags: tags.default({}),
  /** Minutes after which image builder ends the build itself. It fails on 1 to 5, which its schema allows. */
  timeoutMinutes: z.int().min(6).max(960).default(240),
  schedule: z
    .strictObject({
      /** Five fields: minute, hour, day of month, month, day of week. */
      cron: z.string().min(1),
      timeZone: z.string().min(1).default("UTC"),
    })
    .optional(),
});

export type Recipe = z.infer<typeof Recipe>;
