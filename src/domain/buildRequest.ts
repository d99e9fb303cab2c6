import * as z from "zod";
import { Notify } from "./callbacks/notify.ts";
import { component } from "./component.ts";
import { plainSecretsIn } from "./recipes/plainSecrets.ts";
import { redact } from "./redaction.ts";

// Control and format characters (bidirectional ones, zero-width ones), line separators and halves of characters: they
// could forge lines, or hide or reorder text for whoever reads a receipt.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const isPrintable = (text: string) => !UNPRINTABLE.test(text);
const PRINTABLE = { error: "must not hold control or format characters, line separators or lone surrogates" };

/** One line of text that hides nothing. */
export const line = (longest: number) => z.string().min(1).max(longest).refine(isPrintable, PRINTABLE);

/**
 * One line of what somebody writes into a request, which is kept and shown to whoever may read of the build: what looks
 * like a secret is taken out.
 */
export const remark = (longest: number) => line(longest).overwrite(redact);

const holdsNoSecret = (text: string) => plainSecretsIn(text).length === 0;
const NO_SECRET = { error: "holds what looks like a secret, which whoever may read of the build would see" };

/** A name or password in an address would stand in the receipt, or pass for the host: https://example.com@evil.test. */
function hasNoUserinfo(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return username === "" && password === "";
}

/** What a request may set of a recipe, by its type. */
export const ParameterValue = z.union([z.string(), z.number(), z.boolean()]);
export type ParameterValue = z.infer<typeof ParameterValue>;

/** The body of `POST /api/images/{image}/builds`. All of it is optional: `{}` asks for a build. */
export const BuildRequestBody = component(
  "BuildRequest",
  z.strictObject({
    /** Why the image is built, in a person's words. */
    reason: remark(500).optional(),
    /** Only tell what would be done, and what is in its way. */
    dryRun: z.boolean().default(false),
    /** By name; which there are, and what each takes, is in the recipe. */
    parameters: z.record(z.string(), ParameterValue).optional(),
    /** The ticket that asks for it. */
    ticket: z
      .strictObject({
        system: remark(50),
        number: remark(100),
        url: z
          .url({ protocol: /^https$/ })
          .max(2000)
          .refine(isPrintable, PRINTABLE)
          .refine(holdsNoSecret, NO_SECRET)
          .refine(hasNoUserinfo, { error: "must not hold a user name or password" })
          .optional(),
        // It tells who must not approve: it is taken as it is.
        requestedBy: line(200).refine(holdsNoSecret, NO_SECRET).optional(),
      })
      .optional(),
    /** Who is told how it goes. */
    notify: Notify.optional(),
  }),
);

export type BuildRequestBody = z.infer<typeof BuildRequestBody>;

/** How a request comes in. */
export const BuildDoor = z.enum(["http", "hook", "schedule", "event"]);
export type BuildDoor = z.infer<typeof BuildDoor>;

/** What the orchestrator is started with. */
export interface BuildRequest extends Omit<BuildRequestBody, "dryRun"> {
  buildId: string;
  image: string;
  /** How the request came in. */
  door: BuildDoor;
  /** Who asks, as callers are told apart; absent where the service asks by itself, and where everybody is let in. */
  requester?: string;
  /** Where the request stood in a trace of its caller's; absent where it did not say. */
  traceparent?: string;
  /**
   * Number of the version of the source that it was decided to build on, where the recipe means the latest one; absent
   * where image builder finds out which that is.
   */
  sourceVersion?: string;
}
