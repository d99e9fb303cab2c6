import * as z from "zod";
import { component } from "./component.ts";
import { Finding } from "./failure.ts";
import { WholePlan } from "./plan.ts";
import { ResolvedSource } from "./source.ts";

/** What a build would do that was asked for now, and what is in its way. */
export const Preview = component(
  "Preview",
  z.strictObject({
    image: z.string(),
    state: z.enum(["ready", "refused"]).describe("`refused` where any finding blocks."),
    findings: z.array(Finding),
    source: ResolvedSource.describe("What it begins with, and which version of it that is now."),
    plan: WholePlan,
  }),
);
export type Preview = z.infer<typeof Preview>;
