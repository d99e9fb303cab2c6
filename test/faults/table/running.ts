import { isDeepStrictEqual } from "node:util";
import { ends, isClean, listed, logIs, logIsAnyOf, runs, templates } from "../../support/faults/expectations.ts";
import type { Evidence } from "../../support/faults/evidence.ts";
import { ownOf } from "../../support/faults/ours.ts";
import { type Phase, phase, phaseWith, type Row, shows } from "../../support/faults/row.ts";
import { HOUR, HOURLY_SWEEPS, MINUTE, type Stage } from "../../support/faults/stage.ts";
import { answer, MOMENTS, PATHS, scenario } from "../../support/faults/strikes.ts";
import { changedAnswers, partially, truncated, withUnreadableLog } from "../../support/faults/changedAnswers.ts";

const executed = { executed: true, count: 1 };
/** Answers to the reads of an image template, from the given one on. */
const polls = (status: number, count: number, after: number) => answer("GET", PATHS.template, status, { count, after });

/** For a fault of days, in which nothing hangs on how often is swept. */
const hourlySwept: typeof phase = (strike, ...expected) => phaseWith(HOURLY_SWEEPS, strike, ...expected);

/** Of a build that may take as long as image builder lets one take. */
const sixteenHours = (strike: (stage: Stage) => void) => async (stage: Stage) => {
  strike(stage);
  await stage.ask("sixteen-hours");
};

const cancelledWhileRunning = (stage: Stage) => stage.when(MOMENTS.running, { after: () => stage.cancel() });

const deletionGoesOn = shows(
  "the deletion goes on after the grants are gone",
  ({ answers, held, builds }: Evidence) => {
    const last = Math.max(...held.map(({ to = Infinity }) => to));
    return builds.every(({ id }) =>
      answers.some(
        ({ method, path, at }) =>
          method === "DELETE" && ownOf(id).templates.includes(path.toLowerCase()) && at > last && last > 0,
      ),
    );
  },
);

const woken = (...minutes: number[]): Phase =>
  phase(
    (stage) =>
      stage.when(MOMENTS["asking for the run"], {
        after: () => {
          const wake = `/runtime/webhooks/durabletask/instances/${stage.first()}-wait-1/raiseEvent/wake`;
          for (const minute of minutes) {
            stage.host.clock.setTimeout(() => void stage.post(wake, { stop: false }), minute * MINUTE * 1000);
          }
        },
      }),
    ends("built"),
    isClean,
    logIs("archived"),
  );

