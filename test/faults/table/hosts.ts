import { isDeepStrictEqual } from "node:util";
import { sweep } from "../../../src/orchestrators/sweep.ts";
import { fakeService, functionsOf } from "../../support/fakeService.ts";
import { ends, grantsGone, isClean, logIs, nothingLeft, runs, swept } from "../../support/faults/expectations.ts";
import { ownOfAll } from "../../support/faults/ours.ts";
import { replay, scheduledIn } from "../../support/orchestration.ts";
import { phase, phaseWith, type Row, shows } from "../../support/faults/row.ts";
import { HOUR, MINUTE, type Stage } from "../../support/faults/stage.ts";
import { purge, terminate } from "../../support/faults/sweeping.ts";
import {
  ALL_MOMENTS,
  answer,
  at,
  grantAsOperator,
  IMAGES,
  MOMENTS,
  type MomentName,
  scenario,
} from "../../support/faults/strikes.ts";

const WITHOUT_READING = ALL_MOMENTS.filter((moment) => moment !== "reading the network");
const DAY = 24 * HOUR;

/**
 * Nobody of the service's is up for a day, and the grants of before are overdue then. But for the end of a run the first
 * that is changed is a grant of the build's, and all of them are gone within a sweep.
 */
const revokesFirst = shows("revoking comes first after the outage", ({ outages, answers, held, builds }) => {
  const [outage] = outages;
  if (!outage) return false;
  const overdue = held.filter(({ from, to = Infinity }) => from <= outage.from && to >= outage.to);
  const own = ownOfAll(builds.map(({ id }) => id)).grants.map(({ id }) => id);
  const changed = answers.find(
    ({ method, path, at }) => at >= outage.to && method !== "GET" && !path.endsWith("/cancel"),
  );
  const isFirst = changed?.method === "DELETE" && own.includes(changed.path.toLowerCase());
  const inTime = overdue.every(({ to = Infinity }) => to - outage.to <= 10 * MINUTE * 1000);
  return inTime && (overdue.length === 0 || isFirst);
});

async function closed(stage: Stage): Promise<void> {
  await stage.ended(await stage.ask());
}

/** An operator ends the build's instance, in one way or the other. */
const ended = (how: "terminate" | "purge") => async (stage: Stage) => {
  await terminate(stage, stage.first());
  if (how === "terminate") return;
  await stage.sleep(1);
  await purge(stage, stage.first());
};

/** What is marked as nobody's stays for the grace period, in case it is somebody's. */
const graceKept = shows("nothing of the dead build is touched within the grace period", ({ answers, instances }) => {
  const dead = instances.find(({ name, runtimeStatus }) => name === "buildImage" && runtimeStatus === "Terminated");
  if (!dead) return false;
  const since = dead.lastUpdatedTime;
  return !answers.some(({ method, at }) => method === "DELETE" && at >= since && at < since + 30 * MINUTE * 1000);
});

const LOOKALIKE = "aks-jumpbox-20300101-000000-aaaa-a1";

/** Somebody else makes the template that the first attempt is going to make, in a staging group of its own. */
async function takeName(stage: Stage, body: Buffer): Promise<void> {
  const { properties, ...rest } = JSON.parse(body.toString()) as { properties: object };
  const unnamed = { ...properties, stagingResourceGroup: undefined };
  const id = ownOfAll([stage.first()]).templates[0] ?? "";
  await stage.asOperator("PUT", id, "2024-02-01", { ...rest, properties: unnamed });
}

/** A template with all marks of the service's, which is not in its ledger. */
async function copyTemplate(stage: Stage, body: Buffer): Promise<void> {
  const { tags, properties, ...rest } = JSON.parse(body.toString()) as { tags: object; properties: object };
  const stagingResourceGroup = IMAGES.replace("rg-images", `${LOOKALIKE}-staging`);
  await stage.asOperator(
    "PUT",
    `${IMAGES.replace("rg-images", "rg-goldsmith-templates")}/providers/Microsoft.VirtualMachineImages/imageTemplates/${LOOKALIKE}`,
    "2024-02-01",
    {
      ...rest,
      tags: { ...tags, "goldsmith-build": LOOKALIKE.replace(/-a1$/, "") },
      properties: { ...properties, stagingResourceGroup },
    },
  );
}

/** Today's code goes the way that each history under way has gone. */
async function replayAll({ host }: Stage): Promise<void> {
  for (const orchestrator of [...functionsOf(fakeService()).orchestrators, sweep]) {
    for (const { name, instanceId, input, history } of host.hub.instances.values()) {
      if (name !== orchestrator.name || history.length === 0) continue;
      const { scheduled } = await replay(orchestrator, { instanceId, input: JSON.parse(input ?? "null"), history });
      if (!isDeepStrictEqual(scheduled, scheduledIn(history))) throw new Error(`${instanceId} goes another way.`);
    }
  }
}

