import { engineActivities } from "../activities/engine.ts";
import { assertedPerson, type ReadySystem } from "../auth/assertedPerson.ts";
import type { Audit } from "../auth/auditing.ts";
import type { Archive } from "../azure/archive.ts";
import { ApprovalAsked, Decision, DecisionBody } from "../domain/approval.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { BuildDecided } from "../domain/buildAccepted.ts";
import { APPROVAL_CHILD, imageOfBuild } from "../domain/buildId.ts";
import type { BuildRequest } from "../domain/buildRequest.ts";
import { askerOf, type Decider } from "../domain/ownRequest.ts";
import type { Caller } from "../domain/caller.ts";
import { problem } from "../domain/problem.ts";
import { isUnderWay, readInstance } from "../durable/instances.ts";
import { answer } from "../http/answers.ts";
import { door, Refused } from "../http/door.ts";
import { buildUnknown } from "./getBuild.http.ts";
import { logLine } from "../telemetry/logLine.ts";

interface Deciding {
  archive: Archive;
  audit: Audit;
  /** Ticket systems that may tell which of their people decides. */
  approvalSystems: readonly ReadySystem[];
}

/** Lets a build go on that waits for it, or ends it. The first decision counts; the same one again is the same as once. */
export function decideBuild(verb: "approve" | "reject", { archive, audit, approvalSystems }: Deciding) {
  const decision = verb === "approve" ? "approved" : "rejected";

  return door({
    name: `${verb}Build`,
    method: "POST",
    route: `builds/{id}/${verb}`,
    summary:
      verb === "approve" ? "Lets a build go on that waits to be approved" : "Refuses a build that waits to be approved",
    role: "Approver",
    answers: { 202: { description: "It is decided.", body: BuildDecided, headers: { Location: "always" } } },
    refuses: {
      403: ["approver-not-a-person", "approver-is-requester", "requester-unknown"],
      404: ["build-unknown"],
      409: ["build-ended", "approval-not-asked", "approval-outdated", "approval-expired", "approval-decided"],
    },
    takes: DecisionBody,
    async handle({ param, body, request, caller, context, client, urlOf }) {
      const id = param("id");
      const image = imageOfBuild(id);
      const instance = image ? await readInstance(client, id) : undefined;
      if (!image || !instance) throw new Refused(buildUnknown);
      const { reason, planHash, assertion } = await body(DecisionBody);
      const self = urlOf(`/api/builds/${id}`);
      const now = new Date();
      async function refuse(kind: keyof typeof REFUSED): Promise<never> {
        const event = { what: kind, door: `${verb}Build`, image: image ?? "", build: id, caller: caller.id };
        await audit({ context, request }, event);
        throw new Refused(REFUSED[kind]);
      }

      const by = await personOf(caller, { assertion, build: id, planHash, now });
      if (!by) return refuse("approver-not-a-person");
      if (!isUnderWay(instance)) {
        throw new Refused(
          problem(409, "build-ended", "The build has ended; there is nothing to decide.", { build: self }),
        );
      }
      // Where everybody is let in, nobody is known.
      const asker = caller.kind === "open" ? "somebody else" : askerOf(instance.input as BuildRequest, by.decider);
      if (asker === "the same") return refuse("approver-is-requester");
      if (asker === "unknown") return refuse("requester-unknown");

      const asked = ApprovalAsked.safeParse(
        (await archive.readJson(archiveNames.approvalAsked(image, id)))?.value,
      ).data;
      if (!asked) throw new Refused(NOT_ASKED);
      if (asked.planHash !== planHash) throw new Refused(OUTDATED);
      // The build itself may learn of it later.
      if (now.getTime() >= Date.parse(asked.expiresAt)) throw new Refused(EXPIRED);
      const name = archiveNames.approval(image, id, planHash);
      const made: Decision = { decision, planHash, reason, by: by.shown, at: now.toISOString() };
      if (!(await archive.replaceJson(name, made, undefined))) {
        const kept = Decision.safeParse((await archive.readJson(name))?.value).data;
        if (!kept) throw new Refused(EXPIRED);
        if (kept.decision !== decision || kept.by.id !== by.shown.id) throw new Refused(DECIDED);
      }
      // It may have got lost, so it is told each time. It only says that there is a decision: the build reads it itself.
      const told = { instanceId: `${id}-${APPROVAL_CHILD}`, wake: { stop: false } };
      await engineActivities.wake(told, { client, error: (text) => context.error(logLine("error", text)) });
      const decided: BuildDecided = { id, image, state: decision, links: { self } };
      return answer(202, decided, { Location: self });
    },
  });

  /** Who decides; undefined where it is not known which person that is. */
  async function personOf(
    caller: Caller,
    { assertion, now, ...about }: { assertion: string | undefined; build: string; planHash: string; now: Date },
  ): Promise<Person | undefined> {
    const { id, name } = caller;
    if (caller.kind === "user" || caller.kind === "open") {
      return { shown: { id, ...(name ? { name } : {}) }, decider: { kind: "user", id, name } };
    }
    if (caller.kind !== "application") return undefined;
    const person = await assertedPerson(approvalSystems, caller, assertion, { ...about, decision }, now);
    if (!person) return undefined;
    const { own, system, ...shown } = person;
    const decider = { kind: "system" as const, system, application: id, person: own, name: shown.name };
    return { shown: { ...shown, application: id }, decider };
  }
}

interface Person {
  shown: Decision["by"];
  decider: Decider;
}

const NOT_ASKED = problem(409, "approval-not-asked", "The build does not wait for a decision.");
const OUTDATED = problem(
  409,
  "approval-outdated",
  "What is to be approved is not that plan any more: see `approval` of the build.",
);
const EXPIRED = problem(409, "approval-expired", "The time is over in which the build could be decided on.");
const DECIDED = problem(409, "approval-decided", "Somebody has decided on the build already: see its receipt.");
const REFUSED = {
  "approver-not-a-person": problem(
    403,
    "approver-not-a-person",
    "An application decides only for a person whom its system names in a signed assertion for this very decision.",
  ),
  "approver-is-requester": problem(403, "approver-is-requester", "Nobody decides on a build of their own."),
  "requester-unknown": problem(
    403,
    "requester-unknown",
    "A system has asked for the build, and its ticket.requestedBy does not tell for whom by a name that can be compared with who decides: see docs/tickets.md.",
  ),
};
