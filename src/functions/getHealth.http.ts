import { Health, toldTo, versionFor } from "../domain/health.ts";
import { problem } from "../domain/problem.ts";
import { answer } from "../http/answers.ts";
import { door, Refused } from "../http/door.ts";
import { faultsTold, RETRY_UNREADY } from "../http/notReady.ts";
import { healthChecks, type HealthParts } from "./healthChecks.ts";

/** Looks at everything that the service needs, and tells how each is. */
export function getHealth(parts: HealthParts) {
  const examine = healthChecks(parts);
  return door({
    name: "getHealth",
    method: "GET",
    route: "health",
    summary: "How the service is, and each thing that it needs",
    role: "anyone",
    isHealth: true,
    answers: { 200: { description: "No check fails.", body: Health } },
    refuses: { 503: ["unhealthy"] },
    async handle({ caller, client }) {
      const { at, findings, faults } = await examine(client);
      const checks = toldTo(caller, findings);
      const told = { at, ...versionFor(caller, parts.version), checks };
      const failing = checks.filter(({ state }) => state === "fails").map(({ name }) => name);
      if (failing.length === 0) return answer(200, { state: "healthy", ...told });
      const members = { ...told, ...faultsTold(faults) };
      throw new Refused(problem(503, "unhealthy", `Not well: ${failing.join(", ")}.`, members), RETRY_UNREADY);
    },
  });
}
