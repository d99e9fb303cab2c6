import { vi } from "vitest";
import type { Door } from "../../src/http/door.ts";
import { registerNowhere } from "./registerNowhere.ts";

/** The doors that the service opens, all of them, as it hands them to the host. */
export async function serviceDoors(): Promise<readonly Door[]> {
  const opened: Door[] = [];
  // What is loaded already opens its doors elsewhere.
  vi.resetModules();
  vi.doMock("../../src/http/openDoors.ts", () => ({
    openDoors: (doors: readonly Door[]) => void opened.push(...doors),
  }));
  await registerNowhere();
  vi.doUnmock("../../src/http/openDoors.ts");
  return opened;
}
