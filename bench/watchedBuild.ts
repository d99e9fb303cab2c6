import type { ControlState } from "../local/azure/control/controlState.ts";
import { askForBuild } from "../test/support/simulation/askForBuild.ts";
import type { Simulation } from "../test/support/simulation/simulation.ts";

const SECOND = 1000;
/** In which the template is made. */
const BEGINNING = 120 * SECOND;
/** How often is looked for the end of the run, which the template tells until it is deleted. */
const SELDOM = 20 * SECOND;
const TEMPLATE = "Microsoft.VirtualMachineImages/imageTemplates";

/** What one undisturbed build has cost, and where its time has gone. All times are milliseconds of the clock. */
export interface WatchedBuild {
  id: string;
  /** Requests to ARM, the sweeper's not among them, since it has been told not to look. */
  armCalls: number;
  /** Looks at the run, from when it was asked for until its end was known. */
  polls: number;
  /** From the run's end until it was known. */
  detection: number;
  /** From the request to the request to run, and from the run's end until all was clean, without Azure's own operations. */
  overhead: number;
  /** For each grant, for how long it stood without being needed. */
  beyondNeed: number[];
  /** Role assignments of the builder's that stand after the build. */
  standing: number;
}

interface Seen {
  templateReady?: number;
  templateGone?: number;
  runEnded?: number;
}

/** Builds the sample image and looks on. */
export async function watchedBuild({ world, host }: Simulation, image = "aks-jumpbox"): Promise<WatchedBuild> {
  const { clock } = host;
  const asked = clock.now();
  const from = world.cloud.requests().requests.length;
  const id = await askForBuild(host, image);
  const seen: Seen = {};
  const looking = { goesOn: true };
  const looks = (async () => {
    while (looking.goesOn) {
      note(seen, world.cloud.state(), clock.now());
      const isSoon = clock.now() - asked < BEGINNING || seen.runEnded !== undefined;
      await clock.sleep(isSoon ? SECOND : SELDOM);
    }
  })();
  await host.instance(id);
  const ended = clock.now();
  looking.goesOn = false;
  await looks;
  note(seen, world.cloud.state(), ended);

  const requests = world.cloud
    .requests()
    .requests.slice(from)
    .filter(({ path }) => path.startsWith("/subscriptions/"))
    .map(({ method, path, time }) => ({ method, path, at: Date.parse(time) }));
  const first = (method: string, pattern: RegExp) =>
    requests.find((one) => one.method === method && pattern.test(one.path))?.at ?? Number.NaN;
  const templatePut = first("PUT", /\/imageTemplates\//);
  const runAsked = first("POST", /\/run\?/);
  const deletion = first("DELETE", /\/imageTemplates\//);
  const { templateReady = Number.NaN, templateGone = Number.NaN, runEnded = Number.NaN } = seen;
  // Asked for as soon as the end is known.
  const outputs = first("GET", /\/runOutputs\?/);

  const needs = [
    { role: "rg-images", until: runEnded },
    { role: "rg-network", until: templateGone },
  ];
  return {
    id,
    armCalls: requests.length,
    polls: requests.filter((one) => isLookAt(one) && one.at > runAsked && one.at <= outputs).length,
    detection: outputs - runEnded,
    overhead: runAsked - asked - (templateReady - templatePut) + (ended - runEnded) - (templateGone - deletion),
    beyondNeed: needs.map(({ role, until }) => {
      const grant = new RegExp(`/${role}/.*/roleAssignments/`);
      return templatePut - first("PUT", grant) + first("DELETE", grant) - until;
    }),
    standing: world.cloud.state().roleAssignments.filter(({ standing }) => !standing).length,
  };
}

function isLookAt({ method, path }: { method: string; path: string }): boolean {
  return method === "GET" && /\/imageTemplates\/[^/?]+\?/.test(path);
}

interface Template {
  type: string;
  properties?: { provisioningState?: string; lastRunStatus?: { runState: string; endTime?: string } };
}

function note(seen: Seen, { resources }: ControlState, now: number): void {
  const template = (resources as unknown as Template[]).find(({ type }) => type === TEMPLATE);
  const { provisioningState, lastRunStatus } = template?.properties ?? {};
  if (provisioningState === "Succeeded") seen.templateReady ??= now;
  if (lastRunStatus?.endTime && lastRunStatus.runState === "Succeeded") {
    seen.runEnded ??= Date.parse(lastRunStatus.endTime);
  }
  if (seen.templateReady && !template) seen.templateGone ??= now;
}
