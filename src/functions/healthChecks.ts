import type { DurableClient } from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import { archiveFaultsIn } from "../azure/archiveFaults.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { CHECKS, type Checked, type CheckName, type Findings } from "../domain/health.ts";
import type { SettingFault } from "../domain/notReady.ts";
import { type Observed, valueOf } from "../domain/preflight/observed.ts";
import type { Provider } from "../domain/preflight/subscription.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { sweepDue } from "../domain/sweepDue.ts";
import { wrongRegions } from "../domain/recipes/wrongRegions.ts";
import { startOfSweep } from "../domain/sweepId.ts";
import type { FailedSweep, SweepReport } from "../domain/sweepReport.ts";
import { readInstance } from "../durable/instances.ts";
import { logLine } from "../telemetry/logLine.ts";
import { ARM_ENDPOINT } from "../settingHelp.ts";
import { inTime } from "./inTime.ts";
import { faultsIn, type GroundLook, type Readiness } from "../readiness.ts";

export interface HealthParts {
  /** Of the service. */
  version: string;
  readiness: Readiness;
  /** An access token for ARM; the SDK keeps it as long as it is good. */
  token: () => Promise<unknown>;
  archive: Pick<Archive, "readJson">;
  catalogue: AskCatalogue;
  /** The resource providers of the subscription, with the regions that have them. */
  providers: () => Promise<Observed<readonly Provider[]>>;
  sweepSchedule: string;
  /** What one check has. */
  checkSeconds: number;
}

export interface Examined {
  /** ISO 8601. */
  at: string;
  findings: Findings;
  /** What is wrong with the settings. */
  faults: readonly SettingFault[];
}

/** Seconds for which the findings count, so that who asks often asks Azure no more often for it. */
const KEPT_SECONDS = 10;

/** Looks at everything that the service needs; one look at a time, whoever asks, and none anew for some seconds. */
export function healthChecks(parts: HealthParts): (client: DurableClient) => Promise<Examined> {
  const upSince = new Date();
  const logRegions = loggedOnce();
  let last: { at: number; examined: Promise<Examined> } | undefined;
  return (client) => {
    if (!last || Math.abs(Date.now() - last.at) >= KEPT_SECONDS * 1000) {
      last = { at: Date.now(), examined: examine(parts, client, upSince) };
      void last.examined.then(({ findings }) => logRegions(findings.regions));
    }
    return last.examined;
  };
}

/** A line of the log where recipes are wrong, once for what is wrong: whoever probes the health asks every minute. */
function loggedOnce(): (regions: Checked) => void {
  let logged = "";
  return ({ state, seen, mend = "" }) => {
    const told = state === "fails" ? `${seen}\n${mend}` : "";
    if (told && told !== logged) console.error(logLine("region not offered", told));
    if (state !== "unknown") logged = told;
  };
}

async function examine(parts: HealthParts, client: DurableClient, upSince: Date): Promise<Examined> {
  const { faults } = parts.readiness;
  const ground: Promise<GroundLook> =
    faults.length > 0 ? Promise.resolve({ kind: "wrong", faults }) : parts.readiness.ask();
  const checks = checksOf(parts, client, ground, upSince);
  const found = CHECKS.map(async (name): Promise<[CheckName, Checked]> => [
    name,
    await lookedAt(checks[name], parts.checkSeconds, {
      late: name === "regions" ? "unknown" : "fails",
      mend: MENDS[name],
    }),
  ]);
  const findings = Object.fromEntries(await Promise.all(found)) as unknown as Findings;
  // It may have no answer yet.
  const settled = await Promise.race([ground, Promise.resolve(undefined)]);
  const ofArchive = findings.storage.faults ?? [];
  return { at: new Date().toISOString(), findings, faults: [...(settled ? faultsIn(settled) : []), ...ofArchive] };
}

/** What to do about a check that throws, or about Azure that does not answer: of the others each says it. */
const MENDS: Partial<Record<CheckName, string>> = {
  token:
    "Look whether the identity of AZURE_CLIENT_ID is assigned to the function app; where it is, the platform's identity endpoint is not well: restart the app.",
  azure:
    "Look whether the app is let out to management.azure.com (docs/deploy.md), and whether Azure has an outage, which nobody need do anything about.",
  storage:
    "Look whether the account and the container of the archive are there, and let the service's identity in: Storage Blob Data Contributor on the container (docs/permissions.md), and the account's firewall.",
  recipes:
    "Look whether what the recipes lie in is there: GOLDSMITH_RECIPE_CONTAINER with a role to read it, or images/ in the package.",
  sweeper: "Its reports lie in the archive: mend what `storage` tells first.",
  engine:
    "Look whether the host's storage account, or Durable Task Scheduler, is there and lets the service's identity in (docs/permissions.md); then restart the app.",
};