const lookalike = async (stage: Stage): Promise<void> => {
  await grantAsOperator(stage);
  await stage.asOperator("PUT", IMAGES.replace("rg-images", `${LOOKALIKE}-staging`), "2021-04-01", {
    location: "westeurope",
    tags: { "goldsmith-installation": "simulation", "goldsmith-build": "aks-jumpbox-20300101-000000-aaaa" },
  });
};

const swept33 = (stage: Stage) => async () => {
  await stage.post("/api/sweep");
  await stage.post("/api/sweep");
};

/** The same build asked for twice by its id, as two ticks of the schedule would. */
const submit = async (stage: Stage, buildId: string) => {
  const request = { buildId, image: "aks-jumpbox", door: "schedule" };
  await stage.post(`/runtime/webhooks/durabletask/orchestrators/buildImage/${buildId}`, request);
};

/** At each of the moments, first as a run is asked for. */
function storageOut(how: string, strike: (stage: Stage) => unknown): Row["phases"] {
  const first: MomentName = "asking for the run";
  const moments = [first, ...ALL_MOMENTS.filter((name) => name !== first)];
  const phases = at(moments, (moment) =>
    phase((stage) => stage.when(moment, { after: () => strike(stage) }), grantsGone, nothingLeft),
  );
  return Object.fromEntries(Object.entries(phases).map(([name, one]) => [`${how}, ${name}`, one]));
}