/** Faults of a run, from the request for it to its log. */
export const running: Row[] = [
  {
    fault: 10,
    what: "the host is killed after a run was accepted",
    phases: {
      "before its result is recorded": phase(
        (stage) => stage.when(MOMENTS["asking for the run"], { after: () => stage.kill() }),
        ends("built"),
        isClean,
        runs(1),
      ),
      "before the request is sent": phase(
        (stage) => stage.when(MOMENTS["asking for the run"], { before: () => stage.kill() }),
        ends("built"),
        isClean,
        runs(1),
        templates(2),
      ),
      "at the first look": phase(
        (stage) => stage.when(MOMENTS.running, { after: () => stage.kill() }),
        ends("built"),
        isClean,
        runs(1),
        templates(1),
      ),
    },
  },
  {
    fault: 11,
    what: "503, or a connection reset, after a run was accepted",
    phases: {
      "503": phase(answer("POST", PATHS.run, 503, executed), ends("built"), isClean, runs(1), templates(1)),
      "504": phase(answer("POST", PATHS.run, 504, executed), ends("built"), isClean, runs(1), templates(1)),
      "500": phase(answer("POST", PATHS.run, 500, executed), ends("built"), isClean, runs(1), templates(1)),
      "the answer is lost": phase(scenario("run-reply-lost"), ends("built"), isClean, runs(1), templates(1)),
      "503, and it was not accepted": phase(
        answer("POST", PATHS.run, 503, { count: 1 }),
        ends("built"),
        isClean,
        runs(1),
        templates(2),
      ),
    },
  },
  {
    fault: 14,
    what: "12 consecutive 500s while polling",
    phases: {
      running: phase(polls(500, 12, 5), ends("built"), isClean, templates(1)),
      "creating the template": phase(polls(500, 12, 0), ends("built"), isClean, templates(1)),
      "from asking for the run on": phase(polls(500, 12, 2), ends("built"), isClean, runs(1), templates(1)),
      "three dozen": phase(polls(500, 36, 4), ends("built"), isClean, runs(1)),
    },
  },
  {
    fault: 15,
    what: "the operation's URL answers 404 or 410 in mid-build",
    phases: {
      "404": phase(scenario("operation-gone"), ends("built"), isClean),
      "410": phase(answer("GET", "/locations/[^/]+/operations/[^/]+$", 410), ends("built"), isClean),
      "the template itself, twice": phase(polls(404, 2, 5), ends("built"), isClean, runs(1)),
    },
  },
  {
    fault: 16,
    what: "a run goes on past its timeout",
    phases: {
      "from the beginning": phase(scenario("run-hangs"), ends("failed", "run-overdue"), isClean, runs(1)),
      "and the cancellation hangs for an hour": phase(
        (stage) => {
          scenario("run-hangs")(stage);
          scenario("cancel-hangs", { seconds: HOUR })(stage);
        },
        ends("failed", "run-overdue"),
        isClean,
      ),
      "image builder ends it itself": phase(scenario("build-times-out"), ends("failed"), isClean, logIs("archived")),
      "of 16 hours, and it ends just in time": phaseWith(
        { cloud: { run: { buildingSeconds: { min: 15.5 * HOUR, max: 15.5 * HOUR } } } },
        (stage) => stage.ask("sixteen-hours"),
        ends("built"),
        isClean,
        logIs("archived"),
        shows("the run has taken so long", ({ builds }) =>
          builds.every(({ receipt }) => receipt?.outcome.kind === "built" && receipt.outcome.runSeconds > 15 * HOUR),
        ),
      ),
      "of 16 hours, and image builder ends it itself": phase(
        sixteenHours(scenario("build-times-out")),
        ends("failed"),
        isClean,
        logIs("archived"),
      ),
      "of 16 hours, from the beginning": phase(
        sixteenHours(scenario("run-hangs")),
        ends("failed", "run-overdue"),
        isClean,
        runs(1),
      ),
    },
  },
  {
    fault: 17,
    what: "a run is stuck in Canceling for 24 hours",
    phases: {
      "cancelled by a person": hourlySwept(
        (stage) => {
          scenario("cancel-hangs", { seconds: 24 * HOUR })(stage);
          cancelledWhileRunning(stage);
        },
        ends("cancelled"),
        isClean,
        deletionGoesOn,
      ),
      "past its timeout": hourlySwept(
        (stage) => {
          scenario("run-hangs")(stage);
          scenario("cancel-hangs", { seconds: 24 * HOUR })(stage);
        },
        ends("failed", "run-overdue"),
        isClean,
        deletionGoesOn,
      ),
      "past its timeout of 16 hours": hourlySwept(
        sixteenHours((stage) => {
          scenario("run-hangs")(stage);
          scenario("cancel-hangs", { seconds: 24 * HOUR })(stage);
        }),
        ends("failed", "run-overdue"),
        isClean,
        deletionGoesOn,
      ),
      "and ends after the receipt": hourlySwept(
        async (stage) => {
          scenario("cancel-hangs", { seconds: 60 * HOUR })(stage);
          cancelledWhileRunning(stage);
          await stage.ended(await stage.ask());
          await stage.sleep(12 * HOUR);
        },
        ends("cancelled"),
        listed,
        logIs("archived"),
        shows("the rest of the log is kept beside what the receipt has the hash of", ({ builds, archive }) =>
          builds.every(({ id }) => {
            const log = (name: string) => archive.text("archive", `builds/aks-jumpbox/${id}/${name}.log`) ?? "";
            return log("customization-late").length > log("customization").length;
          }),
        ),
      ),
      "for good": hourlySwept(
        (stage) => {
          scenario("cancel-hangs")(stage);
          cancelledWhileRunning(stage);
        },
        ends("cancelled"),
        listed,
        deletionGoesOn,
      ),
    },
  },
  {
    fault: 19,
    what: "PartiallySucceeded, and an endTime of the year 1",
    phases: {
      "at the end": phaseWith(
        { wrapWorld: (world) => changedAnswers(world, partially) },
        () => {},
        ends("failed", "run-partiallysucceeded"),
        isClean,
        logIs("archived"),
        runs(1),
      ),
    },
  },
  {
    fault: 20,
    what: "the log answers 403 or 404, or is truncated",
    phases: {
      "403": phase(scenario("log-forbidden"), ends("built"), isClean, logIs("lost")),
      "404": phase(scenario("log-missing"), ends("built"), isClean, logIs("lost")),
      "404, of validation.log alone": phaseWith(
        { wrapWorld: (world) => changedAnswers(world, withUnreadableLog) },
        () => {},
        ends("built"),
        isClean,
        logIs("archived"),
        shows("the receipt tells which log is lost", ({ builds }) =>
          builds.every(({ receipt }) => {
            const { log } = receipt ?? {};
            if (log?.kind !== "archived") return false;
            const names = [log.files.map(({ name }) => name), log.unread?.map(({ name }) => name)];
            return isDeepStrictEqual(names, [["customization.log"], ["validation.log"]]);
          }),
        ),
      ),
      "403, in passing": phase(answer("GET", PATHS.log, 403, { count: 2 }), ends("built"), isClean, logIs("archived")),
      truncated: phaseWith(
        { wrapWorld: (world) => changedAnswers(world, truncated) },
        () => {},
        ends("built"),
        isClean,
        logIsAnyOf("archived", "lost"),
        shows("a log that is kept is whole", ({ builds, archive }) =>
          builds.every(
            ({ id, receipt }) =>
              receipt?.log.kind !== "archived" ||
              archive
                .text("archive", `builds/aks-jumpbox/${id}/customization.log`)
                ?.includes("PACKER OUT ==> azure-arm: Removing"),
          ),
        ),
      ),
    },
  },
  {
    fault: 21,
    what: "a log is huge",
    phases: {
      "of 32 MB": phase(
        (stage) => stage.fault({ scenario: "huge-log", bytes: 32 * 2 ** 20 }),
        ends("built"),
        isClean,
        logIs("archived"),
        shows("the archive has all of it", ({ builds }) => {
          const { log } = builds[0]?.receipt ?? {};
          return log?.kind === "archived" && (log.files[0]?.bytes ?? 0) > 32 * 2 ** 20;
        }),
      ),
    },
  },
  {
    fault: 31,
    what: "the event that a run has ended comes early, twice or never",
    phases: {
      early: woken(2),
      twice: woken(32, 32),
      "again and again": woken(1, 1, 2, 10, 20, 29, 30, 31, 32),
      never: woken(),
    },
  },
];
