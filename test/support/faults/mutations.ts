import type { DurableFunctions } from "../../../local/functionsHost/durable/dispatcher.ts";
import type { EntityBatch } from "../../../local/functionsHost/durable/entities/entityBatch.ts";
import type { EntityAnswer } from "../../../local/functionsHost/durable/entities/entityChange.ts";
import { serviceIdentity } from "../../../local/landscape.ts";
import type { Grant } from "../../../src/domain/grant.ts";
import type { SweepWork } from "../../../src/domain/sweepReport.ts";
import type { World } from "../simulation/world.ts";
import type { Setting } from "./stage.ts";
import { untrueReceipts } from "./untrueReceipts.ts";
import { done, type Insteads, withActivities } from "./otherActivities.ts";

/** What an activity answers, changed. */
const changed =
  <T>(change: (result: T) => T): Insteads[string] =>
  async (activity, functions) => {
    const answered = await functions.callActivity(activity);
    if (!("Result" in answered) || answered.Result === null) return answered;
    const answer = JSON.parse(answered.Result) as { kind: string; result: T };
    return answer.kind === "done" ? done(change(answer.result)) : answered;
  };

/** The service with a lease that lets go otherwise. */
function withLeave(leave: (batch: EntityBatch, functions: DurableFunctions) => Promise<EntityAnswer>): Setting {
  return {
    wrapFunctions: (functions) => ({
      ...functions,
      callEntity: (batch) =>
        batch.requests.some(({ op }) => op === "leave") ? leave(batch, functions) : functions.callEntity(batch),
    }),
  };
}

/** The service with an archive that answers otherwise. */
const withArchive =
  (answer: (archive: World["archive"]) => World["archive"]["answer"]): NonNullable<Setting["wrapWorld"]> =>
  (world) => ({ ...world, archive: { ...world.archive, answer: answer(world.archive) } });

/** The service with an archive in which a document reads otherwise. */
const withDocument = (path: string, change: (text: string) => string): NonNullable<Setting["wrapWorld"]> =>
  withArchive((archive) => (call) => {
    const answered = archive.answer(call);
    if (call.method !== "GET" || !call.url.pathname.includes(path) || !answered.body) return answered;
    const body = Buffer.from(change(String(answered.body)));
    return { ...answered, body, headers: { ...answered.headers, "content-length": String(body.length) } };
  });

/** A service to which every template seems to be of its own making. */
function believing(world: World): World {
  const answer: World["cloud"]["answer"] = async (call) => {
    const answered = await world.cloud.answer(call);
    const [, name] = /\/imageTemplates\/([^/]+)$/.exec(call.url.pathname) ?? [];
    if (call.method !== "GET" || !name || answered?.status !== 200) return answered;
    const template = JSON.parse(String(answered.body)) as object;
    const tags = { "goldsmith-installation": "simulation", "goldsmith-build": name.replace(/-a\d+$/, "") };
    return {
      ...answered,
      body: JSON.stringify({ ...template, tags, systemData: { createdBy: serviceIdentity.clientId } }),
    };
  };
  return { ...world, cloud: { ...world.cloud, answer } };
}

/** A service whose sweeps take what is foreign for theirs to remove. */
const withForeignTemplates = withDocument("/sweeps/work/", (text) => {
  const work = JSON.parse(text) as SweepWork;
  const templates = work.found?.foreign.filter((id) => id.includes("/imageTemplates/")) ?? [];
  for (const id of templates.filter((one) => work.acts.every((act) => act.id !== one))) {
    const templateName = id.split("/").at(-1) ?? "";
    const attempt = { number: 1, templateName, stagingResourceGroup: `${id}-staging` };
    const buildId = templateName.replace(/-a\d+$/, "");
    work.acts.push({ kind: "remove template", id, buildId, attempt, hasTime: false });
  }
  return JSON.stringify(work);
});