/** Faults of the hosts, of their storage and their clocks, and what people do to them. */
export const hosts: Row[] = [
  {
    fault: 24,
    what: "all workers are down for 24 hours",
    phases: at(["running", ...WITHOUT_READING.filter((name) => name !== "running")] as MomentName[], (moment) =>
      phase((stage) => stage.when(moment, { after: () => stage.kill(DAY) }), grantsGone, nothingLeft, revokesFirst),
    ),
  },
  {
    fault: 25,
    what: "401, and nobody gives tokens",
    phases: {
      ...at(ALL_MOMENTS, (moment) =>
        phase(
          async (stage) => {
            stage.when(moment, { after: () => stage.tokensDown(HOUR) });
            await closed(stage);
            // What could not be revoked for half an hour is the sweeper's turn.
            await stage.sleep(2 * HOUR);
          },
          grantsGone,
          nothingLeft,
        ),
      ),
      "401 for an hour while it runs": phase(
        (stage) =>
          stage.when(MOMENTS.running, {
            after: () => {
              answer("GET", ".", 401, { code: "ExpiredAuthenticationToken" })(stage);
              stage.host.clock.setTimeout(() => stage.world.cloud.clearFaults(), HOUR * 1000);
            },
          }),
        ends("built"),
        isClean,
      ),
    },
  },
  {
    fault: 26,
    what: "every activity is delivered twice",
    phases: {
      "of a build": phaseWith({ delivers: "twice" }, () => {}, ends("built"), isClean, runs(1)),
      "of one whose run's answer is lost": phaseWith(
        { delivers: "twice" },
        scenario("run-reply-lost"),
        ends("built"),
        isClean,
        runs(1),
      ),
      "of one that fails": phaseWith(
        { delivers: "twice" },
        scenario("customizer-fails"),
        ends("failed"),
        isClean,
        logIs("archived"),
      ),
      "of one that is cancelled": phaseWith(
        { delivers: "twice" },
        (stage) => stage.when(MOMENTS.running, { after: () => stage.cancel() }),
        ends("cancelled"),
        isClean,
      ),
    },
  },
  {
    fault: 27,
    what: "the storage of the task hub or the archive is out",
    phases: {
      // The archive comes back some minutes later than the task hub.
      ...storageOut("both for an hour, and with them the host", (stage) => {
        stage.storageDown(HOUR + 5 * MINUTE);
        return stage.kill(HOUR);
      }),
      ...storageOut("both for an hour, under a live host", (stage) => {
        stage.hubDown(HOUR);
        stage.storageDown(HOUR + 5 * MINUTE);
      }),
      ...storageOut("the task hub's for an hour, under a live host", (stage) => stage.hubDown(HOUR)),
      ...storageOut("the archive's for an hour, under a live host", (stage) => stage.storageDown(HOUR)),
      ...storageOut("the archive's beyond the grants' time, under a live host", (stage) =>
        stage.storageDown(14 * HOUR),
      ),
      "the archive's beyond the grants' time, under a live host, of a build that an operator ended": phase(
        async (stage) => {
          stage.when(MOMENTS.running, {
            after: async () => {
              await ended("terminate")(stage);
              stage.storageDown(14 * HOUR);
            },
          });
          await closed(stage);
        },
        ...swept,
      ),
      ...storageOut("the task hub's beyond the grants' time, under a live host", (stage) => stage.hubDown(10 * HOUR)),
    },
  },
  {
    fault: 28,
    what: "the clock is off by 10 minutes, or timers are late",
    phases: {
      "behind Azure's": phaseWith({ cloudAheadSeconds: 10 * MINUTE }, () => {}, ends("built"), isClean),
      "ahead of Azure's": phaseWith({ cloudAheadSeconds: -10 * MINUTE }, () => {}, ends("built"), isClean),
      "behind, and the run is stuck in Canceling": phaseWith(
        { cloudAheadSeconds: 10 * MINUTE },
        stuck,
        grantsGone,
        nothingLeft,
      ),
      "ahead, and the run is stuck in Canceling": phaseWith(
        { cloudAheadSeconds: -10 * MINUTE },
        stuck,
        grantsGone,
        nothingLeft,
      ),
      "timers are late": phase(
        (stage) => stage.when(MOMENTS.running, { after: () => stage.kill(10 * MINUTE) }),
        ends("built"),
        isClean,
      ),
    },
  },
  {
    fault: 29,
    what: "a new version is deployed in mid-flight, and replays what is under way",
    phases: at(["running", ...ALL_MOMENTS.filter((name) => name !== "running")], (moment) =>
      phase(
        (stage) =>
          stage.when(moment, {
            before: async () => {
              await replayAll(stage);
              return stage.kill();
            },
          }),
        isClean,
        nothingLeft,
      ),
    ),
  },
  {
    fault: 30,
    what: "the same build is submitted twice at once",
    phases: {
      "at once": phase(
        async (stage) => {
          const id = "aks-jumpbox-20300101-000000-aaaa";
          await Promise.all([submit(stage, id), submit(stage, id)]);
          stage.expect(id);
        },
        ends("built"),
        isClean,
        runs(1),
      ),
      "again while it runs": phase(
        async (stage) => {
          const id = "aks-jumpbox-20300101-000000-aaaa";
          stage.when(MOMENTS.running, { after: () => submit(stage, id) });
          await submit(stage, id);
          stage.expect(id);
        },
        ends("built"),
        isClean,
        runs(1),
      ),
      "two builds of one image": phase(
        async (stage) => {
          await Promise.all([stage.ask(), stage.ask()]);
        },
        ends("built"),
        isClean,
        runs(2),
      ),
    },
  },
  {
    fault: 33,
    what: "the sweeper races a live build, and lookalikes stand next to it",
    phases: {
      ...at(["running", ...ALL_MOMENTS.filter((name) => name !== "running")], (moment) =>
        phase((stage) => stage.when(moment, { after: swept33(stage) }), ends("built"), isClean),
      ),
      "a template that looks like ours": phase(
        async (stage) => {
          stage.when(MOMENTS["creating the template"], { before: ({ body }) => copyTemplate(stage, body) });
          await closed(stage);
          await stage.sleep(2 * HOUR);
        },
        ends("built"),
        isClean,
        shows("it is untouched", ({ after }) => JSON.stringify(after).includes(LOOKALIKE)),
      ),
      "a template of its name": phase(
        (stage) => stage.when(MOMENTS["creating the template"], { before: ({ body }) => takeName(stage, body) }),
        ends("failed", "template-name-taken"),
        isClean,
        shows("it is untouched", ({ after, builds }) => JSON.stringify(after).includes(`${builds[0]?.id}-a1`)),
      ),
      "a grant and a group that look like ours": phase(
        async (stage) => {
          await lookalike(stage);
          await closed(stage);
          await stage.sleep(2 * HOUR);
        },
        ends("refused"),
        isClean,
      ),
    },
  },
  {
    fault: 34,
    what: "an operator terminates or purges the instance",
    phases: Object.fromEntries(
      (["terminate", "purge"] as const).flatMap((how) =>
        Object.entries(
          at(["running", ...WITHOUT_READING.filter((name) => name !== "running")] as MomentName[], (moment, name) =>
            phase(
              async (stage) => {
                stage.when(moment, { after: () => ended(how)(stage) });
                await closed(stage);
              },
              ...swept,
              ...(how === "terminate" && name === "running" ? [graceKept] : []),
            ),
          ),
        ).map(([name, phase]) => [`${how}, ${name}`, phase] as const),
      ),
    ),
  },
];

function stuck(stage: Stage): void {
  scenario("cancel-hangs", { seconds: DAY })(stage);
  stage.when(MOMENTS.running, { after: () => stage.cancel() });
}
