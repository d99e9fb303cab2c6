import { type HttpAnswer, type HttpRequest, json } from "../server/http.ts";
import { scenarioList } from "../scenarios/scenarios.ts";
import type { Fault } from "./faultSchema.ts";

export const CONTROL_PREFIX = "/_control";

/** What the control endpoint can ask of the cloud. */
export interface Controls {
  state(): object;
  requests(): object;
  reset(): void;
  /** @throws Error where the input is not a fault, or a list of them. */
  addFault(input: unknown): void;
  faults(): Fault[];
  clearFaults(): void;
  /** @throws Error where the endpoint is not of this machine, or does not shake hands. */
  subscribeToEvents(input: unknown): Promise<object>;
  eventSubscriptions(): object;
  /** @throws Error where it is not the image of a publisher, with its version. */
  publishPlatformImage(image: unknown): object;
  /** @throws Error where nobody has published it. */
  withdrawPlatformImage(image: unknown): object;
}

/** For tests and people; it asks for no token, and its requests are not logged. */
export async function answerControl(controls: Controls, { method, path, body }: HttpRequest): Promise<HttpAnswer> {
  const sent = () => JSON.parse(body.toString("utf8")) as unknown;
  switch (`${method} ${path.slice(CONTROL_PREFIX.length).replace(/^\/|\/$/g, "")}`) {
    case "GET state":
      return told(200, controls.state());
    case "GET requests":
      return told(200, controls.requests());
    case "POST reset":
      controls.reset();
      return told(200, { reset: true });
    case "POST platformImages":
      return done(() => controls.publishPlatformImage(sent()));
    case "DELETE platformImages":
      return done(() => controls.withdrawPlatformImage(sent()));
    case "GET eventSubscriptions":
      return told(200, controls.eventSubscriptions());
    case "POST eventSubscriptions":
      return done(() => controls.subscribeToEvents(sent()));
    case "GET scenarios":
      return told(200, scenarioList);
    case "GET faults":
      return told(200, controls.faults());
    case "POST faults":
      return done(() => {
        controls.addFault(sent());
        return controls.faults();
      });
    case "DELETE faults":
      controls.clearFaults();
      return told(200, []);
    default:
      return told(404, {
        error:
          `${method} ${path} is none of: GET state, GET requests, GET scenarios, POST reset, ` +
          "POST and DELETE platformImages, GET and POST eventSubscriptions, GET, POST and DELETE faults.",
      });
  }
}

async function done(act: () => object | Promise<object>): Promise<HttpAnswer> {
  try {
    return told(201, await act());
  } catch (error) {
    return told(400, { error: error instanceof Error ? error.message : String(error) });
  }
}

const told = (status: number, body: object) => json(status, body, { "cache-control": "no-store" });