/** Ways to spoil the clean-up, and what is said of it: each is the service but for one thing. */
export const mutations = {
  "the template's undo is dropped": withActivities({
    deleteTemplate: async () => done("absent"),
    stagingGroupExists: async () => done(false),
  }),

  "the staging group is never looked at": {
    ...withActivities({ stagingGroupExists: async () => done(false), readStagingGroup: async () => done("absent") }),
  },

  "a run that is being cancelled counts as ended": withActivities({
    readTemplate: changed<{ run?: { state: string } }>(({ run, ...template }) => ({
      ...template,
      ...(run && { run: { ...run, state: run.state === "Canceling" ? "Canceled" : run.state } }),
    })),
  }),

  "what somebody else made counts as ours": { wrapWorld: believing },

  "the grants' undo is dropped": withLeave(async ({ requests, before }) => ({
    results: requests.map(() => ({
      isError: false,
      result: JSON.stringify({ kind: "done", result: { kind: "revoked", readBackAt: new Date().toISOString() } }),
    })),
    signals: [],
    entityExists: before.exists,
    entityState: before.state,
  })),

  "the order of the revocations is swapped": {
    wrapFunctions(functions) {
      const leases = new Map<string, { grant: Grant; state: string | null }>();
      return {
        ...functions,
        async callEntity(batch) {
          const { grant } = JSON.parse(batch.requests[0]?.input ?? "{}") as { grant?: Grant };
          const { key } = batch.self;
          if (!grant) return functions.callEntity(batch);
          const [other] = [...leases].find(([one]) => one !== key) ?? [];
          const instead = other && leases.get(other);
          if (!instead || batch.requests.every(({ op }) => op !== "leave")) {
            const answer = await functions.callEntity(batch);
            leases.set(key, { grant, state: answer.entityState ?? null });
            return answer;
          }
          const requests = batch.requests.map((request) => ({
            ...request,
            input: JSON.stringify({ ...(JSON.parse(request.input ?? "{}") as object), grant: instead.grant }),
          }));
          const self = { ...batch.self, key: other };
          const answer = await functions.callEntity({
            ...batch,
            self,
            requests,
            before: { ...batch.before, ...instead },
          });
          leases.set(other, { ...instead, state: answer.entityState ?? null });
          return { ...answer, entityState: batch.before.state };
        },
      };
    },
  },

  "the holders of a lease are miscounted": withLeave((batch, functions) => {
    const state = JSON.parse(batch.before.state ?? "{}") as { holders: unknown[] };
    const forgetful = JSON.stringify({ ...state, holders: [] });
    return functions.callEntity({ ...batch, before: { ...batch.before, state: forgetful } });
  }),

  "what was revoked is not read back": {
    wrapWorld(world) {
      const deleted = new Set<string>();
      const answer: World["cloud"]["answer"] = async (call) => {
        const path = call.url.pathname.replace(/^\/+/, "/");
        if (/\/roleAssignments\/[^/]+$/.test(path) && call.method === "DELETE") deleted.add(path);
        const [seen] = deleted;
        if (call.method !== "GET" || !seen || !path.includes("/roleAssignments")) return world.cloud.answer(call);
        const headers = { "content-type": "application/json" };
        if (path.endsWith("/roleAssignments")) return { status: 200, headers, body: '{"value":[]}' };
        return deleted.has(path) ? { status: 404, headers, body: "{}" } : world.cloud.answer(call);
      };
      return { ...world, cloud: { ...world.cloud, answer } };
    },
  },

  "the fence before a run is skipped": {
    wrapWorld: withArchive((archive) => (call) => {
      const { "if-none-match": _, ...headers } = call.headers;
      return archive.answer(/\/run-\d+\.json$/.test(call.url.pathname) ? { ...call, headers } : call);
    }),
  },

  "proof of ownership is ignored": {
    wrapWorld: (world) => believing(withForeignTemplates(world)),
  },

  "deadlines are ignored": withActivities({
    planBuild: changed<{ grantSeconds: number }>((plan) => ({ ...plan, grantSeconds: plan.grantSeconds * 100 })),
  }),

  "the log is archived after the template is deleted": withActivities({
    archiveLogs: async (activity, functions) => {
      const { attempt } = JSON.parse(activity.input) as { attempt: object };
      await functions.callActivity({ ...activity, name: "deleteTemplate", input: JSON.stringify(attempt) });
      return functions.callActivity(activity);
    },
  }),

  "a log goes through the history": withActivities({
    archiveLogs: changed<{ files?: { bytes: number; sha256: string }[] }>((log) => ({
      ...log,
      // In place of something short, as what nobody tells of is seen in the answer already; a megabyte is enough.
      ...(log.files && {
        files: log.files.map((file) => ({ ...file, sha256: "x".repeat(Math.min(file.bytes, 2 ** 20)) })),
      }),
    })),
  }),

  "a run that was not answered is asked for again": {
    wrapWorld(world) {
      const answer: World["cloud"]["answer"] = async (call) => {
        const answered = await world.cloud.answer(call);
        const isLost = !answered || answered.status >= 500;
        return isLost && call.url.pathname.endsWith("/run") ? world.cloud.answer(call) : answered;
      };
      return { ...world, cloud: { ...world.cloud, answer } };
    },
  },

  "the sweeper acts without grace": {
    wrapWorld: withDocument("/sweeps/marks.json", (text) =>
      text.replaceAll(/"2030-[^"]*"/g, '"1970-01-01T00:00:00.000Z"'),
    ),
  },

  ...untrueReceipts,
} satisfies Record<string, Setting>;
