import type { ControlState } from "../../../local/azure/control/controlState.ts";
import { serviceIdentity } from "../../../local/landscape.ts";
import { sameId } from "../../../src/domain/resourceId.ts";
import type { World } from "../simulation/world.ts";

/** An answer of the cloud's to the service. Times are milliseconds of the host's clock. */
export interface Answered {
  at: number;
  /** Which of all that was seen it is: what happens at the same time happens in an order. */
  order: number;
  method: string;
  /** Without its query. */
  path: string;
  /** 0 where the connection was cut. */
  status: number;
  retryAfter?: string;
  /** Of a request that changes a template which is there: who made that. */
  creator?: string;
}

/** A role assignment of the service's as long as it was in the cloud's state. */
export interface Held {
  id: string;
  principalId: string;
  roleDefinitionId: string;
  from: number;
  /** Absent where it still is. */
  to?: number;
  /** What was there when it went: the service's templates, their staging groups, and templates whose run was under way. */
  templates?: string[];
  stagingGroups?: string[];
  running?: string[];
}

/** What was seen of the cloud and of the archive while a fault struck. */
export interface Seen {
  answers: Answered[];
  held: Held[];
  /** Runs that the cloud began. */
  runs: { template: string; operation: string; at: number }[];
  /** What a test's own part in it failed with. */
  errors: unknown[];
  /**
   * Documents as they were written to the archive, with the cloud's state at that time where it is a receipt, and where
   * it is a log with the templates whose run was under way.
   */
  written: { name: string; at: number; order: number; state?: ControlState; running?: string[] }[];
}

/** A request to the cloud, by its method and path. */
export interface Moment {
  method: string;
  path: RegExp;
  /** Which of them; the first by default. */
  nth?: number;
  /** Only while image builder runs a template: how often one was looked at before is chance. */
  inRun?: true;
}

const TEMPLATE_TYPE = "Microsoft.VirtualMachineImages/imageTemplates";

type Act = (call: { body: Buffer }) => unknown;

export interface WatchedWorld {
  world: World;
  seen: Seen;
  /** Looks at what the cloud's state has become by somebody else's request. @param made by it: image builder's no more. */
  look(made?: string): void;
  /** What happens once, before the cloud gets the request, or after it has carried it out. */
  when(moment: Moment, acts: { before?: Act; after?: Act }): void;
  /** Lets blobs of the archive fail until that time of the host's clock. */
  storageDownUntil(time: number): void;
}

/** Puts a watch round a world: the service reaches it through this one. @param now of the host's clock. */
export function watchedWorld(world: World, now: () => number): WatchedWorld {
  const seen: Seen = { answers: [], held: [], runs: [], errors: [], written: [] };
  const waiting: { moment: Moment; left: number; before?: Act; after?: Act }[] = [];
  let storageBackAt = 0;
  let order = 0;
  const madeByOthers = new Set<string>();

  function look(made?: string): void {
    if (made) madeByOthers.add(made.toLowerCase());
    const { roleAssignments, runningBuilds, resources, resourceGroups } = world.cloud.state() as unknown as Looked;
    const ours = roleAssignments.filter(({ properties }) => properties.createdBy === serviceIdentity.principalId);
    const templates = resources
      .filter(({ type, systemData }) => type === TEMPLATE_TYPE && systemData?.createdBy === serviceIdentity.clientId)
      .map(({ id }) => id);
    const stagingGroups = resourceGroups
      .filter(({ id, tags }) => tags?.createdBy && !madeByOthers.has(id.toLowerCase()))
      .map(({ id }) => id);
    const running = runningBuilds.map(({ template }) => template);
    for (const held of seen.held) {
      const isGone = held.to === undefined && !ours.some(({ id }) => id === held.id);
      if (isGone) Object.assign(held, { to: now(), templates, stagingGroups, running });
    }
    for (const { id, properties } of ours) {
      if (!seen.held.some((held) => held.id === id && held.to === undefined)) {
        const { principalId, roleDefinitionId } = properties;
        seen.held.push({ id, principalId, roleDefinitionId, from: now() });
      }
    }
    for (const { template, operation } of runningBuilds) {
      if (!seen.runs.some((run) => run.operation === operation)) seen.runs.push({ template, operation, at: now() });
    }
  }

  function runningTemplates(): string[] {
    const { runningBuilds } = world.cloud.state() as unknown as Looked;
    return runningBuilds.map(({ template }) => template);
  }

  function isMoment(moment: Moment, method: string, path: string): boolean {
    return moment.method === method && moment.path.test(path) && (!moment.inRun || runningTemplates().length > 0);
  }

  /** Of the template that a request is about. */
  function creatorOf(path: string): string | undefined {
    const [id] = /^.*\/imageTemplates\/[^/]+/i.exec(path) ?? [];
    if (!id) return undefined;
    const { resources } = world.cloud.state() as unknown as Looked;
    return resources.find((one) => sameId(one.id, id))?.systemData?.createdBy;
  }

  async function attempt(act: Act | undefined, call: { body: Buffer }): Promise<void> {
    try {
      await act?.(call);
    } catch (error) {
      seen.errors.push(error);
    }
  }

  const answer: World["cloud"]["answer"] = async (call) => {
    const { method } = call;
    const path = call.url.pathname.replace(/^\/+/, "/");
    const struck = waiting.find(({ moment }) => isMoment(moment, method, path));
    const due = struck && --struck.left === 0 ? struck : undefined;
    if (due) waiting.splice(waiting.indexOf(due), 1);
    await attempt(due?.before, call);
    const creator = method === "GET" ? undefined : creatorOf(path);
    const answered = await world.cloud.answer(call);
    const retryAfter = answered?.headers["retry-after"];
    const status = answered?.status ?? 0;
    seen.answers.push({
      at: now(),
      order: order++,
      method,
      path,
      status,
      ...(retryAfter === undefined ? {} : { retryAfter }),
      ...(creator === undefined ? {} : { creator }),
    });
    if (method !== "GET") look();
    await attempt(due?.after, call);
    return answered;
  };

  const archive: World["archive"] = {
    ...world.archive,
    answer(call) {
      if (now() < storageBackAt) return { status: 503, headers: { "x-ms-error-code": "ServerBusy" } };
      const answered = world.archive.answer(call);
      const name = call.url.pathname.split("/").slice(3).join("/");
      if (call.method === "PUT" && answered.status === 201 && call.url.searchParams.get("comp") !== "block") {
        const state = name.endsWith("receipt.json") ? { state: world.cloud.state() } : {};
        const running = name.endsWith(".log") ? { running: runningTemplates() } : {};
        seen.written.push({ name, at: now(), order: order++, ...state, ...running });
      }
      return answered;
    },
  };

  return {
    world: { ...world, cloud: { ...world.cloud, answer }, archive },
    seen,
    look,
    when: (moment, acts) => void waiting.push({ moment, left: moment.nth ?? 1, ...acts }),
    storageDownUntil: (time) => void (storageBackAt = time),
  };
}

interface Looked {
  roleAssignments: {
    id: string;
    properties: { principalId: string; roleDefinitionId: string; createdBy: string };
  }[];
  runningBuilds: { template: string; operation: string }[];
  resources: { id: string; type: string; systemData?: { createdBy?: string } }[];
  resourceGroups: { id: string; tags?: Record<string, string> }[];
}
