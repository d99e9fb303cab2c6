import * as z from "zod";
import { line } from "../buildRequest.ts";
import { Notify } from "../callbacks/notify.ts";
import { zoneName } from "../trustZone.ts";
import { approval, publishFault } from "./approval.ts";
import { customize } from "./customize.ts";
import { distribute } from "./distribute.ts";
import { egress } from "./egress.ts";
import { imageName, region } from "./fields.ts";
import { follow, followFault } from "./follow.ts";
import { notSecret } from "./notSecret.ts";
import { optimize } from "./optimize.ts";
import { checkParameters, parameters } from "./parameters.ts";
import { schedule } from "./schedule.ts";
import { checkSecrets, secrets } from "./secrets.ts";
import { source } from "./source.ts";
import { tags, tooManyTags } from "./tags.ts";
import { validate } from "./validate.ts";
import { vmProfile } from "./vmProfile.ts";

/** What image builder itself takes where it is told none. */
const DEFAULT_MINUTES = 240;

const onError = z.enum(["cleanup", "abort"]);

/** What a person writes into `images/<name>.yaml`. Fields are Azure's where Azure has the thing. */
const fields = z.strictObject({
  name: imageName.describe("The image's name, and the file's.").meta({ examples: ["aks-jumpbox"] }),
  description: z.string().min(1).max(500).describe("What the image is for."),
  location: region.describe("The region in which the image is built.").meta({ examples: ["westeurope"] }),
  zone: zoneName
    .default("default")
    .describe("The trust zone whose builder builds it: what it may use is in the settings."),
  source: source.describe("What the build begins with."),
  parameters: parameters.default({}).describe("What a request may set; scripts read it on the build VM."),
  secrets: secrets
    .default({})
    .describe("Secrets of key vaults, which the build VM reads itself into files for scripts."),
  customize: customize.default([]),
  optimize: optimize.exactOptional(),
  validate: validate.exactOptional(),
  distribute,
  vmProfile,
  additionalDataDisks: z
    .array(z.strictObject({ sizeGB: z.int().min(0).max(32_767).describe("Size of the disk.") }))
    .min(1)
    .max(64)
    .exactOptional()
    .describe("Data disks that are added to the image."),
  buildTimeoutInMinutes: z
    .int()
    .min(0)
    .max(960)
    .refine((minutes) => minutes === 0 || minutes > 5, {
      error: "image builder's schema takes 1 to 5, and the build then fails: write 0 for its default, or 6 to 960",
    })
    .transform((minutes) => minutes || DEFAULT_MINUTES)
    .default(DEFAULT_MINUTES)
    .describe("When image builder ends the build itself; 0 is its default of 240, and on 1 to 5 the build fails."),
  errorHandling: z
    .strictObject({
      onCustomizerError: onError.exactOptional().describe("After a customizer has failed; `cleanup` unless told."),
      onValidationError: onError.exactOptional().describe("After a validator has failed; `cleanup` unless told."),
    })
    .exactOptional()
    .describe("Whether image builder keeps the build VM after an error. It goes with the template in any case."),
  managedResourceTags: tags
    .exactOptional()
    .describe("Tags of what image builder makes for the build, beside the recipe's `tags`."),
  egress: egress.describe("Host names that the customizers reach, and at which ports."),
  accept: z
    .array(
      z.strictObject({
        code: z
          .string()
          .regex(/^[a-z0-9-]+$/, { error: "takes a code of docs/preflight.md" })
          .describe("The finding's code."),
        reason: line(300).describe("Why it is put up with."),
      }),
    )
    .max(50)
    .default([])
    .describe("Warnings of the preflight that are put up with, each for a reason."),
  notSecret: notSecret.describe("Texts that look like a secret in plain text and are none, each with the reason."),
  tags: tags.default({}).describe("Tags of the template, of what is made for the build, and of the image."),
  schedule: schedule.exactOptional(),
  approval: approval.exactOptional(),
  notify: Notify.exactOptional().describe("Who is told how its builds go, beside those whom a request names."),
  follow: follow.exactOptional(),
});

/** What fields of a recipe ask of one another. */
export const Recipe = fields
  .superRefine((recipe, context) => {
    const { location, customize: steps, validate: trial } = recipe;
    // With something else wrong in it, it is as it was written.
    const targets = [recipe.distribute].flat();
    for (const [at, target] of targets.entries()) {
      if (target.type !== "ManagedImage" || (target.location ?? location) === location) continue;
      const path = targets.length > 1 ? ["distribute", at, "location"] : ["distribute", "location"];
      context.addIssue({ code: "custom", path, message: `must be the recipe's own location, ${location}` });
    }
    const unfollowed = recipe.follow && followFault(recipe.source);
    if (unfollowed) context.addIssue({ code: "custom", path: ["follow"], message: unfollowed });
    for (const told of tooManyTags({ ...recipe, distribute: targets })) context.addIssue({ code: "custom", ...told });
    if (recipe.approval?.before === "publish") {
      const message = publishFault(targets, trial?.sourceValidationOnly === true);
      if (message) context.addIssue({ code: "custom", path: ["approval", "before"], message });
    }
    if (trial?.sourceValidationOnly && steps.length > 0) {
      const message = "is never done where validate has sourceValidationOnly";
      context.addIssue({ code: "custom", path: ["customize"], message });
    }
  })
  .superRefine(checkParameters)
  .superRefine(checkSecrets);

export type Recipe = z.infer<typeof Recipe>;
