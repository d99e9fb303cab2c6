import { vi } from "vitest";
import { registerNowhere } from "./registerNowhere.ts";

const named = (names: string[]) => (of: { name: string }) => void names.push(of.name);
const keyed = (names: string[]) => (of: object) => void names.push(...Object.keys(of));

/** The names under which the service registers what stands in histories. */
export async function registeredNames(): Promise<{
  orchestrators: string[];
  activities: string[];
  entities: string[];
}> {
  const orchestrators: string[] = [];
  const activities: string[] = [];
  const entities: string[] = [];
  vi.resetModules();
  vi.doMock("../../src/http/openDoors.ts", () => ({ openDoors: () => {} }));
  vi.doMock("../../src/durable/orchestrator.ts", async (actual) => ({
    ...(await actual<object>()),
    registerOrchestrator: named(orchestrators),
  }));
  vi.doMock("../../src/durable/entities.ts", async (actual) => ({
    ...(await actual<object>()),
    registerEntity: named(entities),
  }));
  vi.doMock("../../src/durable/activities.ts", async (actual) => ({
    ...(await actual<object>()),
    registerActivities: keyed(activities),
    registerEngineActivities: keyed(activities),
  }));
  await registerNowhere();
  for (const file of ["http/openDoors", "durable/orchestrator", "durable/entities", "durable/activities"]) {
    vi.doUnmock(`../../src/${file}.ts`);
  }
  return { orchestrators, activities, entities };
}
