import * as z from "zod";
import { validation } from "./customize.ts";

export const validate = z
  .strictObject({
    inVMValidations: z
      .array(validation)
      .min(1)
      .exactOptional()
      .describe("What is done to a machine made of the new image; where a step fails, so does the build."),
    continueDistributeOnFailure: z
      .boolean()
      .exactOptional()
      .describe("Whether the image is distributed all the same; the build counts as failed either way."),
    sourceValidationOnly: z
      .boolean()
      .exactOptional()
      .describe("Whether only the source is validated: nothing is customized, and no image is made."),
  })
  .refine(({ sourceValidationOnly, inVMValidations }) => !sourceValidationOnly || inVMValidations, {
    path: ["sourceValidationOnly"],
    error: "does nothing without inVMValidations, which are what the source is tried with",
  })
  .describe("How the image is tried before it is distributed.");
