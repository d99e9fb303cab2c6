import { Webhook } from "standardwebhooks";
import type { CloudEvent } from "../../../src/domain/callbacks/cloudEvent.ts";
import type { Notify } from "../../../src/domain/callbacks/notify.ts";
import type { Stage } from "../faults/stage.ts";
import { CALLBACK_KEYS, TICKETS } from "./simulation.ts";
import type { Answer, Call } from "./transport.ts";
import type { World } from "./world.ts";

/** Something that the receiver was sent. */
export interface Told {
  /** Of the host's clock, milliseconds. */
  at: number;
  path: string;
  id: string;
  event: CloudEvent;
  /** What it was answered. */
  status: number;
}

/**
 * A ticket system that is told of builds and verifies what it is sent as Standard Webhooks wants it, by the library.
 *
 * @param answer what it answers, 204 unless told; undefined: it is not there.
 */
export function ticketSystem(
  answer: (call: { path: string; at: number; told: readonly Told[] }) => Answer | undefined = () => ACCEPTED,
) {
  const told: Told[] = [];
  const unverified: string[] = [];
  let clock: Stage["host"]["clock"] | undefined;

  function receive({ url, headers, body }: Call): Answer | undefined {
    const at = clock?.now() ?? 0;
    const { "webhook-id": id = "", "webhook-timestamp": timestamp = "", "webhook-signature": given = "" } = headers;
    const sent = new Date(Number(timestamp) * 1000);
    const expected = Object.values(CALLBACK_KEYS).map((key) => new Webhook(key).sign(id, sent, body.toString()));
    if (given !== expected.join(" ") || Math.abs(sent.getTime() - at) > 5000) unverified.push(id);
    const answered = answer({ path: url.pathname, at, told });
    const event = JSON.parse(body.toString()) as CloudEvent;
    told.push({ at, path: url.pathname, id, event, status: answered?.status ?? 0 });
    return answered;
  }

  return {
    /** All that it was sent, in order. */
    told,
    /** What it took. */
    taken: () => told.filter(({ status }) => status >= 200 && status < 300),
    /** Ids of what it could not verify. */
    unverified,
    wrapWorld: (world: World): World => ({
      ...world,
      receiver: (call) => Promise.resolve(call.url.origin === TICKETS ? receive(call) : undefined),
    }),
    /** Asks for a build whose events go there. @returns its id. */
    async ask(stage: Stage, notify: Notify = [{ url: `${TICKETS}/hook` }], body: object = {}): Promise<string> {
      clock = stage.host.clock;
      await stage.post("/api/images/aks-jumpbox/builds", { notify, ...body });
      stage.expect(stage.first());
      return stage.first();
    },
  };
}

export const ACCEPTED: Answer = { status: 204, headers: {} };
