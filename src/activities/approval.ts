import type { Archive } from "../azure/archive.ts";
import { type ApprovalAsked, Decision, planHashOf } from "../domain/approval.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import type { Plan } from "../domain/plan.ts";
import { SourceVersion } from "../domain/schedule/state.ts";
import { resolvedSource } from "../domain/source.ts";
import { sha256 } from "../sha256.ts";

type Build = Pick<Plan, "image" | "buildId">;

interface Made {
  imageVersions: string[];
  sourceVersion?: string;
}

export function approvalActivities(archive: Pick<Archive, "readJson" | "writeJson" | "replaceJson">) {
  async function readDecision({ image, buildId, planHash }: Build & { planHash: string }): Promise<Decision | null> {
    const kept = await archive.readJson(archiveNames.approval(image, buildId, planHash));
    const decision = Decision.safeParse(kept?.value).data;
    return decision?.planHash === planHash ? decision : null;
  }

  return {
    /**
     * Keeps what is to be approved: the template, and what its source meant when the ground was looked at last. Of what is
     * made already, which that is, and the version of the source that its run took.
     */
    async askApproval({
      image,
      buildId,
      templateHash,
      source,
      made,
      expiresAt,
    }: Build & Pick<Plan, "templateHash" | "source"> & { expiresAt: string; made?: Made }): Promise<ApprovalAsked> {
      const kept = SourceVersion.safeParse((await archive.readJson(archiveNames.source(image, buildId)))?.value).data;
      const told = {
        templateHash,
        source: resolvedSource(source, made?.sourceVersion ?? kept?.version),
        ...(made ? { imageVersions: made.imageVersions } : {}),
      };
      const asked: ApprovalAsked = { planHash: planHashOf(told, kept?.content, sha256), ...told, expiresAt };
      await archive.writeJson(archiveNames.approvalAsked(image, buildId), asked);
      return asked;
    },

    /**
     * The decision on this plan, as the door has kept it that somebody came in by who may. Null where there is none. An
     * event proves nothing: whoever has a key of the host's can raise one, with anything in it.
     */
    readDecision,

    /** Puts an end to the time in which it can be decided. @returns a decision that came before that; null where none did. */
    async expireApproval(undecided: Build & { planHash: string }): Promise<Decision | null> {
      const { image, buildId, planHash } = undecided;
      await archive.replaceJson(archiveNames.approval(image, buildId, planHash), { expired: true }, undefined);
      return readDecision(undecided);
    },
  };
}
