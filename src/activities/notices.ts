import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import type { BuildRequest } from "../domain/buildRequest.ts";
import { type ApprovalTold, cloudEvent, eventId, type Happened } from "../domain/callbacks/cloudEvent.ts";
import { type Deliveries, deliveriesId, type Notice, type NoticeKey } from "../domain/callbacks/notice.ts";
import type { BuildEvent } from "../domain/callbacks/notify.ts";
import type { Receipt } from "../domain/receipt.ts";
import type { Engine } from "../durable/activities.ts";
import { isUnderWay, readInstance, startInstance } from "../durable/instances.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import type { Settings } from "../settings.ts";
import { whyOf } from "../telemetry/whyOf.ts";

export type Outbox = ReturnType<typeof createOutbox>;

/**
 * Where events lie until they are delivered. To put one there is all that a build does for it.
 *
 * @param deliverNotices what delivers them.
 */
export function createOutbox(
  archive: Archive,
  { installationId, serviceUrl }: Pick<Settings, "installationId" | "serviceUrl">,
  deliverNotices: Orchestrator<Deliveries, unknown>,
) {
  const source = `urn:goldsmith:${installationId}`;

  /** Puts an event there for everybody who wants to know of it; a second time it is the same one. */
  async function give(happened: Happened, notify: BuildRequest["notify"], engine: Engine): Promise<void> {
    const { event, request, time } = happened;
    const { buildId } = request;
    const body = JSON.stringify(cloudEvent(happened, source, serviceUrl));
    for (const [target, { url, events }] of (notify ?? []).entries()) {
      if (events && !events.includes(event)) continue;
      const key = { buildId, target, event };
      const notice: Notice = { id: eventId(buildId, event), ...key, url, body, since: time, attempts: [] };
      if (await hasEnded(key)) continue;
      await archive.replaceJson(archiveNames.notice("pending", key), notice, undefined);
      await deliver(key, engine);
    }
  }

  async function hasEnded(key: NoticeKey): Promise<boolean> {
    const ends = [archiveNames.notice("delivered", key), archiveNames.notice("dead", key)];
    const found = await Promise.all(ends.map((name) => archive.readJson(name)));
    return found.some((one) => one !== undefined);
  }

  /** Has an instance deliver; where that does not work now, the next tick of the sweeper's timer does. */
  async function deliver({ buildId, target }: Deliveries, { client, error }: Engine): Promise<void> {
    const id = deliveriesId({ buildId, target });
    try {
      const instance = await readInstance(client, id);
      if (!instance || !isUnderWay(instance)) await startInstance(client, deliverNotices, id, { buildId, target });
    } catch (reason) {
      error(`The notices ${id} wait for the next tick: ${whyOf(reason).why}`);
    }
  }

  return {
    give,

    /** The events of a build's end, once its receipt is kept. */
    async giveEnd(receipt: Receipt, engine: Engine): Promise<void> {
      const { buildId, image, requested, endedAt: time, cleanUp } = receipt;
      const { ticket, notify } = requested;
      const request = { buildId, image, ...(ticket ? { ticket } : {}) };
      const happened: BuildEvent[] = cleanUp.kind === "leftovers" ? ["finished", "leftovers"] : ["finished"];
      for (const event of happened) await give({ event, request, time, receipt }, notify, engine);
    },

    /** Tries a dead letter for another day, under the id that it had. @returns false where there is no such one. */
    async resend(key: NoticeKey, engine: Engine): Promise<boolean> {
      const name = archiveNames.notice("dead", key);
      const { dead, ...notice } = ((await archive.readJson(name))?.value ?? {}) as Partial<Notice>;
      if (dead === undefined) return false;
      const again = { ...notice, since: new Date().toISOString() };
      await archive.replaceJson(archiveNames.notice("pending", key), again, undefined);
      await archive.delete(name);
      await deliver(key, engine);
      return true;
    },

    /** Goes on with whatever is on its way and nobody is at. */
    async resume(engine: Engine): Promise<void> {
      const open = new Map<string, Deliveries>();
      for (const name of await archive.names(archiveNames.notices("pending"))) {
        const { buildId, target } = /\/(?<buildId>[^/]+)\/(?<target>\d+)-[^/]+$/.exec(name)?.groups ?? {};
        if (buildId) open.set(`${buildId}/${target}`, { buildId, target: Number(target) });
      }
      for (const deliveries of open.values()) await deliver(deliveries, engine);
    },
  };
}

export function noticeActivities(outbox: Outbox) {
  return {
    /** Has an event of a build told to whoever wants to know of it. `time` is when it was so, ISO 8601. */
    async giveNotice(
      happened: { event: BuildEvent; request: BuildRequest; time: string; approval?: ApprovalTold },
      engine: Engine,
    ): Promise<void> {
      await outbox.give(happened, happened.request.notify, engine);
    },
  };
}
