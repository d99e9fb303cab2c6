import * as z from "zod";
import { checksumFault, sha256Checksum, unchecked } from "./fields.ts";
import { uri } from "./uri.ts";

const state = z.enum(["Enabled", "Disabled"]);

export const optimize = z
  .strictObject({
    vmBoot: z.strictObject({ state }).exactOptional().describe("Makes machines of the image boot faster."),
    workload: z
      .strictObject({
        state,
        scriptUri: uri
          .exactOptional()
          .describe("A script with a typical workload, fetched as customizers' scripts are."),
        sha256Checksum: sha256Checksum.exactOptional().describe("What `sha256sum` tells of the script."),
        unchecked,
      })
      .superRefine((workload, context) => {
        const fault = checksumFault(workload, "scriptUri");
        if (fault) context.addIssue({ code: "custom", ...fault });
      })
      .exactOptional()
      .describe("Fits the image to a workload."),
  })
  .describe("What image builder does to make the image faster.");
