import { defineConfig } from "vitest/config";

/** One project a kind of test; `npm test -- --project unit` runs one. Its set-ups have as much time as a test. */
const project = (name: string, testTimeout: number) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: testTimeout },
});

export default defineConfig({
  test: {
    // All cores: most tests wait for nothing but the processor.
    maxWorkers: "100%",
    projects: [
      project("unit", 30_000),
      project("replay", 30_000),
      project("simulation", 300_000),
      project("faults", 300_000),
      project("standin", 30_000),
      project("host", 60_000),
      project("hostConformance", 60_000),
      project("e2e", 180_000),
    ],
  },
});
