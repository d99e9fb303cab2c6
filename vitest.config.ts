import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

// Hundreds of processes load the same modules: Node keeps what it has compiled of them.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "node_modules", ".cache", "node");

/**
 * One project a kind of test; `npm test -- --project unit` runs one. Its set-ups have as much time as a test.
 *
 * Its files share processes: most of what a small file costs is to load what it tests. So a test leaves behind nothing that
 * the next one sees.
 */
const project = (name: string, testTimeout: number, more: object = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    isolate: false,
    ...more,
  },
});
/**
 * Tests of processes wait half of their time for a clock: more of them at once, and after the others, which only work. As a
 * number, since a percentage comes to a worker a core at the most.
 */
const WAITING = { maxWorkers: 2 * availableParallelism(), sequence: { groupOrder: 1 } };

export default defineConfig({
  test: {
    maxWorkers: availableParallelism(),
    projects: [
      project("unit", 30_000),
      project("infra", 60_000),
      project("replay", 30_000),
      project("standin", 30_000),
      project("simulation", 300_000),
      project("faults", 300_000),
      project("host", 60_000),
      // Its files name instances alike, and what a recording has of one is of a host that is new.
      project("hostConformance", 60_000, { isolate: true }),
      project("e2e", 180_000, WAITING),
    ],
  },
});
