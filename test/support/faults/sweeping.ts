import type { World } from "../simulation/world.ts";
import { MINUTE, type Stage } from "./stage.ts";
import { MOMENTS } from "./strikes.ts";

const INSTANCES = "/runtime/webhooks/durabletask/instances";

/** An operator ends an instance, which knows nothing of it. */
export async function terminate(stage: Stage, instanceId: string): Promise<void> {
  await stage.post(`${INSTANCES}/${instanceId}/terminate?reason=test`);
}

/** An operator removes an instance from the engine, also one that is under way. */
export async function purge(stage: Stage, instanceId: string): Promise<void> {
  await stage.host.send({ method: "DELETE", path: `${INSTANCES}/${instanceId}`, headers: {}, body: "" });
}

/** Asks for a build that an operator ends in its run, with both grants held. @returns its id, once that is done. */
export async function terminatedInItsRun(stage: Stage): Promise<string> {
  let isOver = false;
  stage.when(MOMENTS.running, {
    after: async () => {
      await terminate(stage, stage.first());
      isOver = true;
    },
  });
  const id = await stage.ask();
  await until(stage, 120, () => isOver);
  return id;
}

/** What the service answers to a GET. */
export async function get(stage: Stage, path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const { status, body } = await stage.host.send({ method: "GET", path, headers: {}, body: "" });
  return { status, body: JSON.parse(body.toString()) as Record<string, unknown> };
}

/** Sweeps now. @returns what the service tells of it once it is over. */
export async function sweepNow(stage: Stage): Promise<Record<string, unknown>> {
  const { body } = await stage.host.send({ method: "POST", path: "/api/sweep", headers: {}, body: "" });
  const { id } = JSON.parse(body.toString()) as { id: string };
  await stage.host.instance(id);
  return (await get(stage, `/api/sweeps/${id}`)).body;
}

/** Waits until it holds, for at most so many minutes of the host's clock. */
export async function until(stage: Stage, minutes: number, holds: () => boolean): Promise<void> {
  for (let waited = 0; waited < minutes && !holds(); waited++) await stage.sleep(MINUTE);
}

/** The world with an archive that does not take or give what the test says, as long as it says so. */
export function withoutArchive(
  isRefused: (method: string, path: string) => boolean,
  headers: Record<string, string> = {},
) {
  return (world: World): World => {
    const { archive } = world;
    const answer: typeof archive.answer = (call) =>
      isRefused(call.method, `${call.url.pathname}${call.url.search}`)
        ? { status: 503, headers: { "x-ms-error-code": "ServerBusy", ...headers } }
        : archive.answer(call);
    return { ...world, archive: { ...archive, answer } };
  };
}

/** Puts a document into the archive behind the service's back. */
export function putDocument({ world }: Pick<Stage, "world">, name: string, value: unknown): void {
  const url = new URL(`http://archive/account/archive/${name}`);
  world.archive.answer({ method: "PUT", url, headers: {}, body: Buffer.from(JSON.stringify(value)) });
}

export interface Group {
  id: string;
  location: string;
  tags?: Record<string, string>;
}

/** The resource group in the cloud that has the name of the staging group of a build's first attempt. */
export function groupOf({ world }: Pick<Stage, "world">, buildId: string): Group | undefined {
  const { resourceGroups } = world.cloud.state() as unknown as { resourceGroups: Group[] };
  return resourceGroups.find(({ id }) => id.endsWith(`/${buildId}-a1-staging`));
}
