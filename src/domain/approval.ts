import * as z from "zod";
import { remark } from "./buildRequest.ts";
import { component } from "./component.ts";
import type { Finding } from "./failure.ts";
import { canonicalJson } from "./idempotency.ts";
import { imageDeletion } from "./importedImage.ts";
import { ResolvedSource } from "./source.ts";

const planHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, { error: "takes 64 hex digits, in small letters" })
  .describe(
    "SHA-256 of the template's hash, of the source with the version that it means, and of what is to be published: what is approved.",
  );

/** What a build waits for somebody to agree to. */
export const ApprovalAsked = component(
  "ApprovalAsked",
  z.strictObject({
    planHash,
    templateHash: z.string(),
    source: ResolvedSource,
    imageVersions: z
      .array(z.string())
      .exactOptional()
      .describe("Made already, by their ids: they become the latest; absent where the build itself is to be approved."),
    expiresAt: z.iso.datetime().describe("Without a decision until then it is refused."),
  }),
);
export type ApprovalAsked = z.infer<typeof ApprovalAsked>;

/** The body of `POST /api/builds/{id}/approve` and `/reject`. */
export const DecisionBody = component(
  "DecisionBody",
  z.strictObject({
    reason: remark(500).describe("Why, in a person's words: kept in the receipt."),
    planHash: planHash.describe("As the build shows it under `approval`: what has been looked at."),
    assertion: z
      .string()
      .max(4000)
      .exactOptional()
      .describe("From an application: which person decides, signed by its system; see docs/tickets.md."),
  }),
);
export type DecisionBody = z.infer<typeof DecisionBody>;

export const DECISIONS = ["approved", "rejected"] as const;

/** Who decided on a build, when and why. The first one counts. */
export const Decision = component(
  "ApprovalDecision",
  z.strictObject({
    decision: z.enum(DECISIONS),
    planHash,
    reason: z.string(),
    by: z.strictObject({
      id: z.string().describe("Tenant and object id; of a ticket system its name and its person's id."),
      name: z.string().exactOptional(),
      application: z.string().exactOptional().describe("Through which application, by tenant and object id."),
    }),
    at: z.iso.datetime(),
  }),
);
export type Decision = z.infer<typeof Decision>;

/** How waiting for a decision ends. */
export type Approval = { kind: "decided"; decision: Decision } | { kind: "expired" };

/** @param hash SHA-256, hexadecimal. @param content of a source that has no numbers, what tells one from another. */
export function planHashOf(
  { templateHash, source, imageVersions }: Pick<ApprovalAsked, "templateHash" | "source" | "imageVersions">,
  content: string | undefined,
  hash: (text: string) => string,
): string {
  return hash(
    canonicalJson({ templateHash, source, content: content ?? null, ...(imageVersions ? { imageVersions } : {}) }),
  );
}

/** Why a build is not done that was not approved; or why what it has made does not become the latest. */
export function notApproved(approval: Approval, image: string, imageVersions: readonly string[] = []): Finding {
  const isMade = imageVersions.length > 0;
  const why = isMade
    ? "The recipe has each version approved before it becomes the latest: it is there, and kept out of what latest means."
    : "The recipe has each build approved before anything is granted or made.";
  const deleting = isMade ? ` To delete what was made: ${imageVersions.map(imageDeletion).join("; ")}` : "";
  if (approval.kind === "expired") {
    return {
      code: "approval-expired",
      severity: "blocks",
      resource: image,
      seen: "Nobody has decided on the build within the time that the recipe gives.",
      why,
      mend: `Ask for the build again, and have somebody with the role Approver decide on it.${deleting}`,
      owner: "requester",
    };
  }
  const { by, reason } = approval.decision;
  return {
    code: "approval-rejected",
    severity: "blocks",
    resource: image,
    seen: `${by.name ?? by.id} has rejected the build: ${reason}`,
    why,
    mend: `Mend what the reason says, and ask for the build again.${deleting}`,
    owner: "requester",
  };
}

/** Whether a finding says that somebody did not want a build, rather than that it would not work. */
export function isAboutApproval({ code }: Pick<Finding, "code">): boolean {
  return code === "approval-expired" || code === "approval-rejected";
}
