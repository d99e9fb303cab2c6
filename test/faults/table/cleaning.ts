import { builderIdentity } from "../../../local/landscape.ts";
import { alarmed, ends, grantsGone, isClean, listed, logIs, nothingLeft } from "../../support/faults/expectations.ts";
import { type Phase, phase, type Row } from "../../support/faults/row.ts";
import { HOUR, MINUTE, type Stage } from "../../support/faults/stage.ts";
import { answer, at, MOMENTS, PATHS, scenario } from "../../support/faults/strikes.ts";

const DELETE_GRANT = ["DELETE", PATHS.grant] as const;
const DENIED = { code: "AuthorizationFailed", message: "The client does not have authorization." };

/** Azure answers so for a time, and the sweeper does the rest. */
const forHours = (hours: number, strike: (stage: Stage) => void) => async (stage: Stage) => {
  strike(stage);
  stage.host.clock.setTimeout(() => stage.world.cloud.clearFaults(), hours * HOUR * 1000);
  await stage.ended(await stage.ask());
  await stage.sleep(hours * HOUR);
};

/** What `Retry-After` may say, and a place where it can stand. */
const RETRY_AFTER = {
  "of 600": "600",
  "of 4000": "4000",
  "of 0": "0",
  "as a date": "date",
  garbage: "soon",
  "of -1": "-1",
  "not there": undefined,
};
const THROTTLED = {
  "reading the network": ["GET", PATHS.network],
  granting: ["PUT", PATHS.grant],
  "creating the template": ["PUT", PATHS.template],
  "asking for the run": ["POST", PATHS.run],
  polling: ["GET", PATHS.template],
  "reading the log": ["GET", PATHS.log],
  revoking: ["DELETE", PATHS.grant],
  "deleting the template": ["DELETE", PATHS.template],
} as const;

function throttled(place: readonly [string, string], retryAfter: string | undefined): Phase {
  return phase(
    (stage) => {
      const date = new Date(stage.host.clock.now() + 20 * MINUTE * 1000).toUTCString();
      const headers = retryAfter === undefined ? {} : { "Retry-After": retryAfter === "date" ? date : retryAfter };
      const count = retryAfter === "4000" ? 1 : 2;
      answer(...place, 429, { code: "TooManyRequests", count, headers })(stage);
    },
    ends("built"),
    isClean,
  );
}

/** A server that is busy names a time as well. A run that was asked for so is lost, and not asked for again. */
const busyPhases = Object.fromEntries(
  Object.entries(THROTTLED)
    .filter(([place]) => place !== "asking for the run")
    .map(([place, [method, path]]) => {
      const busy = { code: "ServiceUnavailable", count: 2, headers: { "Retry-After": "300" } };
      return [`${place}, 503 with 300`, phase(answer(method, path, 503, busy), ends("built"), isClean)] as const;
    }),
);

const throttledPhases = Object.fromEntries(
  Object.entries(THROTTLED).flatMap(([place, request]) =>
    Object.entries(RETRY_AFTER).map(([how, header]) => [`${place}, ${how}`, throttled(request, header)] as const),
  ),
);

