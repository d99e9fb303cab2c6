import type { Archive } from "../azure/archive.ts";
import type { Clients } from "../azure/clients.ts";
import { imageTemplateList } from "../azure/imageTemplateList.ts";
import { ledger as ledgerOf } from "../azure/ledger.ts";
import { resourceGroupNames } from "../azure/resourceGroups.ts";
import { roleAssignments } from "../azure/roleAssignments.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { buildOfAttempt, imageOfBuild } from "../domain/buildId.ts";
import { lostReceipt, type Orphan } from "../domain/lostReceipt.ts";
import { scopesOf } from "../domain/catalogue.ts";
import type { LedgerEntry } from "../domain/lease.ts";
import type { Attempt } from "../domain/plan.ts";
import type { Leftover } from "../domain/receipt.ts";
import type { Recipe } from "../domain/recipe.ts";
import type { RoleAssignment } from "../domain/roleAssignment.ts";
import {
  attemptNamed,
  isQuiet,
  Marks,
  type Observation,
  planSweep,
  type SweepPlan,
  type SweepReport,
} from "../domain/sweep.ts";
import type { Engine } from "../durable/activities.ts";
import { isUnderWay, readInstance } from "../durable/instances.ts";
import type { Settings } from "../settings.ts";

/** The build that a name below `open/` stands for. */
function buildOfOpen(name: string): string {
  return name.replace(/^open\//, "").replace(/\.json$/, "");
}

export type SweepActivities = ReturnType<typeof sweepActivities>;

export interface SweepParts {
  clients: Clients;
  settings: Settings;
  recipes: ReadonlyMap<string, Recipe>;
  archive: Archive;
}

export function sweepActivities({ clients, settings, recipes, archive }: SweepParts) {
  const assignments = roleAssignments(clients.authorization);
  const ledger = ledgerOf(archive, settings.installationId);

  return {
    /** Looks at everything that could be ours, and decides what to remove; changes nothing but its own marks. */
    async planSweep({ queued, dryRun }: { queued: string[]; dryRun: boolean }, { client }: Engine): Promise<SweepPlan> {
      const leases = await ledger.leases();
      const { seen, now } = await observeAssignments(leases);
      const templates = await withAttempts(await imageTemplateList(clients.imageBuilder, settings));
      const groups = await resourceGroupNames(clients.resources);
      const stagingGroups = await withAttempts(groups.map((group) => ({ ...group, isOurs: true })));
      const open = (await archive.names(archiveNames.open(""))).map(buildOfOpen);
      const builds = new Set([
        ...queued,
        ...open,
        ...leases.flatMap(({ holders }) => holders.map(({ buildId }) => buildId)),
        ...[...templates, ...stagingGroups].map(({ buildId }) => buildId),
      ]);
      const live: string[] = [];
      for (const buildId of builds) {
        const instance = await readInstance(client, buildId);
        if (instance && isUnderWay(instance)) live.push(buildId);
      }

      const observation: Observation = { now, leases, assignments: seen, templates, stagingGroups, queued, open, live };
      const marks = Marks.parse((await archive.readJson(archiveNames.marks))?.value);
      const { sweepGraceMinutes: graceMinutes, servicePrincipals } = settings;
      const plan = planSweep(observation, marks, { graceMinutes, servicePrincipals });
      if (!dryRun) await archive.writeJson(archiveNames.marks, plan.marks);
      return plan;
    },

    /** Writes the receipt of a build that could not, once the sweeper has removed what it left. */
    async closeBuild({
      buildId,
      leftovers,
    }: {
      buildId: string;
      leftovers: Leftover[];
    }): Promise<"closed" | "had a receipt"> {
      const image = imageOfBuild(buildId) ?? "";
      const noted = (await archive.readJson(archiveNames.orphan(image, buildId)))?.value as Orphan | undefined;
      const receipt = lostReceipt(buildId, image, noted ?? {}, leftovers, new Date());
      const isFirst = await archive.replaceJson(archiveNames.receipt(image, buildId), receipt, undefined);
      await archive.delete(archiveNames.open(buildId));
      return isFirst ? "closed" : "had a receipt";
    },

    /** Keeps a sweep's report where it can be read; of those that found nothing only the last. */
    async reportSweep({ report, plan }: { report: SweepReport; plan: SweepPlan }): Promise<void> {
      await archive.writeJson(archiveNames.sweep("latest"), report);
      if (report.dryRun || !isQuiet(plan)) await archive.writeJson(archiveNames.sweep(report.id), report);
    },
  };

  /** The builders' assignments in all scopes of the catalogue and of the ledger, each once. */
  async function observeAssignments(leases: readonly LedgerEntry[]): Promise<{ seen: RoleAssignment[]; now: string }> {
    const places = [...scopesOf(recipes.values(), settings), ...leases.map(({ grant }) => grant)];
    const byPlace = new Map(places.map((one) => [`${one.principalId} ${one.scope}`.toLowerCase(), one]));
    const seen = new Map<string, RoleAssignment>();
    let now = new Date();
    for (const { principalId, scope } of byPlace.values()) {
      const found = await assignments.listOf(principalId, scope);
      now = found.now;
      for (const one of found.assignments) seen.set(one.id.toLowerCase(), one);
    }
    return { seen: [...seen.values()], now: now.toISOString() };
  }

  /** Of what is named like an attempt of a build, its attempt as the ledger has it. */
  async function withAttempts(
    named: readonly { id: string; name: string; isOurs: boolean }[],
  ): Promise<{ id: string; buildId: string; attempt?: Attempt }[]> {
    const found: { id: string; buildId: string; attempt?: Attempt }[] = [];
    for (const { id, name, isOurs } of named) {
      const build = buildOfAttempt(name);
      if (!build) continue;
      const plan = await ledger.readPlan(build.image, build.buildId);
      const attempt = isOurs ? attemptNamed(plan?.attempts ?? [], name) : undefined;
      found.push({ id, buildId: build.buildId, ...(attempt ? { attempt } : {}) });
    }
    return found;
  }
}
