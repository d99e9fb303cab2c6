import type { DurableClient } from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import type { Clients } from "../azure/clients.ts";
import { imageTemplateList } from "../azure/imageTemplateList.ts";
import type { Ledger } from "../azure/ledger.ts";
import { resourceGroups } from "../azure/resourceGroups.ts";
import { roleAssignments } from "../azure/roleAssignments.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { importedImages } from "../azure/importedImages.ts";
import { askersOf, buildOfAttempt, imageOfBuild } from "../domain/buildId.ts";
import { StepDelayed } from "../domain/failure.ts";
import { buildOfImportedImage, importedImageId, isImportedImage } from "../domain/importedImage.ts";
import type { LedgerEntry } from "../domain/lease.ts";
import { type Attempt, attemptOf } from "../domain/plan.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { scopesOf } from "../domain/recipes/scopes.ts";
import { buildsIn, type Turns } from "../domain/turns.ts";
import { receiptIn } from "../domain/receipt.ts";
import type { RoleAssignment } from "../domain/roleAssignment.ts";
import {
  FRESH_MINUTES,
  LONGEST_REST_SECONDS,
  type Named,
  type Observation,
  type SeenImage,
  type Unseen,
} from "../domain/observation.ts";
import { isMadeForTemplate } from "../domain/stagingGroup.ts";
import { attemptNamed } from "../domain/sweep.ts";
import { sameId } from "../domain/resourceId.ts";
import { readEntity } from "../durable/entities.ts";
import { isUnderWay, readInstance } from "../durable/instances.ts";
import { ALL, TURNS } from "../entities/turns.ts";
import type { Settings } from "../settings.ts";
import { NO_ANSWER, whyOf } from "../telemetry/whyOf.ts";
import { knownLeases } from "./knownLeases.ts";

export interface ObserverParts {
  clients: Clients;
  settings: Settings;
  catalogue: AskCatalogue;
  archive: Archive;
  ledger: Ledger;
}

/** What a look is told. */
export interface Look {
  /** When the sweep began, on Azure's clock, ISO 8601. */
  since: string;
  /**
   * Whether a place that cannot be looked at fails the look as a whole, so that it is repeated; but not where Azure asks
   * to wait for longer than a sweep does.
   */
  insists: boolean;
  /** Places that Azure asks not to be asked about yet. What it asks now is added, also where the look fails. */
  rests: Unseen[];
}