/** A check that throws fails. @param late what one is that takes too long. */
async function lookedAt(
  check: () => Promise<Checked>,
  seconds: number,
  { late, mend }: { late: Exclude<Checked["state"], "passes">; mend: string | undefined },
): Promise<Checked> {
  const seen = `No answer in ${seconds} seconds.`;
  try {
    return await inTime(check(), seconds, { state: late, seen, ...(mend && { mend }) });
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error);
    return { ...fails(seen, mend), faults: archiveFaultsIn(error) };
  }
}

const passes = (seen: string): Checked => ({ state: "passes", seen });
const fails = (seen: string, mend?: string): Checked => ({ state: "fails", seen, ...(mend && { mend }) });

function checksOf(
  { readiness, token, archive, catalogue, providers, sweepSchedule }: HealthParts,
  client: DurableClient,
  ground: Promise<GroundLook>,
  upSince: Date,
): Record<CheckName, () => Promise<Checked>> {
  const [fault] = readiness.faults;
  const needsSettings = (check: () => Promise<Checked>) => () =>
    fault ? Promise.resolve<Checked>({ state: "unknown", seen: "The settings come first." }) : check();

  return {
    settings: async () => {
      const seen = await ground;
      if (seen.kind === "unknown")
        return { state: "unknown", seen: "Azure could not be asked whether they are right." };
      const faults = faultsIn(seen);
      if (faults.length === 0) return passes("They can be used.");
      const mends = faults.map(({ setting, mend }) => `${setting}: ${mend}`);
      return fails(faults.map(({ setting, state }) => `${setting} is ${state}`).join(", "), mends.join("\n"));
    },
    token: needsSettings(async () => {
      await token();
      return passes("The identity is given tokens.");
    }),
    azure: needsSettings(async () => {
      const seen = await ground;
      if (seen.kind === "unknown") return fails(`Azure Resource Manager does not answer: ${seen.why}`, MENDS.azure);
      const isLost = faultsIn(seen).some(({ setting }) => setting === ARM_ENDPOINT);
      return isLost
        ? fails("There is no Azure Resource Manager at its address.", MENDS.azure)
        : passes("Azure Resource Manager answers.");
    }),
    storage: needsSettings(async () => {
      await archive.readJson(archiveNames.marks);
      return passes("The archive can be read.");
    }),
    engine: async () => {
      await readInstance(client, "health");
      return passes("Durable Functions answers.");
    },
    recipes: needsSettings(async () => {
      const { recipes, broken, stale } = await catalogue();
      const count = `${recipes.size} can be built, ${broken.size} are broken.`;
      if (stale) return fails(`${count} They are those of ${stale.since}, and cannot be read again: ${stale.why}`);
      return recipes.size === 0 && broken.size > 0
        ? fails(count, "GET /api/images tells what is wrong.")
        : passes(count);
    }),
    regions: needsSettings(async () => {
      const read = await catalogue().catch(() => undefined);
      if (!read) return { state: "unknown", seen: "The recipes come first." };
      // By another identity or subscription nothing is known of regions; and it is a long list, which need not come first.
      if ((await ground).kind !== "right") return { state: "unknown", seen: "The settings come first." };
      const offered = valueOf(await providers());
      if (!offered) return { state: "unknown", seen: "Azure could not be asked which regions it has." };
      const wrong = wrongRegions(read.recipes.values(), offered);
      if (wrong.length === 0) return passes("What recipes ask for is offered in the regions that they name.");
      return fails(wrong.map(({ seen }) => seen).join("\n"), wrong.map(({ mend }) => mend).join("\n"));
    }),
    sweeper: needsSettings(async () => sweeperSeen(await lastSweep(archive), sweepSchedule, new Date(), upSince)),
  };
}

async function lastSweep(archive: HealthParts["archive"]): Promise<SweepReport | FailedSweep | undefined> {
  return (await archive.readJson(archiveNames.sweep("latest")))?.value as SweepReport | FailedSweep | undefined;
}

/** @param schedule NCRONTAB. @param upSince when this process began, by which a sweep may have come to its end. */
export function sweeperSeen(
  last: SweepReport | FailedSweep | undefined,
  schedule: string,
  now: Date,
  upSince: Date,
): Checked {
  const mend = "docs/cleanup.md tells what the sweeper needs; POST /api/sweep begins one now.";
  const began = last && startOfSweep(last.id);
  if (!last || !began) {
    const seen = "No sweep has come to its end yet.";
    return now > sweepDue(schedule, upSince) ? fails(seen, mend) : { state: "unknown", seen };
  }
  if ("failure" in last) return fails(`The last sweep, ${last.id}, failed: ${last.failure}`, mend);
  const minutes = Math.floor((now.getTime() - began.getTime()) / 60_000);
  const seen = `The last sweep to come to its end began ${minutes} minutes ago.`;
  if (now > sweepDue(schedule, began)) return fails(seen, mend);
  // Where Azure has asked to wait, the next one looks.
  const blind = last.unseen.filter(({ until }) => until === undefined).map(({ what, id }) => `${what} ${id}`);
  if (blind.length === 0) return passes(seen);
  return fails(
    `${seen} It could not look everywhere: ${blind.join(", ")}`,
    `${mend} GET /api/sweeps/latest has what Azure said.`,
  );
}
