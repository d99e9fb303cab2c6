import * as z from "zod";
import { component } from "./component.ts";
import { FailedSweep, SweepReport } from "./sweepReport.ts";

const common = { id: z.string(), links: z.strictObject({ self: z.url() }) };

/** What `GET /api/sweeps/{id}` answers with. */
export const SweepView = component(
  "Sweep",
  z.union([
    z.strictObject({ ...common, state: z.literal("running") }),
    z.strictObject({
      ...common,
      state: z
        .enum(["done", "incomplete"])
        .describe("`incomplete`: it could not look everywhere, or not do everything."),
      report: SweepReport,
    }),
    z.strictObject({ ...common, state: z.literal("failed"), report: FailedSweep }),
    z.strictObject({ ...common, state: z.literal("failed"), detail: z.string() }),
  ]),
);
export type SweepView = z.infer<typeof SweepView>;

/** What `POST /api/sweep` answers with. */
export const SweepAccepted = component("SweepAccepted", z.strictObject({ ...common, state: z.literal("accepted") }));
