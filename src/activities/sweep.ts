import type { Archive } from "../azure/archive.ts";
import { azureTime } from "../azure/azureTime.ts";
import type { Clients } from "../azure/clients.ts";
import { ledger as ledgerOf } from "../azure/ledger.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import type { Grant } from "../domain/grant.ts";
import { isOverdue, unexpired } from "../domain/lease.ts";
import type { Observation, Unseen } from "../domain/observation.ts";
import { ownAssignments } from "../domain/ownAssignments.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { planSweep } from "../domain/sweep.ts";
import { type Done, overdueActs, type SweepAct } from "../domain/sweepAct.ts";
import { Marks } from "../domain/sweepMarks.ts";
import type { SweepWork } from "../domain/sweepReport.ts";
import type { Engine } from "../durable/activities.ts";
import { readEntities } from "../durable/entities.ts";
import { LEASE, type LeaseState } from "../entities/lease.ts";
import type { Settings } from "../settings.ts";
import { tellBuild } from "../telemetry/tellBuild.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { closingActivities } from "./closeBuild.ts";
import type { NoteEnd } from "./endNoter.ts";
import { observer } from "./observe.ts";
import { knownLeases } from "./knownLeases.ts";
import { sweepReportActivities } from "./sweepReport.ts";

/** How far our clock may be ahead where Azure does not tell its own. */
const SKEW_MINUTES = 10;
/** Of which one sweep without an archive takes care, since its history has them all; the next one has the others. */
const MOST_LEASES = 30;

export type SweepActivities = ReturnType<typeof sweepActivities>;

export interface SweepParts {
  clients: Clients;
  settings: Settings;
  catalogue: AskCatalogue;
  archive: Archive;
  noteEnd: NoteEnd;
  telemetry: Telemetry;
}

/** The steps of a sweep. What it is going to do lies in the archive, since there may be much of it. */
export function sweepActivities({ clients, settings, catalogue, archive, noteEnd, telemetry }: SweepParts) {
  const ledger = ledgerOf(archive, settings.installationId);
  const observe = observer({ clients, settings, catalogue, archive, ledger });

  async function readWork(id: string): Promise<{ work: SweepWork; etag: string }> {
    const found = await archive.readJson(archiveNames.sweepWork(id));
    if (!found?.value) throw new Error(`There is nothing kept of the sweep ${id}.`);
    return { work: found.value as SweepWork, etag: found.etag };
  }

  return {
    ...closingActivities(archive, ledger, noteEnd, (receipt) => tellBuild(telemetry, receipt)),
    ...sweepReportActivities(archive, telemetry, settings),

    /** Finds the grants that are held beyond their time: by ledger and leases alone, whatever Azure lets be listed. */
    async findOverdue({ id }: { id: string }, { client }: Engine): Promise<void> {
      const now = await timeOfAzure();
      const leases = await knownLeases(ledger, client, settings.installationId);
      const isLate = ({ holders }: (typeof leases)[number]) =>
        unexpired(holders, new Date(now)).length < holders.length;
      telemetry.gauge("goldsmith.grants.overdue", leases.filter(isLate).length);
      const work: SweepWork = { now, acts: overdueActs(leases, now), done: [] };
      // Delivered a second time, it must not begin anew.
      await archive.replaceJson(archiveNames.sweepWork(id), work, undefined);
    },

    /** The same by what the leases themselves remember, where the archive with the ledger does not answer. */
    async overdueByLeases(_: undefined, { client }: Engine): Promise<{ now: string; grants: Grant[] }> {
      const now = await timeOfAzure();
      const leases = await readEntities<LeaseState>(client, LEASE);
      const overdue = leases.filter((lease) => isOverdue(lease, new Date(now)));
      telemetry.gauge("goldsmith.grants.overdue", overdue.length);
      return { now, grants: overdue.flatMap(({ grant }) => grant ?? []).slice(0, MOST_LEASES) };
    },

    /** Looks at everything that could be ours, and decides what else there is to do; changes nothing but its marks. */
    async planSweep(
      { id, insists, dryRun }: { id: string; insists: boolean; dryRun: boolean },
      { client }: Engine,
    ): Promise<{ acts: number }> {
      const { work, etag } = await readWork(id);
      if (!work.found) {
        const observation = await observeUnlessResting({ insists, since: work.now }, client);
        const before = Marks.parse((await archive.readJson(archiveNames.marks))?.value);
        const { sweepGraceMinutes: graceMinutes, servicePrincipals } = settings;
        // What was not looked at may have some: no figure is better than one that is too low.
        if (observation.unseen.length === 0)
          telemetry.gauge("goldsmith.grants.standing", ownAssignments(observation, servicePrincipals).length);
        const { acts, ...found } = planSweep(observation, before, { graceMinutes, servicePrincipals });
        Object.assign(work, {
          now: observation.now,
          acts: [...work.acts, ...acts],
          found,
        } satisfies Partial<SweepWork>);
        await replaceWork(id, work, etag);
      }
      if (!dryRun) await archive.writeJson(archiveNames.marks, work.found?.marks);
      return { acts: work.acts.length };
    },

    /** What there is to do next. @param from how much has been done. */
    async nextActs({
      id,
      from,
      count,
    }: {
      id: string;
      from: number;
      count: number;
    }): Promise<{ now: string; acts: SweepAct[] }> {
      const { now, acts } = (await readWork(id)).work;
      return { now, acts: acts.slice(from, from + count) };
    },

    /** Keeps what has been done. @param from of which on. */
    async noteDone({ id, from, done }: { id: string; from: number; done: Done[] }): Promise<void> {
      const { work, etag } = await readWork(id);
      for (const [index, one] of done.entries()) work.done[from + index] = one;
      await replaceWork(id, work, etag);
    },
  };

  /** What Azure asks to wait is remembered for the sweeps that come meanwhile. */
  async function observeUnlessResting(
    look: { insists: boolean; since: string },
    client: Engine["client"],
  ): Promise<Observation> {
    const before = ((await archive.readJson(archiveNames.rests))?.value as Unseen[] | undefined) ?? [];
    const rests = before.filter(({ until = "" }) => Date.parse(until) > Date.now());
    const resting = rests.length;
    try {
      return await observe({ ...look, rests }, client);
    } finally {
      if (rests.length > resting) await archive.writeJson(archiveNames.rests, rests);
    }
  }

  /** ISO 8601. */
  async function timeOfAzure(): Promise<string> {
    const time = await azureTime(clients.resources, settings.templateResourceGroup);
    return (time ?? new Date(Date.now() - SKEW_MINUTES * 60_000)).toISOString();
  }

  async function replaceWork(id: string, work: SweepWork, etag: string): Promise<void> {
    if (await archive.replaceJson(archiveNames.sweepWork(id), work, etag)) return;
    throw new Error(`What is kept of the sweep ${id} has changed meanwhile.`);
  }
}
