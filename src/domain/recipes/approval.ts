import * as z from "zod";
import { DURATION_TEXT, isDuration, millisecondsOf } from "../schedule/duration.ts";
import type { Target } from "./distribute.ts";

const HOUR = 3_600_000;
const [SHORTEST, LONGEST] = [HOUR, 30 * 24 * HOUR];

/** The times of a build at which somebody can be asked to approve it. */
const BEFORE = ["build", "publish"] as const;

const expires = z
  .string()
  .refine(isDuration, { error: DURATION_TEXT })
  .refine((text) => !isDuration(text) || (millisecondsOf(text) >= SHORTEST && millisecondsOf(text) <= LONGEST), {
    error: "takes 1h to 30d",
  });

export const approval = z
  .strictObject({
    before: z
      .enum(BEFORE)
      .describe(
        "`build`: before anything is granted or made. `publish`: the version is made, and is not the latest before that.",
      ),
    expires: expires
      .default("3d")
      .describe("After which time without a decision the build is refused, or the version never becomes the latest.")
      .meta({ examples: ["3d"] }),
  })
  .describe("Whether somebody who has the role Approver has to agree to each build.");

/** Why what a recipe makes cannot wait for somebody before it is published; undefined where it can. */
export function publishFault(targets: readonly Target[], isTrial: boolean): string | undefined {
  if (isTrial)
    return "takes no publish where validate has sourceValidationOnly: nothing is made that could be published";
  if (targets.some(({ type }) => type !== "SharedImage")) {
    return "takes publish only where each target is a SharedImage: a managed image and a VHD are there for all as soon as they are made";
  }
  if (targets.some((target) => target.type === "SharedImage" && target.excludeFromLatest)) {
    return "takes publish only where no target has excludeFromLatest: such a version never becomes the latest";
  }
  return undefined;
}
