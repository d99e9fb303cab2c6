import type { HttpAnswer, HttpRequest } from "../server/http.ts";
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
}

/** For tests and people; it asks for no token, and its requests are not logged. */
export function answerControl(controls: Controls, { method, path, body }: HttpRequest): HttpAnswer {
  switch (`${method} ${path.slice(CONTROL_PREFIX.length).replace(/^\/|\/$/g, "")}`) {
    case "GET state":
      return json(200, controls.state());
    case "GET requests":
      return json(200, controls.requests());
    case "POST reset":
      controls.reset();
      return json(200, { reset: true });
    case "GET faults":
      return json(200, controls.faults());
    case "POST faults":
      try {
        controls.addFault(JSON.parse(body.toString("utf8")));
        return json(201, controls.faults());
      } catch (error) {
        return json(400, { error: error instanceof Error ? error.message : String(error) });
      }
    case "DELETE faults":
      controls.clearFaults();
      return json(200, []);
    default:
      return json(404, {
        error: `${method} ${path} is none of: GET state, GET requests, POST reset, GET, POST and DELETE faults.`,
      });
  }
}

const json = (status: number, body: object): HttpAnswer => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" },
  body: JSON.stringify(body),
});
