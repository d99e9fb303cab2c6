import { z } from "zod";
import { DURATION_TEXT, isDuration, millisecondsOf } from "../schedule/duration.ts";

const HOUR = 3_600_000;
const [SHORTEST, LONGEST] = [HOUR, 30 * 24 * HOUR];

const expires = z
  .string()
  .refine(isDuration, { error: DURATION_TEXT })
  .refine((text) => !isDuration(text) || (millisecondsOf(text) >= SHORTEST && millisecondsOf(text) <= LONGEST), {
    error: "takes 1h to 30d",
  });

export const approval = z
  .strictObject({
    before: z.enum(["build"]).describe("Before anything is granted or made."),
    expires: expires
      .default("3d")
      .describe("After which time without a decision the build is refused.")
      .meta({ examples: ["3d"] }),
  })
  .describe("Whether somebody who has the role Approver has to agree to each build.");
