import { ends, isClean, logIs, nothingLeft, runs, templates } from "../../support/faults/expectations.ts";
import { phase, type Row } from "../../support/faults/row.ts";
import { HOUR } from "../../support/faults/stage.ts";
import { answer, at, MOMENTS, PATHS, scenario, spoilSubnet } from "../../support/faults/strikes.ts";

const refusal = {
  code: "OperationNotAllowed",
  message: "not allowed in provisioning state: provisioned or run state: running.",
};

/** Faults of image templates, from their making to their deletion. */
export const templatesTable: Row[] = [
  {
    fault: 7,
    what: "the subnet turns bad after the preflight",
    phases: at(["granting image creation", "creating the template", "asking for the run"], (moment) =>
      phase((stage) => stage.when(moment, { before: () => spoilSubnet(stage) }), ends("failed"), isClean),
    ),
  },
  {
    fault: 8,
    what: "a template is taken with 201, and then fails",
    phases: {
      "without a reason": phase(scenario("creation-generic-failure"), ends("failed"), isClean, logIs("none"), runs(0)),
      "for a script": phase(scenario("script-unavailable"), ends("failed"), isClean, runs(0)),
      "for its staging group": phase(scenario("staging-storage-denied"), ends("failed"), isClean, runs(0)),
      "for want of a right": phase(scenario("gallery-not-readable"), ends("failed"), isClean, runs(0)),
    },
  },
  {
    fault: 9,
    what: "the answer to a template's PUT is lost",
    phases: {
      "taken and lost": phase(
        (stage) => stage.fault({ kind: "loseReply", method: "PUT", path: PATHS.template, count: 1 }),
        ends("built"),
        isClean,
        templates(1),
      ),
      "taken and answered with 504": phase(
        answer("PUT", PATHS.template, 504, { executed: true, count: 1 }),
        ends("built"),
        isClean,
        templates(1),
      ),
      "never taken": phase(
        (stage) => stage.fault({ kind: "reset", method: "PUT", path: PATHS.template, count: 1 }),
        ends("built"),
        isClean,
        templates(1),
      ),
      "taken, and the host killed": phase(
        (stage) => stage.when(MOMENTS["creating the template"], { after: () => stage.kill() }),
        ends("built"),
        isClean,
        templates(1),
      ),
    },
  },
  {
    fault: 18,
    what: "DELETE is refused while the template is being created or run",
    phases: {
      "cancelled while it is created": phase(
        (stage) => stage.when(MOMENTS["creating the template"], { after: () => stage.cancel() }),
        ends("cancelled"),
        isClean,
        runs(0),
      ),
      "cancelled as the run begins": phase(
        (stage) => stage.when(MOMENTS["asking for the run"], { after: () => stage.cancel() }),
        ends("cancelled"),
        isClean,
        runs(1),
      ),
      "cancelled while it runs": phase(
        (stage) => stage.when(MOMENTS.running, { after: () => stage.cancel() }),
        ends("cancelled"),
        isClean,
        logIs("archived"),
      ),
      "a dozen times": phase(answer("DELETE", PATHS.template, 409, { ...refusal, count: 12 }), ends("built"), isClean),
      "and its staging group lingers": phase(
        scenario("staging-group-lingers", { seconds: HOUR }),
        ends("built"),
        isClean,
        nothingLeft,
      ),
    },
  },
];
