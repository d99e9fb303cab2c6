import { z } from "zod";

// Control and bidirectional formatting characters: they could forge lines or reorder text for whoever reads a receipt.
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const line = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .refine((text) => !UNPRINTABLE.test(text), {
      error: "must not hold control or bidirectional formatting characters",
    });

/** The body of `POST /api/images/{image}/builds`. All of it is optional: `{}` asks for a build. */
export const BuildRequestBody = z.strictObject({
  /** Why the image is built, in a person's words. */
  reason: line(500).optional(),
  /** The ticket that asks for it. */
  ticket: z
    .strictObject({
      system: line(50),
      number: line(100),
      url: z
        .url({ protocol: /^https$/ })
        .max(2000)
        .optional(),
      requestedBy: line(200).optional(),
    })
    .optional(),
});

export type BuildRequestBody = z.infer<typeof BuildRequestBody>;

/** What the orchestrator is started with. */
export interface BuildRequest extends BuildRequestBody {
  buildId: string;
  image: string;
  /** How the request came in. */
  door: "http" | "schedule";
}
