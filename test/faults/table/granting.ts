import { ends, grantedOnce, isClean, nothingMade, templates } from "../../support/faults/expectations.ts";
import { phase, type Row, shows } from "../../support/faults/row.ts";
import { MINUTE } from "../../support/faults/stage.ts";
import { answer, at, grantAsOperator, MOMENTS, PATHS, scenario } from "../../support/faults/strikes.ts";

const REFUSED = { code: "AuthorizationFailed" };
const GRANT_READ = { method: "GET", path: new RegExp(PATHS.grant) };
const GRANTS_LISTED = { method: "GET", path: /\/roleAssignments$/ };

/** Faults of role assignments while they are made. */
export const granting: Row[] = [
  {
    fault: 1,
    what: "the host is killed after a role assignment's PUT, before its checkpoint",
    phases: at(["granting image creation", "granting network join"], (moment) =>
      phase((stage) => stage.when(moment, { after: () => stage.kill() }), ends("built"), isClean, grantedOnce),
    ),
  },
  {
    fault: 2,
    what: "the host is killed between the two PUTs",
    phases: {
      "reading the first back": phase(
        (stage) => stage.when(GRANT_READ, { after: () => stage.kill() }),
        ends("built"),
        isClean,
        grantedOnce,
      ),
      "looking at the second's ground": phase(
        (stage) =>
          stage.when(MOMENTS["granting image creation"], {
            after: () => stage.when({ ...GRANTS_LISTED, nth: 1 }, { before: () => stage.kill() }),
          }),
        ends("built"),
        isClean,
        grantedOnce,
      ),
      "before the second PUT": phase(
        (stage) => stage.when(MOMENTS["granting network join"], { before: () => stage.kill() }),
        ends("built"),
        isClean,
        grantedOnce,
      ),
    },
  },
  {
    fault: 3,
    what: "the answer to a PUT is lost, and the next one sees RoleAssignmentExists",
    phases: {
      "image creation": phase(
        (stage) => {
          scenario("identical-grant-conflicts")(stage);
          stage.fault({ kind: "loseReply", method: "PUT", path: PATHS.grant, count: 1 });
        },
        ends("built"),
        isClean,
        grantedOnce,
      ),
      "network join": phase(
        (stage) => {
          scenario("identical-grant-conflicts")(stage);
          stage.fault({ kind: "loseReply", method: "PUT", path: PATHS.grant, count: 1, after: 1 });
        },
        ends("built"),
        isClean,
        grantedOnce,
      ),
      "not readable yet": phase(
        (stage) => {
          scenario("identical-grant-conflicts")(stage);
          scenario("grant-not-readable-yet")(stage);
          stage.fault({ kind: "loseReply", method: "PUT", path: PATHS.grant, count: 1 });
        },
        ends("built"),
        isClean,
        grantedOnce,
      ),
      "somebody else's": phase((stage) => grantAsOperator(stage), ends("refused"), isClean, nothingMade),
      "somebody else's, made meanwhile": phase(
        (stage) => stage.when(MOMENTS["granting image creation"], { before: () => grantAsOperator(stage) }),
        ends("failed"),
        isClean,
        nothingMade,
      ),
    },
  },
  {
    fault: 4,
    what: "PrincipalNotFound several times",
    phases: {
      "at the first": phase(
        answer("PUT", PATHS.grant, 400, { code: "PrincipalNotFound", count: 4 }),
        ends("built"),
        isClean,
      ),
      "at the second": phase(
        answer("PUT", PATHS.grant, 400, { code: "PrincipalNotFound", count: 4, after: 1 }),
        ends("built"),
        isClean,
      ),
      "for good": phase(scenario("principal-not-found"), ends("failed"), isClean, templates(0)),
    },
  },
  {
    fault: 5,
    what: "RoleAssignmentLimitExceeded",
    phases: {
      "at the second": phase(
        answer("PUT", PATHS.grant, 400, { code: "RoleAssignmentLimitExceeded", after: 1 }),
        ends("failed", "RoleAssignmentLimitExceeded"),
        isClean,
        templates(0),
        shows("the first was given and taken back", ({ held }) => held.length === 1 && held[0]?.to !== undefined),
      ),
      "at the first": phase(
        answer("PUT", PATHS.grant, 400, { code: "RoleAssignmentLimitExceeded" }),
        ends("failed", "RoleAssignmentLimitExceeded"),
        isClean,
        nothingMade,
      ),
    },
  },
  {
    fault: 6,
    what: "403 for 10 to 30 minutes after the grant",
    phases: {
      "for 10 minutes": phase(scenario("grant-propagates-in", { seconds: 10 * MINUTE }), ends("built"), isClean),
      "for 14 minutes": phase(scenario("grant-propagates-in", { seconds: 14 * MINUTE }), ends("built"), isClean),
      "for 30 minutes, beyond the window": phase(
        scenario("grant-propagates-in", { seconds: 30 * MINUTE }),
        ends("failed", "access-not-effective"),
        isClean,
      ),
      "for good": phase(scenario("grant-never-propagates"), ends("failed", "access-not-effective"), isClean),
      "to the service itself": phase(
        answer("PUT", PATHS.grant, 403, REFUSED),
        ends("failed", "AuthorizationFailed"),
        isClean,
        nothingMade,
      ),
    },
  },
];