/** Faults of the clean-up. */
export const cleaning: Row[] = [
  { fault: 12, what: "429 with a Retry-After", phases: { ...throttledPhases, ...busyPhases } },
  {
    fault: 13,
    what: "429 on every DELETE of the clean-up",
    phases: {
      "for 3 hours": phase(
        forHours(3, answer("DELETE", ".", 429, { code: "TooManyRequests", headers: { "Retry-After": "30" } })),
        ends("built"),
        // What was refused is asked for again before the receipt, and by then Azure takes it.
        isClean,
        nothingLeft,
      ),
      "for 10 minutes": phase(answer("DELETE", ".", 429, { count: 8 }), ends("built"), isClean, nothingLeft),
      "of grants, for 12 hours": phase(
        forHours(12, answer(...DELETE_GRANT, 429)),
        ends("built"),
        listed,
        alarmed,
        nothingLeft,
      ),
      "of the template, for a day": phase(
        forHours(24, answer("DELETE", PATHS.template, 429)),
        ends("built"),
        isClean,
        nothingLeft,
      ),
      "of the template, for 12 hours": phase(
        forHours(12, answer("DELETE", PATHS.template, 429)),
        ends("built"),
        isClean,
        nothingLeft,
      ),
    },
  },
  {
    fault: 22,
    what: "a revocation answers 204, 404 or 403",
    phases: {
      "403 for 2 hours": phase(
        forHours(2, answer(...DELETE_GRANT, 403, DENIED)),
        ends("built"),
        listed,
        alarmed,
        nothingLeft,
      ),
      "403 for the second only": phase(
        forHours(2, answer(...DELETE_GRANT, 403, { ...DENIED, after: 1 })),
        ends("built"),
        listed,
        alarmed,
        nothingLeft,
      ),
      "403 for 40 minutes, while the template's deletion takes 12 hours": phase(
        (stage) => {
          scenario("staging-group-lingers", { seconds: 12 * HOUR })(stage);
          answer(...DELETE_GRANT, 403, { ...DENIED, count: 14 })(stage);
        },
        ends("built"),
        isClean,
        nothingLeft,
      ),
      "and for 12 hours no assignment can be read": phase(
        async (stage) => {
          stage.when(MOMENTS.running, {
            after: () => answer("GET", "/roleAssignments", 403, DENIED)(stage),
          });
          stage.host.clock.setTimeout(() => stage.world.cloud.clearFaults(), 12 * HOUR * 1000);
          await stage.ended(await stage.ask());
          await stage.sleep(12 * HOUR);
        },
        ends("built"),
        listed,
        alarmed,
        nothingLeft,
      ),
      "403 once": phase(answer(...DELETE_GRANT, 403, { ...DENIED, count: 1 }), ends("built"), isClean),
      "404, carried out": phase(answer(...DELETE_GRANT, 404, { executed: true }), ends("built"), isClean, nothingLeft),
      "204, since somebody else was faster": phase(
        (stage) =>
          stage.when(MOMENTS["revoking image creation"], {
            before: () => stage.asOperator("DELETE", stage.seen.held[0]?.id ?? "", "2022-04-01"),
          }),
        ends("built"),
        isClean,
        nothingLeft,
      ),
    },
  },
  {
    fault: 23,
    what: "the host is killed between the two revocations",
    phases: {
      ...at(["revoking image creation", "deleting the template", "revoking network join"], (moment) =>
        phase((stage) => stage.when(moment, { after: () => stage.kill() }), ends("built"), isClean, nothingLeft),
      ),
      "before the second": phase(
        (stage) => stage.when(MOMENTS["revoking network join"], { before: () => stage.kill() }),
        ends("built"),
        isClean,
        nothingLeft,
      ),
      "archiving the log": phase(
        (stage) => stage.when(MOMENTS["archiving the log"], { after: () => stage.kill() }),
        ends("built"),
        isClean,
        logIs("archived"),
      ),
    },
  },
  {
    fault: 32,
    what: "template, staging group or identity is deleted by somebody else",
    phases: {
      "the template, before its run": phase(
        (stage) =>
          stage.when(MOMENTS["asking for the run"], {
            before: async () => {
              await stage.asOperator("DELETE", templateOf(stage), "2024-02-01");
              await stage.sleep(3 * MINUTE);
            },
          }),
        ends("failed"),
        isClean,
      ),
      "the template, after its run": phase(
        (stage) =>
          stage.when(MOMENTS["archiving the log"], {
            before: () => stage.asOperator("DELETE", templateOf(stage), "2024-02-01"),
          }),
        ends("built"),
        isClean,
        nothingLeft,
      ),
      "the staging group, while it runs": phase(
        (stage) =>
          stage.when(MOMENTS.running, { after: () => stage.asOperator("DELETE", stagingOf(stage), "2021-04-01") }),
        isClean,
        nothingLeft,
        logIs("lost"),
      ),
      "the staging group, before its log is read": phase(
        (stage) =>
          stage.when(MOMENTS["archiving the log"], {
            before: async () => {
              await stage.asOperator("DELETE", stagingOf(stage), "2021-04-01");
              await stage.sleep(2 * MINUTE);
            },
          }),
        ends("built"),
        logIs("lost"),
        isClean,
        nothingLeft,
      ),
      "the identity, while it runs": phase(
        (stage) =>
          stage.when(MOMENTS.running, { after: () => stage.asOperator("DELETE", builderIdentity.id, "2023-01-31") }),
        grantsGone,
      ),
    },
  },
];

function templateOf({ world }: Stage): string {
  const { resources } = world.cloud.state() as unknown as { resources: { id: string; type: string }[] };
  return resources.find(({ type }) => type.endsWith("/imageTemplates"))?.id ?? "";
}

function stagingOf({ world }: Stage): string {
  const { resourceGroups } = world.cloud.state() as unknown as { resourceGroups: { id: string }[] };
  return resourceGroups.find(({ id }) => id.endsWith("-staging"))?.id ?? "";
}
