import { afterAll, beforeAll, describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { CHECKS } from "../../src/domain/health.ts";
import { type AuthenticatedStack, startAuthenticated } from "../support/authenticatedStack.ts";

let service: AuthenticatedStack;
beforeAll(async () => {
  service = await startAuthenticated({}, { speed: 1 });
});
afterAll(() => service.stack.stop());

interface Told {
  state?: string;
  version?: string;
  checks: { name: string; state: string; seen?: string }[];
}
const ask = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await service.stack.request(path, { headers });
  return { status: answer.status, body: (await answer.json()) as Told };
};

describe("GET /api/health", () => {
  it("tells everybody how each thing is, and who may read what was seen and which version runs", async () => {
    const { status, body } = await ask("/api/health");
    expect([status, body.state]).toEqual([200, "healthy"]);
    expect(body.checks).toEqual(CHECKS.map((name) => ({ name, state: name === "sweeper" ? "unknown" : "passes" })));
    const { body: told } = await ask("/api/health", { "X-Goldsmith-Key": service.keys["Reader"] ?? "" });
    expect(told.checks.every(({ seen }) => seen !== undefined)).toBe(true);
    expect([told.version, body.version]).toEqual([manifest.version, undefined]);
    const { body: withoutRole } = await ask("/api/health", await service.person("builder"));
    expect(withoutRole.checks.some(({ seen }) => seen !== undefined)).toBe(false);
  });

  it("is asked of Azure no more often because many ask", async () => {
    await ask("/api/health");
    const before = (await service.stack.requests()).length;
    await Promise.all(Array.from({ length: 50 }, () => ask("/api/health")));
    for (const path of ["/api/health/live", "/api/health/ready"])
      expect(await ask(path)).toMatchObject({ status: 200 });
    // The findings count for ten seconds, and fifty requests may take longer on a slow machine.
    expect((await service.stack.requests()).length - before).toBeLessThanOrEqual(2);
  });
});
