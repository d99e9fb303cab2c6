import { z } from "zod";

/** A host name; its first label may be `*`, which stands for one or more labels, as Azure Firewall takes it. */
const egressName = z.strictObject({
  name: z
    .string()
    .max(253)
    .regex(/^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, {
      error: "takes a host name in lower case; its first label may be *",
    }),
  ports: z.array(z.int().min(1).max(65_535)).min(1).default([443]),
});

export const egress = z.array(egressName).max(150).default([]);
