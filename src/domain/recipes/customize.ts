import { z } from "zod";
import { sha256Checksum, uri } from "./fields.ts";

const stepName = z.string().min(1).max(80);

const shell = z
  .strictObject({
    type: z.literal("Shell"),
    name: stepName,
    /** Commands, or … */
    inline: z.array(z.string()).min(1).optional(),
    /** … a script that image builder fetches as the template is made, and the checksum that it has to have. */
    scriptUri: uri.optional(),
    sha256Checksum: sha256Checksum.optional(),
  })
  .refine(({ inline, scriptUri }) => Boolean(inline) !== Boolean(scriptUri), {
    error: "takes either inline or scriptUri",
  })
  .refine(({ inline, sha256Checksum: checksum }) => !inline || !checksum, {
    error: "takes a sha256Checksum with scriptUri only",
  });

/** A file, of less than 20 MB, that image builder fetches as the template is made and puts onto the build VM. */
const file = z.strictObject({
  type: z.literal("File"),
  name: stepName,
  sourceUri: uri,
  sha256Checksum: sha256Checksum.optional(),
  /** Its whole path. */
  destination: z.string().startsWith("/"),
});

export const customize = z.array(z.discriminatedUnion("type", [shell, file])).min(1);
