import { ends, isClean, nothingLeft } from "../../support/faults/expectations.ts";
import type { Evidence } from "../../support/faults/evidence.ts";
import { ownOf } from "../../support/faults/ours.ts";
import { type Phase, phase, type Row, shows } from "../../support/faults/row.ts";
import { HOUR, MINUTE, type Stage } from "../../support/faults/stage.ts";
import { answer, at, type MomentName, MOMENTS, PATHS, scenario } from "../../support/faults/strikes.ts";
import type { Moment } from "../../support/faults/watchedWorld.ts";

/** Each build's run had both grants from its request to its end. */
const keptByBoth = shows("no run lost its grants", ({ runs, held, answers, builds }: Evidence) =>
  runs.every(({ template, at: begun }) => {
    const deleted = answers.find(
      ({ method, path }) => method === "DELETE" && path.toLowerCase() === template.toLowerCase(),
    );
    const until = deleted?.at ?? Infinity;
    const build = builds.find(({ id }) => ownOf(id).templates.includes(template.toLowerCase()));
    return ownOf(build?.id ?? "").grants.every(({ id, role }) => {
      // Image creation goes just before the template.
      const least = role === "network join" ? until : until - 60_000;
      return held.some(({ id: one, from, to = Infinity }) => one.toLowerCase() === id && from <= begun && to >= least);
    });
  }),
);

/** A second image is asked for when the first build is that far. */
const joinedAt = (moment: Moment): Phase =>
  phase(
    async (stage: Stage) => {
      const asked = new Promise<void>((resolve) => stage.when(moment, { after: () => resolve() }));
      await stage.ask("night-one");
      await asked;
      await stage.ask("night-two");
    },
    ends("built"),
    isClean,
    nothingLeft,
    keptByBoth,
  );

const WHILE_HELD: MomentName[] = [
  "running",
  "granting image creation",
  "granting network join",
  "creating the template",
  "asking for the run",
  "archiving the log",
  "revoking image creation",
  "deleting the template",
  "revoking network join",
];

/** The first lets go of what the second still holds, of which the archive can be told nothing for longer than it waits. */
const letGoWithoutArchive = phase(
  async (stage) => {
    const asked = new Promise<void>((resolve) =>
      stage.when(MOMENTS["creating the template"], { after: () => resolve() }),
    );
    stage.when(MOMENTS["archiving the log"], { after: () => stage.storageDown(50 * MINUTE) });
    await stage.ask("night-one");
    await asked;
    scenario("run-hangs")(stage);
    const two = await stage.ask("night-two");
    await stage.sleep(2 * HOUR);
    await stage.post(`/api/builds/${two}/cancel`);
  },
  isClean,
  nothingLeft,
  keptByBoth,
);

/** The first is refused its release, and is still deleting its template while the second takes the same grants. */
const refusedThenShared = phase(
  async (stage) => {
    scenario("staging-group-lingers", { seconds: 2 * HOUR })(stage);
    answer("DELETE", PATHS.grant, 403, { code: "AuthorizationFailed", count: 12 })(stage);
    await stage.ask("night-one");
    await stage.sleep(110 * MINUTE);
    stage.world.cloud.clearFaults();
    scenario("staging-group-lingers", { seconds: 90 * MINUTE })(stage);
    await stage.ask("night-two");
  },
  ends("built"),
  isClean,
  nothingLeft,
);

/** Builds that share their scopes. */
export const sharing: Row[] = [
  {
    fault: 35,
    what: "two builds share a scope, and one ends first",
    phases: {
      ...at(WHILE_HELD, joinedAt),
      "the first lets go while the archive is out": letGoWithoutArchive,
      "the first is refused its release": refusedThenShared,
    },
  },
];