/** Looks at everything in Azure, in the ledger and in the engine that could be ours; changes nothing. */
export function observer({ clients, settings, catalogue, archive, ledger }: ObserverParts) {
  const access = roleAssignments(clients.authorization);
  const ownImages = importedImages(clients.resources, settings);
  const { templateResourceGroup, subscriptionId } = settings;

  return async ({ since, insists, rests }: Look, client: DurableClient): Promise<Observation> => {
    const unseen: Unseen[] = [];

    /** Each place by itself: that one cannot be looked at keeps nobody from the others. */
    async function look<T>(what: Unseen["what"], id: string, list: () => Promise<T>): Promise<T | undefined> {
      const resting = rests.find((one) => one.what === what && sameId(one.id, id));
      if (resting) {
        unseen.push(resting);
        return undefined;
      }
      try {
        return await list();
      } catch (error) {
        const seconds = error instanceof StepDelayed ? error.retryAfterSeconds : 0;
        if (insists && seconds <= LONGEST_REST_SECONDS) throw error;
        const said = error instanceof Error ? error.message : String(error);
        const missed: Unseen = { what, id, error: said, code: whyOf(error).code ?? NO_ANSWER };
        if (seconds > 0) rests.push({ ...missed, until: new Date(Date.now() + seconds * 1000).toISOString() });
        unseen.push(missed);
        return undefined;
      }
    }

    async function isLive(instanceId: string): Promise<boolean> {
      const instance = await readInstance(client, instanceId);
      return instance !== undefined && isUnderWay(instance);
    }

    const turns = await readEntity<Turns>(client, TURNS, ALL);
    const queued = turns ? buildsIn(turns) : [];
    const leases = await knownLeases(ledger, client, settings.installationId);
    const assignments = new Map<string, RoleAssignment>();
    let now = new Date(since);
    for (const { principalId, scope } of await placesOf(leases)) {
      const found = await look("assignments", scope, () => access.listOf(principalId, scope));
      if (found && found.now > now) now = found.now;
      for (const one of found?.assignments ?? []) assignments.set(one.id.toLowerCase(), one);
    }
    const listed = await look("templates", templateResourceGroup, () =>
      imageTemplateList(clients.imageBuilder, settings),
    );
    const listedImages = await look("images", templateResourceGroup, () => ownImages.list(templateResourceGroup));
    const groups = await look("staging groups", subscriptionId, () => resourceGroups(clients.resources));
    const templates = await withAttempts(listed ?? [], ({ isOurs }) => isOurs);
    const images = await withImports(listedImages ?? [], client);
    const stagingGroups = await withAttempts(groups ?? [], ({ tags }, attempt) =>
      isMadeForTemplate(tags, attempt, settings),
    );
    const notFresh = new Date(now.getTime() - FRESH_MINUTES * 60_000);
    const open = (await archive.namesBefore(archiveNames.open(""), notFresh)).map(buildOfOpen);

    // The instances last: what of a build is seen was there while it could still be under way.
    const live: string[] = [];
    const asking: Observation["asking"] = [];
    const builds = new Set([
      ...queued,
      ...open,
      ...leases.flatMap(({ holders }) => holders.map(({ buildId }) => buildId)),
      ...[...templates, ...stagingGroups, ...images].map(({ buildId }) => buildId),
    ]);
    for (const buildId of builds) {
      if ((await look("instance", buildId, () => isLive(buildId))) !== false) {
        live.push(buildId);
        continue;
      }
      for (const instanceId of askersOf(buildId)) {
        const asks = await look("instance", buildId, () => isLive(instanceId));
        if (asks !== false) asking.push({ buildId, instanceId });
      }
    }
    return {
      now: now.toISOString(),
      leases,
      assignments: [...assignments.values()],
      templates,
      stagingGroups,
      images,
      queued,
      open,
      live,
      asking,
      unseen,
    };
  };

  /** Builders and scopes of the catalogue and of the ledger, each once. */
  async function placesOf(leases: readonly LedgerEntry[]): Promise<{ principalId: string; scope: string }[]> {
    const recipes = await catalogue().catch(unlessDelayed);
    const places = [...scopesOf(recipes, settings), ...leases.map(({ grant }) => grant)];
    return [...new Map(places.map((one) => [`${one.principalId} ${one.scope}`.toLowerCase(), one])).values()];
  }

  /** Of what is named like an attempt of a build, its attempt as the ledger has it, where the rest proves it as well. */
  async function withAttempts<One extends { id: string; name: string }>(
    named: readonly One[],
    isOurs: (one: One, attempt: Attempt) => boolean,
  ): Promise<Named[]> {
    const found: Named[] = [];
    for (const one of named) {
      const build = buildOfAttempt(one.name);
      if (!build) continue;
      const plan = await ledger.readPlan(build.image, build.buildId);
      const attempts = (plan?.attempts ?? []).map(({ number }) => attemptOf(build.buildId, subscriptionId, number));
      const attempt = attemptNamed(attempts, one.name);
      const isProven = attempt && isOurs(one, attempt);
      found.push({ id: one.id, buildId: build.buildId, ...(isProven ? { attempt } : {}) });
    }
    return found;
  }

  /** Of what is named like a build's imported image, the image as the ledger has it; without those that builds kept. */
  async function withImports(
    named: Awaited<ReturnType<typeof ownImages.list>>,
    client: DurableClient,
  ): Promise<SeenImage[]> {
    const group = `/subscriptions/${subscriptionId}/resourceGroups/${templateResourceGroup}`;
    const found: SeenImage[] = [];
    for (const one of named) {
      const buildId = buildOfImportedImage(one.name.toLowerCase()) ?? "";
      const imageName = imageOfBuild(buildId);
      if (!imageName) continue;
      const plan = await ledger.readPlan(imageName, buildId);
      if (plan?.importedImage?.keepImage && (await isKept(imageName, buildId, client))) continue;
      const { installationId } = settings;
      const isProven = plan?.importedImage && isImportedImage(one, { buildId, installationId });
      const image = isProven && { id: importedImageId(group, buildId), vhd: plan.importedImage?.vhd ?? "" };
      found.push({ id: one.id, buildId, ...(image ? { image } : {}) });
    }
    return found;
  }

  /** Whether a build has ended with its image kept, as its receipt says, or its instance where nobody kept that. */
  async function isKept(image: string, buildId: string, client: DurableClient): Promise<boolean> {
    const kept = await archive.readJson(archiveNames.receipt(image, buildId));
    const receipt = receiptIn(kept ? kept.value : (await readInstance(client, buildId))?.output);
    return receipt?.keptImage !== undefined;
  }
}

/** Recipes that cannot be read keep no grant from being found. */
function unlessDelayed(error: unknown): undefined {
  if (!(error instanceof StepDelayed)) throw error;
}

/** The build that a name below `open/` stands for. */
function buildOfOpen(name: string): string {
  return name.replace(/^open\//, "").replace(/\.json$/, "");
}
