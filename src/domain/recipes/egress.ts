import * as z from "zod";

/** As Azure Firewall takes it. */
const egressName = z.strictObject({
  name: z
    .string()
    .max(253)
    .regex(/^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, {
      error: "takes a host name in lower case; its first label may be *",
    })
    .describe("The host's name; a `*` as its first label stands for one or more labels.")
    .meta({ examples: ["packages.microsoft.com", "*.blob.core.windows.net"] }),
  ports: z.array(z.int().min(1).max(65_535)).min(1).default([443]).describe("Ports; 443 unless told."),
});

export const egress = z.array(egressName).max(150).default([]);
